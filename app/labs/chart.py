"""Draws a panel with axes: curves, points and bars, and a legend of their names."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPolygonF

from app.annotations.number_format import general
from app.labs.axes import UPRIGHT_GAP, Axes, axes_of, draw_axes, upright_room
from app.labs.ink import SMALL, Ink, texts_of
from app.labs.legend import (
    CURVE,
    DOT,
    FAINT,
    Series,
    draw_dot,
    draw_legend,
    legend_lines,
)
from sim.plate import Bars, Curve, Panel, Points

BAR_SHARE = 0.72  # of the room of a place that its bars take
WIDEST = 5.0  # a bar, in letters
MAX_VALUES = 16  # bars that have their number above
MAX_SAMPLES = 2000  # of a curve or of points that are drawn; the table has all
MAX_DOTS = 400  # with more points they are smaller
NEAR = 1.5  # how near to a sample the mouse must be, in letters
MAX_NAMES = 16  # of places, all written; of more, every few


def draw_chart(p: QPainter, panel: Panel, box: QRectF, ink: Ink) -> None:
    """Draw `panel` inside `box`, below its title."""
    series = [i for i in panel.items if isinstance(i, Series)]
    colours = _colours(series, ink)
    draw_legend(p, series, colours, box, ink)
    axes = _axes(panel, box, ink)
    bars = [i for i in series if isinstance(i, Bars)]
    draw_axes(p, axes, ink, numbered=not bars)
    if panel.y:
        at = (box.left() + 0.5 * ink.line, axes.box.center().y())
        text = ink.fitting(panel.y, axes.box.height(), SMALL)
        text = "" if ink.hall and text != panel.y else text
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


def _axes(panel: Panel, box: QRectF, ink: Ink) -> Axes:
    """Return the axes of `panel`, below the legend."""
    series = [i for i in panel.items if isinstance(i, Series)]
    below = QRectF(box)
    lines = legend_lines(series, box, ink)
    head = (1 + SMALL * (lines - 1)) * ink.line if lines else 0.0
    below.setTop(box.top() + head + 0.3 * ink.letter)
    return axes_of(panel, below, ink)


def point_text(panel: Panel, box: QRectF, ink: Ink, at: QPointF) -> str:
    """Return the nearest point, sample or bar at a place; nothing far from all."""
    axes = _axes(panel, box, ink)
    best, text = NEAR * ink.letter, ""
    for item in panel.items:
        if isinstance(item, Bars):
            k = round(axes.x_at(at.x()))
            if axes.box.contains(at) and 0 <= k < len(item.heights):
                name = item.labels[k] if item.labels else f"{k + 1}"
                said = f"{item.name}, {name}: {general(float(item.heights[k]))}"
                text = f"{text}\n{said}".strip()
        elif isinstance(item, Curve | Points):
            k, far = _nearest(item, axes, at)
            if far < best:
                best = far
                x, y = general(float(item.x[k])), general(float(item.y[k]))
                own = item.texts[k] if isinstance(item, Points) and item.texts else ""
                text = f"{own or item.name}: {x}, {y}"
    return text


def _nearest(item: Curve | Points, axes: Axes, at: QPointF) -> tuple[int, float]:
    """Return the sample that is drawn nearest to a place, and how far it is."""
    every = 1 + len(item.x) // MAX_SAMPLES
    places = [
        axes.at(float(x), float(y)) if np.isfinite(y) else QPointF(np.inf, np.inf)
        for x, y in zip(item.x[::every], item.y[::every], strict=True)
    ]
    far = [np.hypot(p.x() - at.x(), p.y() - at.y()) for p in places]
    k = int(np.argmin(far)) if far else 0
    return k * every, float(far[k]) if far else np.inf


def _draw_curve(p: QPainter, curve: Curve, axes: Axes, ink: Ink, colour: str) -> None:
    p.setPen(ink.pen(colour, FAINT if curve.faint else CURVE, dashed=curve.dashed))
    p.setBrush(Qt.BrushStyle.NoBrush)
    every = slice(None, None, 1 + len(curve.x) // MAX_SAMPLES)
    x, y = np.asarray(curve.x, float)[every], np.asarray(curve.y, float)[every]
    cuts = np.flatnonzero(np.diff(np.isfinite(y))) + 1
    for part in np.split(np.arange(len(y)), cuts):
        if len(part) and np.isfinite(y[part[0]]):
            pairs = zip(x[part].tolist(), y[part].tolist(), strict=True)
            p.drawPolyline(QPolygonF([axes.at(a, b) for a, b in pairs]))


def _draw_points(p: QPainter, dots: Points, axes: Axes, ink: Ink, colour: str) -> None:
    radius = DOT * ink.letter * (1 if len(dots.x) < MAX_DOTS else 0.5)
    taken: list[QRectF] = []
    every = 1 + len(dots.x) // MAX_SAMPLES
    for k in range(0, len(dots.x), every):
        x, y = float(dots.x[k]), float(dots.y[k])
        at = axes.at(x, y)
        draw_dot(p, at, radius, colour)
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
    keep = bool(named) and count <= MAX_NAMES and (not ink.hall or unit > ink.letter)
    every = 1 if keep else max(1, int(np.ceil(1.3 * widest / unit)))
    y = axes.box.bottom() + 0.75 * ink.letter
    if upright_room(bars, axes.box.width(), ink):
        for k, name in enumerate(names):
            at = (axes.at_x(k), axes.box.bottom() + UPRIGHT_GAP * ink.letter)
            ink.text(p, name, at, ink.theme.muted, size=SMALL, align=1.0, angle=-90)
        return
    for k, name in enumerate(names):
        if k % every == 0:
            short = ink.fitting(name, 0.96 * unit, SMALL) if keep else name
            at = (axes.at_x(k), y)
            ink.text(p, short, at, ink.theme.muted, size=SMALL, align=0.5)
