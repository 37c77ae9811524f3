"""Words beside beads: placed so that none overlaps, each keeping its spot."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontMetricsF

from app.stamps import weighted

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy.typing as npt
    from PySide6.QtGui import QFont

    Floats = npt.NDArray[np.floating[Any]]
    Ints = npt.NDArray[np.integer[Any]]

GAP = 4.0  # pixels between a bead and its word, and between two words
LEADING = 1.0  # pixels above and below a word
MOST = 60  # labels at once
ASKED = 110  # labels that are tried: those that come later would find no room
FADE = 1 / 6  # of opacity that a label gains or loses a frame
LOYAL = 0.5  # of rank that a label on show is favoured by
SPOTS = 8  # places around a bead where a word may stand


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
        """What is said of the others."""
        return f"  +{self.more}" if self.more else ""


@dataclass(frozen=True, slots=True)
class Placed:
    """A label, its box, the spot around the bead that this is, and the name's width."""

    label: Label
    box: QRectF
    spot: int
    name: float


class Labels:
    """Places labels, and remembers where: words stay where they are while they can."""

    def __init__(self) -> None:
        self._shown: dict[int, Placed] = {}
        self._alpha: dict[int, float] = {}

    def clear(self) -> None:
        """Forget all: the next labels are there at once."""
        self._shown, self._alpha = {}, {}

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
        first = not self._alpha
        room = _Room(bounds, keep_out)
        placed: dict[int, Placed] = {}
        key = font.toString()
        for label in sorted(wanted, key=self._order)[:ASKED]:
            if len(placed) < MOST and (found := self._place(label, key, radius, room)):
                placed[label.token] = found
        here = {label.token: label for label in wanted}
        for token, old in self._shown.items():
            if token not in placed:
                placed[token] = self._leaving(old, here.get(token, old.label))
        for token in {*placed, *self._alpha}:
            stays = token in placed and placed[token].spot >= 0
            now = self._alpha.get(token, 0.0) + (FADE if stays else -FADE)
            self._alpha[token] = 1.0 if first else min(max(now, 0.0), 1.0)
        self._alpha = {k: a for k, a in self._alpha.items() if a > 0 and k in placed}
        self._shown = {k: p for k, p in placed.items() if k in self._alpha}
        return [self._faded(p) for p in self._shown.values()]

    def _order(self, label: Label) -> float:
        return label.rank - LOYAL * (label.token in self._shown)

    def _place(
        self, label: Label, key: str, radius: float, room: _Room
    ) -> Placed | None:
        name, h = size_of(label.text, key, label.strong)
        w = name + size_of(label.suffix, key, False)[0]
        boxes = _spots(label.at, radius, w, h)
        old = self._shown.get(label.token)
        spot = room.take(boxes, old.spot if old is not None else 0)
        if spot is None:
            return None
        x, y = boxes[spot, :2].tolist()
        return Placed(label, QRectF(x, y, w, h), spot, name)

    def _leaving(self, old: Placed, label: Label) -> Placed:
        """Return where a label that lost its spot fades: beside its bead still."""
        move = np.subtract(label.at, old.label.at)
        return Placed(label, old.box.translated(*move.tolist()), -1, old.name)

    def _faded(self, placed: Placed) -> Placed:
        alpha = placed.label.alpha * self._alpha[placed.label.token]
        return replace(placed, label=replace(placed.label, alpha=alpha))


class _Room:
    """What is free of a picture."""

    def __init__(self, bounds: QRectF, keep_out: Iterable[QRectF]) -> None:
        self._low = np.array([bounds.left(), bounds.top()])
        self._high = np.array([bounds.right(), bounds.bottom()])
        self._taken = np.zeros((MOST + SPOTS + 64, 4))
        self._count = 0
        for r in keep_out:
            self._add(np.array([r.left(), r.top(), r.right(), r.bottom()]))

    def take(self, boxes: Floats, first: int) -> int | None:
        """Take and return the first spot that is free, `first` before all: (8, 4)."""
        low, high = boxes[:, :2], boxes[:, 2:]
        inside = ((low >= self._low) & (high <= self._high)).all(axis=1)
        t = self._taken[: self._count]
        over = (low[:, None] < t[:, 2:]) & (high[:, None] > t[:, :2])
        free: Any = inside & ~over.all(axis=-1).any(axis=-1)
        if not free.any():
            return None
        spot = first if free[first] else int(free.argmax())
        self._add(boxes[spot] + np.array([-GAP, -LEADING, GAP, LEADING]))
        return spot

    def _add(self, box: Floats) -> None:
        if self._count < len(self._taken):
            self._taken[self._count] = box
            self._count += 1


def _spots(at: tuple[float, float], radius: float, w: float, h: float) -> Floats:
    """Return the boxes around a bead, best first: left, top, right, bottom (8, 4)."""
    r = radius + GAP
    s = 0.72 * r
    x = [r, -r - w, s, s, -s - w, -s - w, -w / 2, -w / 2]
    up, down = -s - 0.8 * h, s - 0.2 * h
    y = [-h / 2, -h / 2, up, down, up, down, -r - h, r]
    low = np.array(at) + np.stack([x, y], -1)
    return np.concatenate([low, low + np.array([w, h])], axis=1)


@lru_cache(maxsize=4096)
def size_of(text: str, key: str, strong: bool) -> tuple[float, float]:
    """Return width and height of a text in the font that `key` describes."""
    metrics = QFontMetricsF(weighted(key, strong))
    return metrics.horizontalAdvance(text), metrics.height()
