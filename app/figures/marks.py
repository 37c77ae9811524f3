"""Markers of points, pieces of curves, and the entries of a legend."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from app.figures import rich_text
from app.figures.parts import Bars, Points
from app.figures.rich_text import PT
from app.figures.style import AXIS_PT, GAP_MM, MM, FigureStyle

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.figures.parts import Axis, Curve, Pair, Shape

RADIUS_PT = 2.4  # of a marker
MARKER_PT = 0.9  # width of its line
SAMPLE_MM = 5.0  # of a line in a legend
ENTRY_GAP_MM = 3.0  # between entries


def with_span(axis: Axis, span: Pair) -> Axis:
    """Return `axis` with another span."""
    return replace(axis, span=span)


def draw_marker(p: QPainter, shape: Shape, at: QPointF, colour: str) -> None:
    """Draw a ring, a diamond or a cross around `at`."""
    r, ink = RADIUS_PT * PT, QColor(colour)
    p.setPen(QPen(ink, MARKER_PT * PT))
    p.setBrush(Qt.BrushStyle.NoBrush)
    if shape == "ring":
        p.drawEllipse(at, r, r)
    elif shape == "cross":
        p.drawLine(at - QPointF(r, r), at + QPointF(r, r))
        p.drawLine(at - QPointF(r, -r), at + QPointF(r, -r))
    else:
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(ink)
        corners = [QPointF(0, -r), QPointF(r, 0), QPointF(0, r), QPointF(-r, 0)]
        p.drawPolygon(QPolygonF([at + c for c in corners]))


def draw_points(
    p: QPainter,
    points: Points,
    at_x: Callable[[float], float],
    at_y: Callable[[float], float],
    style: FigureStyle,
    bounds: QRectF,
) -> None:
    """Draw markers, and their texts as far as these do not overlap."""
    taken: list[QRectF] = []
    texts = points.texts or ("",) * len(points.x)
    rows = zip(points.x.tolist(), points.y.tolist(), texts, strict=True)
    for x, y, text in rows:
        at = QPointF(at_x(x), at_y(y))
        draw_marker(p, points.shape, at, points.colour)
        if not text:
            continue
        wide, gap = rich_text.width(text, style.small), 1.6 * RADIUS_PT * PT
        down = points.shape == "ring"
        middle = at.y() + (gap + style.line / 2) * (0.75 if down else -0.75)
        box = QRectF(at.x() + gap, middle - style.line / 2, wide, style.line)
        if box.right() > bounds.right():
            box.moveRight(at.x() - gap)
        if not any(box.intersects(other) for other in taken):
            taken.append(box)
            place = (box.left(), box.center().y())
            rich_text.draw(p, text, place, style.small, points.colour)


def entry_width(name: str, style: FigureStyle) -> float:
    """Return the width of an entry of the legend, with the gap after it."""
    text = rich_text.width(name, style.small)
    return text + (SAMPLE_MM + GAP_MM + ENTRY_GAP_MM) * MM


def draw_entry(
    p: QPainter, part: Curve | Points | Bars, x: float, y: float, style: FigureStyle
) -> None:
    """Draw a sample of a curve, points or bars from `x` on, and its name."""
    wide = SAMPLE_MM * MM
    if isinstance(part, Points):
        draw_marker(p, part.shape, QPointF(x + wide / 2, y), part.colour)
    elif isinstance(part, Bars):
        tall = 0.6 * style.small * PT
        ink = QColor(part.colour)
        p.setPen(QPen(ink, AXIS_PT * PT) if part.outlined else Qt.PenStyle.NoPen)
        p.setBrush(Qt.BrushStyle.NoBrush if part.outlined else ink)
        p.drawRect(QRectF(x + wide / 3, y - tall / 2, wide * 2 / 3, tall))
    else:
        line = QPen(QColor(part.colour), part.width * PT)
        line.setCapStyle(Qt.PenCapStyle.FlatCap)
        if part.dashed:
            line.setDashPattern([3.0, 2.0])
        p.setPen(line)
        p.drawLine(QPointF(x, y), QPointF(x + wide, y))
    at = (x + wide + GAP_MM * MM, y)
    rich_text.draw(p, part.name, at, style.small, style.theme.text)


def pieces(curve: Curve) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return the unbroken pieces of a curve, as steps if it has steps."""
    known = np.isfinite(curve.y)
    cuts = np.flatnonzero(np.diff(known)) + 1
    out: list[tuple[np.ndarray, np.ndarray]] = []
    for part in np.split(np.arange(len(known)), cuts):
        if len(part) and known[part[0]]:
            x, y = curve.x[part], curve.y[part]
            if curve.steps:
                x, y = np.repeat(x, 2)[1:], np.repeat(y, 2)[:-1]
            out.append((x, y))
    return out


def pen(colour: str, points: float, *, dashed: bool = False) -> QPen:
    """Return a pen of a width in points."""
    made = QPen(QColor(colour), points * PT)
    made.setCapStyle(Qt.PenCapStyle.FlatCap)
    made.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    if dashed:
        made.setDashPattern([3.0, 2.0])
    return made
