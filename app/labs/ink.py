"""What a plate is drawn with: colours, the size of letters, and texts of that size."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPen

from app.annotations.number_format import general, minus
from app.figures import rich_text
from app.theme.palette import PAPER, mix

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QPainter

    from app.theme.palette import Theme
    from sim.array_types import AnyArray

LINE = 1.35  # height of a line of text, in letters
SMALL = 0.88  # size of numbers, in letters
LEAST_ROOM = (15.0, 10.5)  # width and height of a panel, in letters
HALL_ROOM = (13.0, 8.5)  # the same where letters may not shrink
MASKED = "−∞"
HUNDRED, TEN, LARGE = 100.0, 10.0, 1e5  # from where numbers have fewer decimals
SERIES = 7  # colours of series; further ones reuse them


def texts_of(values: AnyArray) -> list[str]:
    """Return numbers as texts with the same decimals; whole ones have none."""
    flat = [float(v) for v in values.ravel()]
    known = [v for v in flat if math.isfinite(v)]
    top = max((abs(v) for v in known), default=0.0)
    places = 0 if top >= HUNDRED else 1 if top >= TEN else 2
    if all(v == round(v) for v in known):
        places = 0

    def text(v: float) -> str:
        if not math.isfinite(v):
            return MASKED if v < 0 else "∞" if v > 0 else "–"
        return general(v, 2) if top >= LARGE else minus(f"{v + 0.0:.{places}f}")

    return [text(v) for v in flat]


@dataclass(frozen=True, slots=True)
class Ink:
    """Colours, and the size of letters in units of the painter.

    In a `hall` no letter may be smaller than `SMALL`: what has no room is left out.
    """

    theme: Theme
    letter: float
    hall: bool = False

    @property
    def line(self) -> float:
        """Height of a line of text."""
        return LINE * self.letter

    @property
    def room(self) -> tuple[float, float]:
        """Least width and height of a panel, in letters."""
        return HALL_ROOM if self.hall else LEAST_ROOM

    def least(self, size: float) -> float:
        """Return the least size of a text that may shrink to `size` elsewhere."""
        return max(size, SMALL) if self.hall else size

    @property
    def faint(self) -> str:
        """The colour of what others stand out from."""
        return mix(self.theme.canvas, self.theme.muted, 0.55)

    def series(self, number: int) -> str:
        """Return the colour of a series, which count from 0."""
        return self.theme.clusters[number % SERIES]

    def pen(self, colour: str, letters: float, *, dashed: bool = False) -> QPen:
        """Return a pen whose width is given in letters."""
        made = QPen(QColor(colour), letters * self.letter)
        if dashed:
            made.setDashPattern([4.0, 2.5])
        return made

    def width(self, text: str, size: float = 1.0, *, strong: bool = False) -> float:
        """Return the width of `text`, `size` letters high."""
        return rich_text.width(text, self._points(size), strong=strong)

    def text(
        self,
        p: QPainter,
        text: str,
        at: tuple[float, float],
        colour: str = "",
        *,
        size: float = 1.0,
        align: float = 0.0,
        strong: bool = False,
        angle: float = 0.0,
    ) -> None:
        """Draw `text` with its middle line through `at`; see `rich_text.draw`."""
        rich_text.draw(
            p,
            text,
            at,
            self._points(size),
            colour or self.theme.text,
            align=align,
            strong=strong,
            angle=angle,
        )

    def fitting(self, text: str, room: float, size: float = 1.0) -> str:
        """Return `text`, its end left out if it is wider than `room`."""
        if self.width(text, size) <= room:
            return text
        while len(text) > 1 and self.width(f"{text}…", size) > room:
            text = text[:-1]
        return f"{text.rstrip()}…"

    def broken(self, text: str, room: float, size: float = 1.0) -> list[str]:
        """Return `text` in lines that are at most `room` wide, where words allow it."""
        return rich_text.broken(text, room, self._points(size))

    def _points(self, size: float) -> float:
        return size * self.letter / rich_text.PT


@dataclass(frozen=True, slots=True)
class PaperDrawing:
    """What is painted in a box, with the colours of paper."""

    paint_in: Callable[[QPainter, QRectF, Ink], None]

    def paint(
        self, p: QPainter, box: tuple[float, float, float, float], points: float
    ) -> None:
        """Fill `box`: left, top, width, height; letters are `points` high."""
        self.paint_in(p, QRectF(*box), Ink(PAPER, points * rich_text.PT))
