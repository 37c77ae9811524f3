"""The curves of lanes in a plot, in the colours of lanes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsPathItem

from app.annotations.lane_pen import lane_pen
from app.theme.palette import LANE_DASHES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from app.theme.palette import Theme
    from sim.array_types import Floats

LANE_WIDTH_PX = 1.8
THEORY_WIDTH_PX, THEORY_DASHES = 5.0, (1.2, 0.8)  # dashes and gaps, in widths
THEORY_OPACITY = 0.5

_pg: Any = pg


def curve_pen(theme: Theme, lane: int) -> QPen:
    """Return the pen of a lane's curve, as wide in every range of the axes."""
    out = lane_pen(theme, lane, LANE_WIDTH_PX)
    out.setCosmetic(True)
    return out


def theory_pen(theme: Theme, lane: int) -> QPen:
    """Return the pen of theory in a lane: wide pale dashes, on which its curve lies.

    Thin ones would not be seen where the curve is as predicted, and could be taken for
    the curve of a lane.
    """
    colour = QColor(theme.lanes[lane])
    colour.setAlphaF(THEORY_OPACITY)
    out = QPen(colour, THEORY_WIDTH_PX)
    out.setCapStyle(Qt.PenCapStyle.FlatCap)
    out.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    out.setDashPattern([*THEORY_DASHES])
    out.setCosmetic(True)
    return out


class LaneCurves:
    """Draws a curve for each of some lanes.

    Parameters
    ----------
    item : pyqtgraph.PlotItem
        The plot.
    pen : function
        Returns the pen of a lane under a theme.
    """

    def __init__(self, item: Any, pen: Callable[[Theme, int], QPen]) -> None:
        self._pen = pen
        self._items = [QGraphicsPathItem() for _ in LANE_DASHES]
        for part in self._items:
            item.addItem(part, ignoreBounds=True)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        for lane, part in enumerate(self._items):
            part.setPen(self._pen(theme, lane))

    def draw(self, curves: Mapping[int, tuple[Floats, Floats]]) -> None:
        """Draw curves by lane: t (k,), y (k,) on the axis of values; NaN breaks one."""
        for lane, part in enumerate(self._items):
            path = QPainterPath()
            if lane in curves:
                path = _pg.arrayToQPath(*curves[lane], connect="finite")
            part.setPath(path)
