"""The curve of one lane, in its colour and with its dashes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPen

from app.export.curve_plot import LINE_PX, CurvePlot
from app.theme.palette import LANE_DASHES

if TYPE_CHECKING:
    from PySide6.QtCore import QRectF
    from PySide6.QtGui import QPainter

    from app.export.curve_axis import CurveAxis
    from app.export.narrative import FilmMark
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


class LaneCurve(CurvePlot):
    """A curve among others: without a ground below it, broken at its own changes."""

    def __init__(
        self,
        box: QRectF,
        axis: CurveAxis,
        span: tuple[float, float],
        marks: list[FilmMark],
        theme: Theme,
        ratio: float,
        lane: int,
    ) -> None:
        super().__init__(box, axis, span, marks, theme, ratio)
        self._lane, self._ink = lane, theme.lanes[lane]
        self._drawn = 0.0  # widths of the line that are in the image

    def _stroke(self, painter: QPainter) -> None:
        """Paint the part of the curve that is not in the image."""
        pen = lane_pen(self._theme, self._lane, LINE_PX, offset=self._drawn)
        painter.strokePath(self._part, pen)

    def _keep(self) -> None:
        length = self._part.length() / LINE_PX
        super()._keep()
        self._drawn += length

    def _break(self, mark: FilmMark, value: float) -> None:
        """End the curve at a change, and begin it again there."""
        x, before = self._x(mark.t), self._at
        if before is not None:
            self._part.lineTo(QPointF(x, before.y()))
        self._keep()
        self._at = None
