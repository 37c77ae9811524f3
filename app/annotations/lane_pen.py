"""The line of a lane: its colour, and dashes for eyes that see two colours alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPen

from app.theme.palette import LANE_DASHES

if TYPE_CHECKING:
    from app.theme.palette import Theme


def lane_pen(theme: Theme, lane: int, width: float, *, offset: float = 0.0) -> QPen:
    """Return the pen of a lane, counted from 0; `offset` is where its dashes begin."""
    pen = QPen(QColor(theme.lanes[lane]), width)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    dashes = LANE_DASHES[lane]
    if not dashes:
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        return pen
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    pen.setDashPattern(list(dashes))
    pen.setDashOffset(offset)
    return pen
