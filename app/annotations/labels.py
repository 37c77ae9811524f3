"""Labels beside beads, placed without overlap and stable over time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontMetricsF

from app.annotations.label_positions import candidate_boxes, clear, inside
from app.annotations.text_cache import font_from_key

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtGui import QFont

GAP_PX = 4.0  # between a bead and its label, and between two labels
LEADING_PX = 1.0  # above and below a label
MAX_LABELS = 60  # labels at once
MAX_TRIED = 110  # candidates: those of higher rank rarely find space
FADE_PER_FRAME = 1 / 6  # of opacity that a label gains or loses a frame
KEEP_BONUS = 0.5  # of rank, for a label that is visible already


@dataclass(frozen=True, slots=True)
class Label:
    """A label to place.

    Attributes
    ----------
    token : int
        The token that it names, and its key over time.
    text : str
        The text.
    others : int
        Further tokens of the cluster that it names.
    at : tuple of float
        Where the token is, in pixels.
    rank : float
        Labels of lower rank are placed first.
    alpha : float
        Opacity.
    strong : bool
        Whether it names a cluster or a chosen token.
    """

    token: int
    text: str
    at: tuple[float, float]
    rank: float
    others: int = 0
    alpha: float = 1.0
    strong: bool = False

    @property
    def suffix(self) -> str:
        """The text for the other tokens of the cluster."""
        return f"  +{self.others}" if self.others else ""


@dataclass(frozen=True, slots=True)
class PlacedLabel:
    """A label with its position.

    Attributes
    ----------
    label : Label
        The text.
    box : QRectF
        Its rectangle.
    position : int
        Which of the eight around the bead; -1 if it has none and fades out.
    name : float
        Width of the text without its suffix.
    alpha : float
        Opacity now.
    """

    label: Label
    box: QRectF
    position: int
    name: float
    alpha: float


class Labels:
    """Places labels; each keeps its position while it is free."""

    def __init__(self) -> None:
        self._shown: dict[int, PlacedLabel] = {}
        self._ages: dict[int, float] = {}

    def clear(self) -> None:
        """Remove all labels; the next appear without fading in."""
        self._shown, self._ages = {}, {}

    @property
    def tokens(self) -> list[int]:
        """Tokens that are labelled now."""
        return list(self._shown)

    def arrange(
        self,
        wanted: list[Label],
        font: QFont,
        radius: float,
        bounds: QRectF,
        keep_out: Iterable[QRectF] = (),
    ) -> list[PlacedLabel]:
        """Return the labels to paint now, those that fade out included.

        Parameters
        ----------
        wanted : list of Label
            At most one a token; lower ranks are placed first.
        font : QFont
            Their font.
        radius : float
            Of a bead, in pixels.
        bounds, keep_out : QRectF
            Where they may be, and where not.
        """
        first, here = not self._ages, {label.token: label for label in wanted}
        asked = sorted(wanted, key=self._order)[:MAX_TRIED]
        found = self._place(asked, font.toString(), radius, bounds, keep_out)
        ages: dict[int, float] = {}
        for token in {**found, **self._shown}:
            change = FADE_PER_FRAME if token in found else -FADE_PER_FRAME
            age = min(self._ages.get(token, 0.0) + change, 1.0)
            if age > 0:
                ages[token] = 1.0 if first else age
        shown: dict[int, PlacedLabel] = {}
        for token, age in ages.items():
            label = here.get(token)
            place = found.get(token) or _fading_out(self._shown[token], label)
            label, box, position = place.label, place.box, place.position
            alpha = age * label.alpha
            shown[token] = PlacedLabel(label, box, position, place.name, alpha)
        self._shown, self._ages = shown, ages
        return list(shown.values())

    def _order(self, label: Label) -> float:
        return label.rank - KEEP_BONUS * (label.token in self._shown)

    def _place(
        self,
        asked: list[Label],
        key: str,
        radius: float,
        bounds: QRectF,
        keep_out: Iterable[QRectF],
    ) -> dict[int, PlacedLabel]:
        """Return the labels that find space, at their old positions if free."""
        sizes = [text_size(a.text, key, a.strong) for a in asked]
        name = np.array(sizes).reshape(-1, 2)
        rest = np.array([text_size(a.suffix, key, False)[0] for a in asked])
        at = np.array([a.at for a in asked]).reshape(-1, 2)
        boxes = candidate_boxes(at, radius + GAP_PX, name[:, 0] + rest, name[:, 1])
        free = inside(boxes, bounds)
        for r in keep_out:
            free &= clear(boxes, (r.left(), r.top(), r.right(), r.bottom()))
        found: dict[int, PlacedLabel] = {}
        for k, label in enumerate(asked):
            if len(found) == MAX_LABELS:
                break
            free_positions = free[k].tolist()
            if not any(free_positions):
                continue
            old = self._shown.get(label.token)
            position = free_positions.index(True)
            if old is not None and old.position >= 0 and free_positions[old.position]:
                position = old.position
            left, top, right, bottom = boxes[:, k, position].tolist()
            padded = (
                left - GAP_PX,
                top - LEADING_PX,
                right + GAP_PX,
                bottom + LEADING_PX,
            )
            free[k + 1 :] &= clear(boxes[:, k + 1 :], padded)
            place = QRectF(left, top, right - left, bottom - top)
            found[label.token] = PlacedLabel(
                label, place, position, float(name[k, 0]), 1.0
            )
        return found


def _fading_out(old: PlacedLabel, label: Label | None) -> PlacedLabel:
    """Return a label without space, to fade out; it moves with its bead, if any."""
    if label is None:
        return replace(old, position=-1)
    move = np.subtract(label.at, old.label.at)
    return replace(
        old, label=label, box=old.box.translated(*move.tolist()), position=-1
    )


@lru_cache(maxsize=4096)
def text_size(text: str, key: str, strong: bool) -> tuple[float, float]:
    """Return width and height of a text in the font that `key` describes."""
    metrics = QFontMetricsF(font_from_key(key, strong))
    return metrics.horizontalAdvance(text), metrics.height()
