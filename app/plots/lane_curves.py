"""The curves of other lanes in a plot: thin, in the colours and dashes of lanes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyqtgraph as pg
from PySide6.QtGui import QPainterPath
from PySide6.QtWidgets import QGraphicsPathItem

from app.annotations.lane_pen import lane_pen
from app.theme.palette import LANE_DASHES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtGui import QPen

    from app.theme.palette import Theme
    from sim.array_types import Floats

LANE_WIDTH_PX = 1.8

_pg: Any = pg


def curve_pen(theme: Theme, lane: int) -> QPen:
    """Return the pen of a lane's curve, as wide in every range of the axes."""
    out = lane_pen(theme, lane, LANE_WIDTH_PX)
    out.setCosmetic(True)
    return out


class LaneCurves:
    """Draws a curve for each lane but the one that a plot is of.

    Parameters
    ----------
    item : pyqtgraph.PlotItem
        The plot.
    """

    def __init__(self, item: Any) -> None:
        self._items = [QGraphicsPathItem() for _ in LANE_DASHES]
        for part in self._items:
            item.addItem(part, ignoreBounds=True)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        for lane, part in enumerate(self._items):
            part.setPen(curve_pen(theme, lane))

    def draw(self, curves: Mapping[int, tuple[Floats, Floats]]) -> None:
        """Draw curves by lane: t (k,), y (k,) on the axis of values; NaN breaks one."""
        for lane, part in enumerate(self._items):
            path = QPainterPath()
            if lane in curves:
                path = _pg.arrayToQPath(*curves[lane], connect="finite")
            part.setPath(path)
