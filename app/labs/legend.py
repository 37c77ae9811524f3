"""The legend of a panel: names beside samples of curves, points and bars."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor

from app.labs.ink import SMALL, Ink
from sim.plate import Bars, Curve, Points

if TYPE_CHECKING:
    from PySide6.QtCore import QRectF
    from PySide6.QtGui import QPainter

Series = Curve | Points | Bars

CURVE, FAINT = 0.17, 0.1  # widths of lines, in letters
DOT = 0.26  # radius of a point, in letters
SAMPLE = 1.2  # of a line in the legend, in letters


def _entries(
    series: list[Series], box: QRectF, ink: Ink
) -> list[tuple[int, float, int]]:
    """Return the series in the legend: number, left end and line; none of one alone."""
    if len(series) == 1:
        return []
    out, x, line = [], box.left(), 0
    for number, item in enumerate(series):
        if isinstance(item, Curve) and item.faint:
            continue
        wide = (SAMPLE + 0.4) * ink.letter + ink.width(item.name, SMALL)
        if x > box.left() and x + wide > box.right():
            x, line = box.left(), line + 1
        out.append((number, x, line))
        x += wide + ink.letter
    return out


def legend_lines(series: list[Series], box: QRectF, ink: Ink) -> int:
    """Return how many lines the legend has."""
    return max((line + 1 for _, _, line in _entries(series, box, ink)), default=0)


def draw_legend(
    p: QPainter, series: list[Series], colours: list[str], box: QRectF, ink: Ink
) -> None:
    """Draw names beside samples where there are several."""
    for number, x, line in _entries(series, box, ink):
        item, colour = series[number], colours[number]
        y = box.top() + ink.line / 2 + line * ink.line * SMALL
        end = x + SAMPLE * ink.letter
        if isinstance(item, Curve):
            p.setPen(ink.pen(colour, CURVE, dashed=item.dashed))
            p.drawLine(QPointF(x, y), QPointF(end, y))
        else:
            draw_dot(p, QPointF((x + end) / 2, y), DOT * ink.letter, colour)
        ink.text(p, item.name, (end + 0.4 * ink.letter, y), size=SMALL)


def draw_dot(p: QPainter, at: QPointF, radius: float, colour: str) -> None:
    """Draw a point."""
    p.setPen(Qt.PenStyle.NoPen)
    p.setBrush(QColor(colour))
    p.drawEllipse(at, radius, radius)
