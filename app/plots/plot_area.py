"""The drawn part of a plot: a curve over a shaded area, on axes of a given range.

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
from app.plots.lane_curves import LaneCurves, curve_pen, theory_pen
from app.plots.marker_labels import MarkerLabels
from app.widgets import axis_scale
from app.widgets.clock_axis import ClockAxis
from sim.clocks.steady import Steady

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtGui import QFont
    from PySide6.QtWidgets import QWidget

    from app.document.scenario_diff import ChangeMarker
    from app.theme.palette import Theme
    from sim.array_types import Floats

MIN_AXIS_WIDTH_PX, AXIS_HEIGHT_PX = 52, 22  # numbers on the left, and below
GAP_PX, TICK_OFFSET_PX = 4, 6  # the latter between a number and its line
MIN_HEIGHT_PX = 24
DOT_RADIUS_PX = 4.0
CURVE_WIDTH_PX = 1.6
DASHES = (4.0, 3.0)  # of a partner's curve, in line widths: drawn and left out
FILL_OPACITY = ((0.0, 0.34), (1.0, 0.02))  # below the curve, from top to bottom
MARKER_OPACITY = 0.6

_pg: Any = pg


def _pen(colour: str, width: float, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
    out = QPen(QColor(colour), width, style)
    out.setCosmetic(True)
    return out


class PlotArea:
    """Axes, curve, markers and the present moment of one plot."""

    def __init__(self, parent: QWidget) -> None:
        self.widget: Any = _pg.PlotWidget(parent)
        self.widget.setMinimumHeight(MIN_HEIGHT_PX)
        self.widget.setFrameShape(self.widget.Shape.NoFrame)
        self.widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.widget.setAntialiasing(True)
        no_mouse = Qt.WidgetAttribute.WA_TransparentForMouseEvents
        self.widget.setAttribute(no_mouse)
        self.widget.viewport().setAttribute(no_mouse)
        self._item: Any = self.widget.getPlotItem()
        self._item.hideButtons()
        self._item.setMenuEnabled(False)
        self._item.setMouseEnabled(False, False)
        self._item.disableAutoRange()
        self._item.getAxis("left").setWidth(MIN_AXIS_WIDTH_PX)
        self._lines, self._markers = QGraphicsPathItem(), QGraphicsPathItem()
        self._fill, self._curve = QGraphicsPathItem(), QGraphicsPathItem()
        self._present, self._partner = QGraphicsPathItem(), QGraphicsPathItem()
        r = DOT_RADIUS_PX
        self._dot = QGraphicsEllipseItem(-r, -r, 2 * r, 2 * r)
        self._dot.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIgnoresTransformations)
        below = (self._lines, self._fill, self._markers, self._present)
        for part in below:
            self._item.addItem(part, ignoreBounds=True)
        self.theories = LaneCurves(self._item, theory_pen)
        for part in (self._curve, self._partner, self._dot):
            self._item.addItem(part, ignoreBounds=True)
        self.lanes = LaneCurves(self._item, curve_pen)
        self._labels = MarkerLabels(self._item)
        self._span, self._kind = (0.0, 1.0), (False, 0.0)
        self._axis = ClockAxis(Steady(), 1.0)
        self._logarithmic = False
        self._metrics, self._height = QFontMetricsF(self.widget.font()), 0.0
        self.needed_axis_width = self.axis_width = float(MIN_AXIS_WIDTH_PX)
        """Pixels that the numbers on the left need."""
        self._colour, self._axis_height, self._times = "#000000", AXIS_HEIGHT_PX, False
        self._item.getAxis("left").setTicks([[]])
        self.show_times(False)

    def set_theme(self, theme: Theme, colour: str, lane: int | None = None) -> None:
        """Take the colours of `theme`, and `colour` for the curve, or a lane's."""
        self._colour = colour = colour if lane is None else theme.lanes[lane]
        self.lanes.set_theme(theme)
        self.theories.set_theme(theme)
        self.widget.setBackground(theme.panel)
        for side in ("left", "bottom"):
            axis = self._item.getAxis(side)
            axis.setPen(_pen(theme.line, 1) if side == "bottom" else _pg.mkPen(None))
            axis.setTextPen(_pg.mkPen(theme.muted))
            axis.setStyle(tickLength=0, tickTextOffset=TICK_OFFSET_PX)
        self._labels.set_colour(theme.accent)
        self._lines.setPen(_pen(theme.line, 1))
        self._markers.setPen(_pen(theme.accent, 1))
        self._markers.setOpacity(MARKER_OPACITY)
        self._present.setPen(_pen(theme.muted, 1, Qt.PenStyle.DotLine))
        self._fill.setPen(QPen(Qt.PenStyle.NoPen))
        own = _pen(colour, CURVE_WIDTH_PX)
        self._curve.setPen(own if lane is None else curve_pen(theme, lane))
        dashed = _pen(theme.text, CURVE_WIDTH_PX)
        dashed.setDashPattern([*DASHES])
        self._partner.setPen(dashed)
        self._dot.setBrush(QColor(colour))
        self._dot.setPen(_pen(theme.panel, 1.5))

    def set_font(self, font: QFont) -> None:
        """Set the font of numbers and labels."""
        for side in ("left", "bottom"):
            self._item.getAxis(side).setTickFont(font)
        self._metrics = QFontMetricsF(font)
        self._axis_height = round(self._metrics.height()) + GAP_PX
        self._height = 0.0  # so that the grid is drawn again
        self.show_times(self._times)
        self._labels.set_font(font)

    @property
    def line_height(self) -> float:
        """Height of a line of text, in pixels."""
        return self._metrics.height()

    def show_times(self, shown: bool) -> None:
        """Show or hide the times below the curve."""
        self._times = shown
        axis = self._item.getAxis("bottom")
        axis.setStyle(showValues=shown)
        axis.setHeight(self._axis_height if shown else GAP_PX)

    def set_range(
        self,
        times: ClockAxis,
        span: tuple[float, float],
        kind: tuple[bool, float],
        *,
        logarithmic: bool = False,
    ) -> None:
        """Show the axis of `times`, and the values in `span`.

        `kind` is whether they are whole numbers, and below what they are rounding.
        On a logarithmic axis values are powers of ten.
        """
        height = float(self._item.getViewBox().height())
        now = (times, span, kind, height, logarithmic)
        axes = (self._axis, self._span, self._kind, self._height, self._logarithmic)
        if now != axes:
            self._axis, self._span, self._kind = times, span, kind
            self._height, self._logarithmic = height, logarithmic
            self._item.setRange(xRange=(0.0, times.length), yRange=span, padding=0)
            self._draw_grid()

    def _draw_grid(self) -> None:
        """Draw lines at round numbers, and label as many as there is room for."""
        lines = self._height / self._metrics.height()
        values, texts = self._ticks(lines)
        self._item.getAxis("left").setTicks([list(zip(values, texts, strict=True))])
        width = max(map(self._metrics.horizontalAdvance, (*texts, "0.0000")))
        needed = math.ceil(width) + TICK_OFFSET_PX + GAP_PX
        self.needed_axis_width = max(MIN_AXIS_WIDTH_PX, needed)
        place = self._axis.clock.coordinate
        times = [(place(t), text) for t, text in self._axis.ticks()]
        self._item.getAxis("bottom").setTicks([times])
        path = QPainterPath()
        for v in values:
            path.moveTo(0, v)
            path.lineTo(self._axis.length, v)
        self._lines.setPath(path)

    def _ticks(self, lines: float) -> tuple[list[float], list[str]]:
        """Return places on the axis of values, and what is written there."""
        if self._logarithmic:
            powers = axis_scale.decade_ticks(*self._span, lines)
            return powers, [number_format.general(10**power, 3) for power in powers]
        whole, finest = self._kind
        values = axis_scale.axis_ticks(*self._span, lines, whole)
        values = [v for v in values if not 0 < abs(v) < finest]
        return values, number_format.tick_labels(values)

    def set_axis_width(self, width: float) -> None:
        """Leave so many pixels for the numbers on the left."""
        self.axis_width = width
        axis = self._item.getAxis("left")
        if axis.width() != width:
            axis.setWidth(width)

    def draw_curve(self, t: Floats, y: Floats, *, filled: bool = True) -> None:
        """Draw the curve, and shade the area below: t (k,), y (k,); NaN breaks it."""
        floor, t = self._span[0], self._axis.places(t)
        self._fill.setVisible(filled)
        self._curve.setPath(_pg.arrayToQPath(t, y, connect="finite"))
        pieces = closed_pieces(t, y, floor)
        self._fill.setPath(_pg.arrayToQPath(*pieces, connect="finite"))
        self._fill.setBrush(self._fill_brush(float(np.fmax.reduce(y, initial=floor))))

    def draw_partner(self, t: Floats, y: Floats) -> None:
        """Draw the dashed curve to compare with: t (k,), y (k,)."""
        places = self._axis.places(t)
        self._partner.setPath(_pg.arrayToQPath(places, y, connect="finite"))

    def draw_others(self, curves: Mapping[int, tuple[Floats, Floats]]) -> None:
        """Draw the curves of other lanes: t (k,), y (k,) by lane."""
        self.lanes.draw(self._placed(curves))

    def draw_theories(self, curves: Mapping[int, tuple[Floats, Floats]]) -> None:
        """Draw what theory predicts of lanes: t (k,), y (k,) by lane."""
        self.theories.draw(self._placed(curves))

    def _placed(
        self, curves: Mapping[int, tuple[Floats, Floats]]
    ) -> dict[int, tuple[Floats, Floats]]:
        return {lane: (self._axis.places(t), y) for lane, (t, y) in curves.items()}

    def draw_present(self, t: float, y: float) -> None:
        """Mark the present time `t`, and put the dot on the value `y` if it is one."""
        self._present.setPath(self._vertical_lines((t,)))
        shown = abs(y) < axis_scale.MAX_DRAWN
        self._dot.setVisible(shown)
        if shown:
            self._dot.setPos(QPointF(self._axis.clock.coordinate(t), y))

    def draw_markers(self, times: tuple[float, ...]) -> None:
        """Draw thin vertical lines at `times`."""
        self._markers.setPath(self._vertical_lines(times))

    def draw_labels(self, markers: list[ChangeMarker]) -> None:
        """Label the markers that have a text, as far as there is room."""
        width = self._item.getViewBox().width()
        self._labels.show(markers, self._axis, self._span[1], width)

    def _vertical_lines(self, times: tuple[float, ...]) -> QPainterPath:
        path = QPainterPath()
        for x in map(self._axis.clock.coordinate, times):
            path.moveTo(x, self._span[0])
            path.lineTo(x, self._span[1])
        return path

    def _fill_brush(self, high: float) -> QBrush:
        gradient = QLinearGradient(0, high, 0, self._span[0])
        for stop, alpha in FILL_OPACITY:
            colour = QColor(self._colour)
            colour.setAlphaF(alpha)
            gradient.setColorAt(stop, colour)
        return QBrush(gradient)


def closed_pieces(t: Floats, y: Floats, floor: float) -> tuple[Floats, Floats]:
    """Return each unbroken piece, with corners at `floor` below both of its ends.

    t, y: (k,), NaN in y breaks the curve.  Returns (m,), (m,) with m ≥ k.
    """
    if not len(t):
        return t, y
    gaps = np.flatnonzero(np.isnan(y))
    firsts, ends = np.append(0, gaps + 1), np.append(gaps, len(t))
    keep = firsts < ends
    firsts, ends = firsts[keep], ends[keep]
    where = np.stack([firsts, ends], -1).reshape(-1)
    corners = np.stack([t[firsts], t[ends - 1]], -1).reshape(-1)
    return np.insert(t, where, corners), np.insert(y, where, floor)
