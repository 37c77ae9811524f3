"""The axes of a panel: spans that hold its items, ticks, labels, places on screen."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF

from app.figures.parts import Axis
from app.figures.ticks import ticks
from app.labs.ink import SMALL, Ink
from sim.plate import Bars, Curve, Panel, Points

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from sim.array_types import AnyArray

PADDING = 0.06  # of the span of y, above and below
POINT_PADDING = 0.05  # of the span of x, where points have texts or are all there is
TICK = 0.3  # length of a tick, in letters
SPACING = (5.0, 2.6)  # between ticks along x and along y, in letters
NUMBER = 1.35  # room for a number beyond a bar, in letters
LEAST_SHARE = 0.3  # of the height that bars keep in a very low panel
LONG_NAME = 0.96  # of the room of a bar, for its name
UPRIGHT_GAP = 0.4  # between the axis and names that stand upright, in letters
LEAST_SPAN = 1e-9  # of the values: what is closer counts as constant


@dataclass(frozen=True, slots=True)
class Axes:
    """Two axes around a rectangle."""

    box: QRectF
    x: Axis
    y: Axis

    def at(self, x: float, y: float) -> QPointF:
        """Return the place of a point."""
        return QPointF(self.at_x(x), self.at_y(y))

    def at_x(self, x: float) -> float:
        """Return the place of a value on the x axis."""
        low, high = self.x.span
        if self.x.log:
            low, high, x = math.log(low), math.log(high), math.log(x)
        return self.box.left() + (x - low) / (high - low) * self.box.width()

    def x_at(self, place: float) -> float:
        """Return the value on a linear x axis that is at a place."""
        low, high = self.x.span
        return low + (place - self.box.left()) / self.box.width() * (high - low)

    def at_y(self, y: float) -> float:
        """Return the place of a value on the y axis."""
        low, high = self.y.span
        return self.box.bottom() - (y - low) / (high - low) * self.box.height()


def axes_of(panel: Panel, box: QRectF, ink: Ink) -> Axes:
    """Return the axes of `panel` inside `box`, with room for numbers and labels."""
    x, y = _spans(panel)
    foot = ink.line * SMALL * (1 + bool(panel.x)) + TICK * ink.letter
    room = QRectF(box)
    room.setBottom(box.bottom() - foot)
    texts = [t for _, t in ticks(y, count(room.height(), ink, 1))]
    left = max((ink.width(t, SMALL) for t in texts), default=0.0)
    left += (2 * TICK + 0.2) * ink.letter + bool(panel.y) * ink.line
    room.setLeft(box.left() + left)
    bars = [item for item in panel.items if isinstance(item, Bars)]
    if more := upright_room(bars, room.width(), ink):
        room.setBottom(room.bottom() - more + ink.line * SMALL)
    room.setRight(box.right() - 0.9 * ink.letter)
    if any(isinstance(item, Bars) for item in panel.items):
        y = _with_numbers(y, NUMBER * ink.letter / room.height())
    if panel.equal:
        x, y = _equal(x, y, room)
    return Axes(room, x, y)


def upright_room(bars: list[Bars], width: float, ink: Ink) -> float:
    """Return the height of names that stand upright as they are too long; else 0."""
    names = next((b.labels for b in bars if b.labels), ())
    widest = max((ink.width(name, SMALL) for name in names), default=0.0)
    room = width / max(len(names), 1)
    if not ink.hall or widest <= LONG_NAME * room or room < SMALL * ink.letter:
        return 0.0
    return widest + UPRIGHT_GAP * ink.letter


def count(length: float, ink: Ink, along: int) -> int:
    """Return how many ticks an axis may have, along x (0) or y (1)."""
    return max(2, int(length / (SPACING[along] * ink.letter)))


def draw_axes(p: QPainter, axes: Axes, ink: Ink, *, numbered: bool = True) -> None:
    """Draw both axes with ticks; the x axis with numbers unless it has names."""
    box, muted, tick = axes.box, ink.theme.muted, TICK * ink.letter
    for value, text in ticks(axes.y, count(box.height(), ink, 1)):
        y = axes.at_y(value)
        p.setPen(ink.pen(ink.theme.line, 0.06))
        p.drawLine(QPointF(box.left(), y), QPointF(box.right(), y))
        at = (box.left() - 1.5 * tick, y)
        ink.text(p, text, at, muted, size=SMALL, align=1.0)
    p.setPen(ink.pen(muted, 0.08))
    p.drawLine(box.bottomLeft(), box.bottomRight())
    if axes.y.span[0] < 0 < axes.y.span[1]:
        p.drawLine(axes.at(axes.x.span[0], 0), axes.at(axes.x.span[1], 0))
    below = box.bottom() + tick + 0.5 * ink.line * SMALL
    for value, text in ticks(axes.x, count(box.width(), ink, 0)) if numbered else []:
        x = axes.at_x(value)
        p.setPen(ink.pen(muted, 0.08))
        p.drawLine(QPointF(x, box.bottom()), QPointF(x, box.bottom() + tick))
        ink.text(p, text, (x, below), muted, size=SMALL, align=0.5)
    at = (box.center().x(), below + ink.line * SMALL)
    ink.text(p, axes.x.label, at, muted, size=SMALL, align=0.5)


def _spans(panel: Panel) -> tuple[Axis, Axis]:
    """Return the axes that hold all items: bars from 0, on whole places."""
    xs: list[AnyArray] = []
    ys: list[AnyArray] = []
    bare = True
    for item in panel.items:
        if isinstance(item, Curve | Points):
            xs.append(np.asarray(item.x, float))
            ys.append(np.asarray(item.y, float))
            bare = bare and isinstance(item, Points)
        elif isinstance(item, Bars):
            xs.append(np.array([-0.5, len(item.heights) - 0.5]))
            ys += [np.zeros(1), np.asarray(item.heights, float)]
            bare = False
    low, high = _ends(xs)
    if bare and not panel.log_x:
        more = POINT_PADDING * (high - low)
        low, high = low - more, high + more
    bottom, top = _ends(ys)
    more = PADDING * (top - bottom)
    bars = any(isinstance(item, Bars) for item in panel.items)
    padded = (bottom, top) if bars else (bottom - more, top + more)
    x = Axis(panel.x, (low, high), log=panel.log_x, whole=bars)
    return x, Axis(panel.y, padded)


def _ends(parts: list[AnyArray]) -> tuple[float, float]:
    values = np.concatenate([np.zeros(0), *parts])
    values = values[np.isfinite(values)]
    if not len(values):
        return 0.0, 1.0
    low, high = float(values.min()), float(values.max())
    if high - low <= LEAST_SPAN * max(abs(low), abs(high)):
        wide = 0.5 * abs(high) or 0.5
        return low - wide, high + wide
    return low, high


def _with_numbers(y: Axis, share: float) -> Axis:
    """Widen the span so that numbers fit beyond the ends of bars.

    `share` is what a number needs of the height of the axes.
    """
    low, high = y.span
    ends = (low < 0) + (high > 0)
    more = (high - low) * share / max(1.0 - ends * share, LEAST_SHARE)
    return replace(y, span=(low - more * (low < 0), high + more * (high > 0)))


def _equal(x: Axis, y: Axis, box: QRectF) -> tuple[Axis, Axis]:
    """Widen one span so that a unit is as long on both axes."""
    unit = max(
        (x.span[1] - x.span[0]) / box.width(), (y.span[1] - y.span[0]) / box.height()
    )
    sides = ((x, box.width()), (y, box.height()))
    out = []
    for axis, length in sides:
        middle, half = sum(axis.span) / 2, unit * length / 2
        out.append(replace(axis, span=(middle - half, middle + half)))
    return out[0], out[1]
