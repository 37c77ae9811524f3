"""Draws a panel with axes: curves, points and bars, and a legend of their names."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPolygonF

from app.labs.axes import Axes, axes_of, draw_axes
from app.labs.ink import SMALL, Ink, texts_of
from sim.plate import Bars, Curve, Panel, Points

Series = Curve | Points | Bars

CURVE, FAINT = 0.17, 0.1  # widths of lines, in letters
DOT = 0.26  # radius of a point, in letters
BAR_SHARE = 0.72  # of the room of a place that its bars take
WIDEST = 5.0  # a bar, in letters
MAX_VALUES = 16  # bars that have their number above
MAX_DOTS = 400  # with more points they are smaller
MAX_NAMES = 16  # of places, all written; of more, every few
SAMPLE = 1.2  # of a line in the legend, in letters


def draw_chart(p: QPainter, panel: Panel, box: QRectF, ink: Ink) -> None:
    """Draw `panel` inside `box`, below its title."""
    series = [i for i in panel.items if isinstance(i, Series)]
    colours = _colours(series, ink)
    box = QRectF(box)
    box.setTop(_draw_legend(p, series, colours, box, ink) + 0.3 * ink.letter)
    axes = axes_of(panel, box, ink)
    bars = [i for i in series if isinstance(i, Bars)]
    draw_axes(p, axes, ink, numbered=not bars)
    if panel.y:
        at = (box.left() + 0.5 * ink.line, axes.box.center().y())
        text = ink.fitting(panel.y, axes.box.height(), SMALL)
        ink.text(p, text, at, ink.theme.muted, size=SMALL, align=0.5, angle=-90)
    _draw_names(p, bars, axes, ink)
    for item, colour in zip(series, colours, strict=True):
        if isinstance(item, Curve):
            _draw_curve(p, item, axes, ink, colour)
        elif isinstance(item, Points):
            _draw_points(p, item, axes, ink, colour)
        else:
            place = bars.index(item), len(bars)
            _draw_bars(p, item, place, axes, ink, colour)


def _colours(series: list[Series], ink: Ink) -> list[str]:
    out, number = [], 0
    for item in series:
        faint = isinstance(item, Curve) and item.faint
        out.append(ink.faint if faint else ink.series(number))
        number += not faint
    return out


def _draw_legend(
    p: QPainter, series: list[Series], colours: list[str], box: QRectF, ink: Ink
) -> float:
    """Draw names beside samples where there are several; return where they end."""
    pairs = [
        (item, colour)
        for item, colour in zip(series, colours, strict=True)
        if not (isinstance(item, Curve) and item.faint)
    ]
    if len(series) == 1 or not pairs:
        return box.top()
    x, y = box.left(), box.top() + ink.line / 2
    for item, colour in pairs:
        wide = (SAMPLE + 0.4) * ink.letter + ink.width(item.name, SMALL)
        if x > box.left() and x + wide > box.right():
            x, y = box.left(), y + ink.line * SMALL
        end = x + SAMPLE * ink.letter
        if isinstance(item, Curve):
            p.setPen(ink.pen(colour, CURVE, dashed=item.dashed))
            p.drawLine(QPointF(x, y), QPointF(end, y))
        else:
            _dot(p, QPointF((x + end) / 2, y), DOT * ink.letter, colour)
        ink.text(p, item.name, (end + 0.4 * ink.letter, y), size=SMALL)
        x += wide + ink.letter
    return y + ink.line / 2


def _draw_curve(p: QPainter, curve: Curve, axes: Axes, ink: Ink, colour: str) -> None:
    p.setPen(ink.pen(colour, FAINT if curve.faint else CURVE, dashed=curve.dashed))
    p.setBrush(Qt.BrushStyle.NoBrush)
    x, y = np.asarray(curve.x, float), np.asarray(curve.y, float)
    cuts = np.flatnonzero(np.diff(np.isfinite(y))) + 1
    for part in np.split(np.arange(len(y)), cuts):
        if len(part) and np.isfinite(y[part[0]]):
            pairs = zip(x[part].tolist(), y[part].tolist(), strict=True)
            p.drawPolyline(QPolygonF([axes.at(a, b) for a, b in pairs]))


def _draw_points(p: QPainter, dots: Points, axes: Axes, ink: Ink, colour: str) -> None:
    radius = DOT * ink.letter * (1 if len(dots.x) < MAX_DOTS else 0.5)
    taken: list[QRectF] = []
    pairs = zip(np.asarray(dots.x).tolist(), np.asarray(dots.y).tolist(), strict=True)
    for k, (x, y) in enumerate(pairs):
        at = axes.at(x, y)
        _dot(p, at, radius, colour)
        if not dots.texts or not dots.texts[k]:
            continue
        wide, tall = ink.width(dots.texts[k], SMALL), ink.line * SMALL
        left = at.x() + 1.8 * radius
        if left + wide > axes.box.right():
            left = at.x() - 1.8 * radius - wide
        room = QRectF(left, at.y() - tall / 2, wide, tall)
        if not any(room.intersects(other) for other in taken):
            taken.append(room)
            ink.text(p, dots.texts[k], (left, at.y()), size=SMALL)


def _dot(p: QPainter, at: QPointF, radius: float, colour: str) -> None:
    p.setPen(Qt.PenStyle.NoPen)
    p.setBrush(QColor(colour))
    p.drawEllipse(at, radius, radius)


def _draw_bars(
    p: QPainter,
    bars: Bars,
    place: tuple[int, int],
    axes: Axes,
    ink: Ink,
    colour: str,
) -> None:
    """Draw bars from 0; the `place` among several says which part of the room."""
    number, many = place
    wide = BAR_SHARE / many
    foot = axes.at_y(min(max(0.0, axes.y.span[0]), axes.y.span[1]))
    heights = np.asarray(bars.heights, float)
    texts = texts_of(heights)
    unit = axes.at_x(1) - axes.at_x(0)
    room = unit * (1.0 if many == 1 else wide)
    thick = min(wide * unit, WIDEST * ink.letter)
    fits = max((ink.width(t, SMALL) for t in texts), default=0) < 0.98 * room
    for k, height in enumerate(heights.tolist()):
        if not np.isfinite(height):
            continue
        middle = axes.at_x(k - BAR_SHARE / 2 + (number + 0.5) * wide)
        top = axes.at_y(height)
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(QColor(colour))
        left, tall = middle - thick / 2, abs(foot - top)
        p.drawRect(QRectF(left, min(top, foot), thick, tall))
        if fits and len(texts) <= MAX_VALUES:
            y = top + ink.letter * (0.62 if height < 0 else -0.62)
            ink.text(p, texts[k], (middle, y), size=SMALL, align=0.5)


def _draw_names(p: QPainter, bars: list[Bars], axes: Axes, ink: Ink) -> None:
    """Write the names of places below the axis, or numbers that count from 1."""
    if not bars:
        return
    count = max(len(b.heights) for b in bars)
    named = next((b.labels for b in bars if b.labels), ())
    names = named or tuple(str(k + 1) for k in range(count))
    unit = axes.at_x(1) - axes.at_x(0)
    widest = max(ink.width(name, SMALL) for name in names)
    keep = bool(named) and count <= MAX_NAMES
    every = 1 if keep else max(1, int(np.ceil(1.3 * widest / unit)))
    y = axes.box.bottom() + 0.75 * ink.letter
    for k, name in enumerate(names):
        if k % every == 0:
            short = ink.fitting(name, 0.96 * unit, SMALL) if keep else name
            at = (axes.at_x(k), y)
            ink.text(p, short, at, ink.theme.muted, size=SMALL, align=0.5)
