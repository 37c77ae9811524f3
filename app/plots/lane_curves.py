"""The curves of other lanes in a plot: thin, in the colours and dashes of lanes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsPathItem

from app.theme.palette import LANE_DASHES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.theme.palette import Theme
    from sim.array_types import Floats

LANE_WIDTH_PX = 1.8

_pg: Any = pg


def lane_pen(theme: Theme, lane: int) -> QPen:
    """Return the pen of a lane's curve."""
    out = QPen(QColor(theme.lanes[lane]), LANE_WIDTH_PX)
    out.setCosmetic(True)
    out.setCapStyle(Qt.PenCapStyle.FlatCap)
    if dashes := LANE_DASHES[lane]:
        out.setDashPattern([*dashes])
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
            part.setPen(lane_pen(theme, lane))

    def draw(self, curves: Mapping[int, tuple[Floats, Floats]]) -> None:
        """Draw curves by lane: t (k,), y (k,) on the axis of values; NaN breaks one."""
        for lane, part in enumerate(self._items):
            path = QPainterPath()
            if lane in curves:
                path = _pg.arrayToQPath(*curves[lane], connect="finite")
            part.setPath(path)
