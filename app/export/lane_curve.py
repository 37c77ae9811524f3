"""The curve of one lane, in its colour and with its dashes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF

from app.annotations.lane_pen import lane_pen
from app.export.curve_plot import LINE_PX, CurvePlot

if TYPE_CHECKING:
    from PySide6.QtCore import QRectF
    from PySide6.QtGui import QPainter

    from app.export.curve_axis import CurveAxis
    from app.export.narrative import FilmMark
    from app.theme.palette import Theme


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
