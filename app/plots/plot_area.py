"""The drawn part of a plot: a curve with light below it, on a range that it is given.

Items are few and plain, because pyqtgraph's own would measure their bounds and paint
every plot twice an update.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFontMetricsF,
    QLinearGradient,
    QPainterPath,
    QPen,
)
from PySide6.QtWidgets import QGraphicsEllipseItem, QGraphicsItem, QGraphicsPathItem

from app.annotations import number_format
from app.plots.marker_labels import Words
from app.widgets import axis_scale

if TYPE_CHECKING:
    from PySide6.QtGui import QFont
    from PySide6.QtWidgets import QWidget

    from app.plots.scenario_diff import Mark
    from app.theme.palette import Theme
    from sim.array_types import Floats

AXIS, FOOT = 52, 22  # pixels for the numbers on the left and below, at least
GAP, BESIDE = 4, 6  # pixels; between a number and its line
LEAST_HEIGHT = 24
DOT = 4.0  # radius, pixels
STROKE = 1.6  # pixels
DASHES = (4.0, 3.0)  # of a partner's curve, in strokes: drawn and left out
WASH = ((0.0, 0.34), (1.0, 0.02))  # opacity below the curve, from top to bottom
MARKS = 0.6  # opacity
QUARTERS = 4  # of the time axis: its inner borders are labelled

_pg: Any = pg


def _pen(colour: str, width: float, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
    out = QPen(QColor(colour), width, style)
    out.setCosmetic(True)
    return out


class Pane:
    """Axes, curve, present and marks of one plot."""

    def __init__(self, parent: QWidget) -> None:
        self.widget: Any = _pg.PlotWidget(parent)
        self.widget.setMinimumHeight(LEAST_HEIGHT)
        self.widget.setFrameShape(self.widget.Shape.NoFrame)
        self.widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.widget.setAntialiasing(True)
        deaf = Qt.WidgetAttribute.WA_TransparentForMouseEvents
        self.widget.setAttribute(deaf)
        self.widget.viewport().setAttribute(deaf)
        self._item: Any = self.widget.getPlotItem()
        self._item.hideButtons()
        self._item.setMenuEnabled(False)
        self._item.setMouseEnabled(False, False)
        self._item.disableAutoRange()
        self._item.getAxis("left").setWidth(AXIS)
        self._lines, self._marks = QGraphicsPathItem(), QGraphicsPathItem()
        self._wash, self._curve = QGraphicsPathItem(), QGraphicsPathItem()
        self._present, self._partner = QGraphicsPathItem(), QGraphicsPathItem()
        self._dot = QGraphicsEllipseItem(-DOT, -DOT, 2 * DOT, 2 * DOT)
        self._dot.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIgnoresTransformations)
        below = (self._lines, self._wash, self._marks, self._present)
        for part in (*below, self._curve, self._partner, self._dot):
            self._item.addItem(part, ignoreBounds=True)
        self._words = Words(self._item)
        self._span, self._end, self._kind = (0.0, 1.0), 1.0, (False, 0.0)
        self._letters, self._tall = QFontMetricsF(self.widget.font()), 0.0
        self.wanted = float(AXIS)
        """Pixels that the numbers on the left need."""
        self._colour, self._foot, self._times = "#000000", FOOT, False
        self._item.getAxis("left").setTicks([[]])
        self.show_times(False)

    def set_theme(self, theme: Theme, colour: str) -> None:
        """Take the colours of `theme`, and `colour` for the curve."""
        self._colour = colour
        self.widget.setBackground(theme.panel)
        for side in ("left", "bottom"):
            axis = self._item.getAxis(side)
            axis.setPen(_pen(theme.line, 1) if side == "bottom" else _pg.mkPen(None))
            axis.setTextPen(_pg.mkPen(theme.muted))
            axis.setStyle(tickLength=0, tickTextOffset=BESIDE)
        self._words.set_colour(theme.accent)
        self._lines.setPen(_pen(theme.line, 1))
        self._marks.setPen(_pen(theme.accent, 1))
        self._marks.setOpacity(MARKS)
        self._present.setPen(_pen(theme.muted, 1, Qt.PenStyle.DotLine))
        self._wash.setPen(QPen(Qt.PenStyle.NoPen))
        self._curve.setPen(_pen(colour, STROKE))
        dashed = _pen(theme.text, STROKE)
        dashed.setDashPattern([*DASHES])
        self._partner.setPen(dashed)
        self._dot.setBrush(QColor(colour))
        self._dot.setPen(_pen(theme.panel, 1.5))

    def letter(self, font: QFont) -> None:
        """Write numbers and words in `font`."""
        for side in ("left", "bottom"):
            self._item.getAxis(side).setTickFont(font)
        self._letters = QFontMetricsF(font)
        self._foot = round(self._letters.height()) + GAP
        self._tall = 0.0  # rule anew
        self.show_times(self._times)
        self._words.letter(font)

    @property
    def line(self) -> float:
        """Height of a line of its letters, in pixels."""
        return self._letters.height()

    def show_times(self, shown: bool) -> None:
        """Say whether times stand below the curve."""
        self._times = shown
        axis = self._item.getAxis("bottom")
        axis.setStyle(showValues=shown)
        axis.setHeight(self._foot if shown else GAP)

    def fit(
        self, end: float, span: tuple[float, float], kind: tuple[bool, float]
    ) -> None:
        """Show times from 0 to `end`, and the values in `span`.

        `kind` says whether they are whole, and below which size they are rounding.
        """
        tall = float(self._item.getViewBox().height())
        seen = (self._end, self._span, self._kind, self._tall)
        if (end, span, kind, tall) != seen:
            self._end, self._span, self._kind, self._tall = end, span, kind, tall
            self._item.setRange(xRange=(0.0, end), yRange=span, padding=0)
            self._rule()

    def _rule(self) -> None:
        """Draw the lines of round numbers, and write them as far as there is room."""
        lines = self._tall / self._letters.height()
        whole, finest = self._kind
        values = axis_scale.axis_ticks(*self._span, lines, whole)
        values = [v for v in values if not 0 < abs(v) < finest]
        texts = number_format.tick_labels(values)
        self._item.getAxis("left").setTicks([list(zip(values, texts, strict=True))])
        wide = max(map(self._letters.horizontalAdvance, (*texts, "0.0000")))
        self.wanted = max(AXIS, math.ceil(wide) + BESIDE + GAP)
        times = [self._end * k / QUARTERS for k in range(1, QUARTERS)]
        self._item.getAxis("bottom").setTicks([[(v, f"{v:g}") for v in times]])
        path = QPainterPath()
        for v in values:
            path.moveTo(0, v)
            path.lineTo(self._end, v)
        self._lines.setPath(path)

    def widen(self, wide: float) -> None:
        """Leave so many pixels for the numbers on the left."""
        axis = self._item.getAxis("left")
        if axis.width() != wide:
            axis.setWidth(wide)

    def curve(self, t: Floats, y: Floats, *, washed: bool = True) -> None:
        """Draw the curve, with light below it or not; NaN breaks it: (k,), (k,)."""
        floor = self._span[0]
        self._wash.setVisible(washed)
        self._curve.setPath(_pg.arrayToQPath(t, y, connect="finite"))
        self._wash.setPath(_pg.arrayToQPath(*closed(t, y, floor), connect="finite"))
        self._wash.setBrush(self._shade(float(np.fmax.reduce(y, initial=floor))))

    def partner(self, t: Floats, y: Floats) -> None:
        """Draw the curve to compare with: (k,), (k,)."""
        self._partner.setPath(_pg.arrayToQPath(t, y, connect="finite"))

    def now(self, t: float, y: float) -> None:
        """Put the present at time `t`, and the dot on the value `y` if it is one."""
        self._present.setPath(self._posts((t,)))
        shown = abs(y) < axis_scale.MAX_DRAWN
        self._dot.setVisible(shown)
        if shown:
            self._dot.setPos(QPointF(t, y))

    def marks(self, times: tuple[float, ...]) -> None:
        """Mark `times` with thin lines."""
        self._marks.setPath(self._posts(times))

    def words(self, marks: list[Mark]) -> None:
        """Write beside the marks that have a word, as far as there is room."""
        wide = self._item.getViewBox().width()
        self._words.show(marks, self._end, self._span[1], wide)

    def _posts(self, times: tuple[float, ...]) -> QPainterPath:
        path = QPainterPath()
        for t in times:
            path.moveTo(t, self._span[0])
            path.lineTo(t, self._span[1])
        return path

    def _shade(self, high: float) -> QBrush:
        shade = QLinearGradient(0, high, 0, self._span[0])
        for stop, alpha in WASH:
            wash = QColor(self._colour)
            wash.setAlphaF(alpha)
            shade.setColorAt(stop, wash)
        return QBrush(shade)


def closed(t: Floats, y: Floats, floor: float) -> tuple[Floats, Floats]:
    """Return each unbroken piece with corners on the floor below both of its ends."""
    if not len(t):
        return t, y
    gaps = np.flatnonzero(np.isnan(y))
    firsts, ends = np.append(0, gaps + 1), np.append(gaps, len(t))
    keep = firsts < ends
    firsts, ends = firsts[keep], ends[keep]
    where = np.stack([firsts, ends], -1).reshape(-1)
    corners = np.stack([t[firsts], t[ends - 1]], -1).reshape(-1)
    return np.insert(t, where, corners), np.insert(y, where, floor)
