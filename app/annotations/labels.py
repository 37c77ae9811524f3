"""Words beside beads: placed so that none overlaps, each keeping its spot."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontMetricsF

from app.annotations.label_positions import around, clear, inside
from app.annotations.text_cache import weighted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtGui import QFont

GAP_PX = 4.0  # pixels between a bead and its word, and between two words
LEADING_PX = 1.0  # pixels above and below a word
MAX_LABELS = 60  # labels at once
MAX_TRIED = 110  # labels that are tried: those that come later would find no room
FADE_PER_FRAME = 1 / 6  # of opacity that a label gains or loses a frame
KEEP_BONUS = 0.5  # of rank that a label on show is favoured by


@dataclass(frozen=True, slots=True)
class Label:
    """A word to place.

    Attributes
    ----------
    token : int
        Whom it names; what it is remembered by.
    text : str
        What it says.
    more : int
        Tokens that it speaks for besides.
    at : tuple of float
        Where the token is, in pixels.
    rank : float
        The small are placed first.
    alpha : float
        Opacity.
    strong : bool
        Whether it names a cluster or a chosen token.
    """

    token: int
    text: str
    at: tuple[float, float]
    rank: float
    more: int = 0
    alpha: float = 1.0
    strong: bool = False

    @property
    def suffix(self) -> str:
        """The text for the other tokens of the cluster."""
        return f"  +{self.more}" if self.more else ""


@dataclass(frozen=True, slots=True)
class Placed:
    """A label that has its place.

    Attributes
    ----------
    label : Label
        What it says.
    box : QRectF
        What it takes.
    spot : int
        Which of the places around the bead this is; -1 if it was lost, to fade out.
    name : float
        Width of the text without its suffix.
    alpha : float
        Opacity now.
    """

    label: Label
    box: QRectF
    spot: int
    name: float
    alpha: float


class Labels:
    """Places labels, and remembers where: words stay where they are while they can."""

    def __init__(self) -> None:
        self._shown: dict[int, Placed] = {}
        self._ages: dict[int, float] = {}

    def clear(self) -> None:
        """Forget all: the next labels are there at once."""
        self._shown, self._ages = {}, {}

    @property
    def tokens(self) -> list[int]:
        """Tokens that are named now."""
        return list(self._shown)

    def arrange(
        self,
        wanted: list[Label],
        font: QFont,
        radius: float,
        bounds: QRectF,
        keep_out: Iterable[QRectF] = (),
    ) -> list[Placed]:
        """Return the labels to paint now, those that fade out included.

        Parameters
        ----------
        wanted : list of Label
            At most one a token; those with a small rank are placed first.
        font : QFont
            That they are painted in.
        radius : float
            Of a bead, in pixels.
        bounds, keep_out : QRectF
            Where they may and may not be.
        """
        first, here = not self._ages, {label.token: label for label in wanted}
        asked = sorted(wanted, key=self._order)[:MAX_TRIED]
        found = self._stood(asked, font.toString(), radius, bounds, keep_out)
        ages: dict[int, float] = {}
        for token in {**found, **self._shown}:
            change = FADE_PER_FRAME if token in found else -FADE_PER_FRAME
            age = min(self._ages.get(token, 0.0) + change, 1.0)
            if age > 0:
                ages[token] = 1.0 if first else age
        shown: dict[int, Placed] = {}
        for token, age in ages.items():
            label = here.get(token)
            place = found.get(token) or _lost(self._shown[token], label)
            shown[token] = replace(place, alpha=age * place.label.alpha)
        self._shown, self._ages = shown, ages
        return list(shown.values())

    def _order(self, label: Label) -> float:
        return label.rank - KEEP_BONUS * (label.token in self._shown)

    def _stood(
        self,
        asked: list[Label],
        key: str,
        radius: float,
        bounds: QRectF,
        keep_out: Iterable[QRectF],
    ) -> dict[int, Placed]:
        """Return the labels that find room, each on its old spot if that is free."""
        name = np.array([size_of(a.text, key, a.strong) for a in asked]).reshape(-1, 2)
        rest = np.array([size_of(a.suffix, key, False)[0] for a in asked])
        at = np.array([a.at for a in asked]).reshape(-1, 2)
        boxes = around(at, radius + GAP_PX, name[:, 0] + rest, name[:, 1])
        free = inside(boxes, bounds)
        for r in keep_out:
            free &= clear(boxes, (r.left(), r.top(), r.right(), r.bottom()))
        found: dict[int, Placed] = {}
        for k, label in enumerate(asked):
            if len(found) == MAX_LABELS:
                break
            spots = free[k].tolist()
            if not any(spots):
                continue
            old = self._shown.get(label.token)
            stays = old is not None and old.spot >= 0 and spots[old.spot]
            spot = old.spot if old is not None and stays else spots.index(True)
            left, top, right, bottom = boxes[:, k, spot].tolist()
            padded = (
                left - GAP_PX,
                top - LEADING_PX,
                right + GAP_PX,
                bottom + LEADING_PX,
            )
            free &= clear(boxes, padded)
            place = QRectF(left, top, right - left, bottom - top)
            found[label.token] = Placed(label, place, spot, float(name[k, 0]), 1.0)
        return found


def _lost(old: Placed, label: Label | None) -> Placed:
    """Return a label that finds no room: beside its bead, where it still has one."""
    if label is None:
        return replace(old, spot=-1)
    move = np.subtract(label.at, old.label.at)
    return replace(old, label=label, box=old.box.translated(*move.tolist()), spot=-1)


@lru_cache(maxsize=4096)
def size_of(text: str, key: str, strong: bool) -> tuple[float, float]:
    """Return width and height of a text in the font that `key` describes."""
    metrics = QFontMetricsF(weighted(key, strong))
    return metrics.horizontalAdvance(text), metrics.height()
