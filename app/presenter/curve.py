"""The large curve of a presentation: one quantity against time, of every lane."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from app.annotations.lane_pen import lane_pen
from app.annotations.number_format import tick_labels
from app.export.curve_axis import round_ticks, ticks_around
from app.export.lettering import width, write
from app.plots.thinning import thinned_to_limit
from app.presenter.lettering import BODY, legible, line_width
from app.widgets import axis_scale
from app.widgets.clock_axis import ClockAxis

if TYPE_CHECKING:
    from app.presenter.facts import PresentationFacts
    from app.theme.palette import Theme
    from sim.array_types import Floats

MIN_TIME = 0.5  # of the axis
TICK_GAP = 0.5  # units between numbers and the plot
FILL_OPACITY = 0.16
MIN_TICK_GAP = 1.6  # units between numbers of an axis


class PresentationCurve:
    """Paints the curve of a moment into a box; `u` is the unit in pixels."""

    def __init__(
        self, box: QRectF, facts: PresentationFacts, theme: Theme, u: float
    ) -> None:
        self._facts, self._theme, self._u = facts, theme, u
        values = np.concatenate([[facts.value], *(y for _, _, y in facts.curves)])
        known = values[np.abs(values) < axis_scale.MAX_DRAWN]
        ticks = ticks_around(known.tolist())
        self._low, self._high = ticks[0], ticks[-1]
        if (self._high - self._low) < 1e-6 * abs(self._high):
            self._low, self._high = self._low - 0.5, self._high + 0.5
        self._times = ClockAxis.holding(facts.clock, facts.end, MIN_TIME)
        self._px = BODY * u
        labels = tick_labels(list(ticks))
        left = max(width(text, self._px) for text in labels) + TICK_GAP * u
        self._box = box.adjusted(left, 0.6 * u, 0, -1.7 * u)
        room = self._box.height() / max(len(ticks) - 1, 1)
        every = max(1, math.ceil(MIN_TICK_GAP * u / max(room, 1.0)))
        self._ticks = list(zip(ticks, labels, strict=True))[::every]

    def paint(self, painter: QPainter) -> None:
        """Paint axes, marks and curves."""
        self._axes(painter)
        self._marks(painter)
        for lane, t, y in sorted(
            self._facts.curves, key=lambda c: c[0] == self._facts.place
        ):
            self._curve(painter, lane, t, y)
        if math.isfinite(self._facts.value):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self._colour(self._facts.place)))
            here = self._point(self._facts.t, self._facts.value)
            painter.drawEllipse(here, 0.32 * self._u, 0.32 * self._u)
            painter.setBrush(Qt.BrushStyle.NoBrush)

    def _colour(self, lane: int) -> str:
        several = len(self._facts.curves) > 1
        colour = self._theme.lanes[lane] if several else self._theme.accent
        return legible(colour, self._theme.canvas)

    def _axes(self, painter: QPainter) -> None:
        theme, u, box = self._theme, self._u, self._box
        ink = legible(theme.muted, theme.canvas)
        for value, text in self._ticks:
            y = self._point(0.0, value).y()
            painter.setPen(QPen(QColor(theme.line), line_width(u) * 0.75))
            painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y))
            at = QPointF(box.left() - TICK_GAP * u, y + 0.36 * self._px)
            write(painter, at, text, self._px, ink, right=True)
        base, name = box.bottom() + 0.4 * u + self._px, "time t"
        stop = box.right() - width(name, self._px) - 0.5 * u
        write(painter, QPointF(box.right(), base), name, self._px, ink, right=True)
        last = -math.inf
        for t, text in self._time_ticks():
            half = width(text, self._px) / 2
            x = self._point(t, self._low).x()
            if last + 0.5 * u <= x - half and x + half < stop:
                write(painter, QPointF(x - half, base), text, self._px, ink)
                last = x + half

    def _time_ticks(self) -> list[tuple[float, str]]:
        if not self._times.even:
            return self._times.ticks()
        ticks = round_ticks(0.0, self._times.end, inside=True)
        return list(zip(ticks, tick_labels(list(ticks)), strict=True))

    def _marks(self, painter: QPainter) -> None:
        pen = QPen(QColor(self._theme.text), line_width(self._u))
        pen.setDashPattern([2, 2])
        painter.setPen(pen)
        for t in self._facts.marks:
            x = self._point(t, self._low).x()
            painter.drawLine(
                QPointF(x, self._box.top()), QPointF(x, self._box.bottom())
            )

    def _curve(self, painter: QPainter, lane: int, t: Floats, y: Floats) -> None:
        colour = QColor(self._colour(lane))
        several = len(self._facts.curves) > 1
        pen = lane_pen(self._theme, lane if several else 0, line_width(self._u))
        pen.setColor(colour)
        for part in self._parts(t, y):
            if len(self._facts.curves) == 1:
                area = QPainterPath(part)
                area.lineTo(part.currentPosition().x(), self._box.bottom())
                area.lineTo(part.elementAt(0).x, self._box.bottom())
                fill = QColor(colour)
                fill.setAlphaF(FILL_OPACITY)
                painter.fillPath(area, fill)
            painter.strokePath(part, pen)

    def _parts(self, t: Floats, y: Floats) -> list[QPainterPath]:
        """Return the pieces of a curve between its breaks; a count goes in steps."""
        t, y = thinned_to_limit(t, y)
        if self._facts.whole and len(t):
            t, y = np.repeat(t, 2)[1:], np.repeat(y, 2)[:-1]
        out: list[QPainterPath] = []
        open_part = False
        for when, value in zip(t.tolist(), y.tolist(), strict=True):
            if not math.isfinite(value) or abs(value) >= axis_scale.MAX_DRAWN:
                open_part = False
                continue
            at = self._point(when, value)
            if open_part:
                out[-1].lineTo(at)
            else:
                out.append(QPainterPath(at))
                open_part = True
        return out

    def _point(self, t: float, value: float) -> QPointF:
        box = self._box
        share = (value - self._low) / (self._high - self._low)
        x = box.left() + min(self._times.share(t), 1.0) * box.width()
        return QPointF(x, box.bottom() - min(max(share, 0.0), 1.0) * box.height())
