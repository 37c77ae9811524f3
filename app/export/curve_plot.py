"""A curve that grows while a film plays; what has been drawn is kept as an image.

A frame costs the same, however long the curve is.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen

from app.annotations.number_format import fixed, tick_labels
from app.export.curve_axis import round_ticks
from app.export.lettering import width, write
from app.export.picture_buffer import ImagePainter
from app.widgets.clock_axis import ClockAxis

if TYPE_CHECKING:
    from app.export.curve_axis import CurveAxis
    from app.export.narrative import FilmMark
    from app.theme.palette import Theme

# Pixels of the design.
HEADING_PX, VALUE_PX, TICK_PX, MARK_PX = 20.0, 22.0, 16.0, 16.0
HEADING_HEIGHT = 40.0
AXIS_HEIGHT = 50.0  # below the plot: ticks and the name of the axis
LINE_PX, DOT_PX = 3.0, 6.0
CHUNK_PX = 24.0  # of the curve, kept as an image at once
BORDER_PX = 8.0  # around the plot, for the ends of lines
DECIMALS = 4
MIN_TICK_LINES = 1.3  # heights of their letters between ticks
TICK_GAP = 8.0  # between texts of ticks, at least
FILL_OPACITY = 0.16
GRID_OPACITY = 0.9
LABEL_GAP = 8.0
NAME_HEIGHT = 32.0  # of a mark's text, with air


class CurvePlot:
    """Heading, axes, and the curve up to the present.

    Parameters
    ----------
    box : QRectF
        Where it is, axes included.
    axis : CurveAxis
        What is plotted.
    span : (float, float)
        The times of the first and the last frame.
    marks : list of Mark
        The changes, at which the curve breaks.
    ratio : float
        Pixels of the picture for one of the design.
    """

    def __init__(
        self,
        box: QRectF,
        axis: CurveAxis,
        span: tuple[float, float],
        marks: list[FilmMark],
        theme: Theme,
        ratio: float,
    ) -> None:
        self._box, self._axis, self._span, self._marks = box, axis, span, marks
        self._theme, self._next_mark, self._value = theme, 0, math.nan
        self._ink = theme.accent
        self._labels = tick_labels(list(axis.ticks))
        left = max(width(text, TICK_PX) for text in self._labels) + 12
        self._plot = box.adjusted(left, HEADING_HEIGHT, 0, -AXIS_HEIGHT)
        self._part = QPainterPath()  # what is not yet in the image
        self._at: QPointF | None = None
        self._text_end = -math.inf  # where the last mark's text ends
        outer = self._plot.adjusted(-BORDER_PX, -BORDER_PX, BORDER_PX, BORDER_PX)
        # at whole pixels, so that the image and what is painted beside it have no seam
        corner = (int(k * ratio) / ratio for k in outer.topLeft().toTuple())
        outer.setTopLeft(QPointF(*corner))
        self._outer = outer
        self._image = QImage(
            math.ceil(outer.width() * ratio),
            math.ceil(outer.height() * ratio),
            QImage.Format.Format_ARGB32_Premultiplied,
        )
        self._image.setDevicePixelRatio(ratio)
        self._image.fill(0)

    def paint_axes(self, painter: QPainter) -> None:
        """Paint what does not change: name, lines and numbers of the axes."""
        theme, plot, box = self._theme, self._plot, self._box
        at = QPointF(box.left(), box.top() + HEADING_PX)
        write(painter, at, self._axis.name, HEADING_PX, theme.text, strong=True)
        grid = QColor(theme.line)
        grid.setAlphaF(GRID_OPACITY)
        ticks = list(zip(self._axis.ticks, self._labels, strict=True))
        if plot.height() < MIN_TICK_LINES * TICK_PX * (len(ticks) - 1):
            ticks = [ticks[0], ticks[-1]]
        if plot.height() < MIN_TICK_LINES * TICK_PX:
            del ticks[-1]
        for value, text in ticks:
            y = self._y(value)
            painter.setPen(QPen(grid, 1.0))
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
            place = QPointF(plot.left() - 10, y + 0.36 * TICK_PX)
            write(painter, place, text, TICK_PX, theme.muted, right=True)
        self._paint_times(painter)

    def _paint_times(self, painter: QPainter) -> None:
        theme, plot = self._theme, self._plot
        base = plot.bottom() + 8 + TICK_PX
        name = "time t"
        start, end = self._span
        ticks = round_ticks(start, end, inside=True) if end > start else (start,)
        labelled = list(zip(ticks, tick_labels(list(ticks)), strict=True))
        times = ClockAxis(self._axis.clock, end)
        if not times.even and end > start:
            labelled = [tick for tick in times.ticks() if tick[0] >= start]
        for left, text in self._apart(labelled):
            write(painter, QPointF(left, base), text, TICK_PX, theme.muted)
        place = QPointF(plot.right(), base + 4 + TICK_PX)
        write(painter, place, name, TICK_PX, theme.muted, right=True)

    def _apart(self, ticks: list[tuple[float, str]]) -> list[tuple[float, str]]:
        """Return the left ends of the texts of as many ticks as have room."""
        placed: list[tuple[float, str]] = []
        ends = [-math.inf]
        for t, text in ticks:
            wide = width(text, TICK_PX)
            left = min(self._x(t) - wide / 2, self._plot.right() - wide)
            placed.append((left, text))
            ends.append(left + wide + TICK_GAP)
        crowded = any(end > left for end, (left, _) in zip(ends, placed, strict=False))
        return self._apart(ticks[::2]) if crowded else placed

    def add(self, t: float, value: float) -> None:
        """Take the value of the next frame."""
        self._value = value
        passed: FilmMark | None = None
        while self._next_mark < len(self._marks) and (
            self._marks[self._next_mark].t <= t
        ):
            passed = self._marks[self._next_mark]
            self._next_mark += 1
        if passed is not None:
            self._break(passed, value)
        if not math.isfinite(value):
            self._keep()
            self._at = None
            return
        here = QPointF(self._x(t), self._y(value))
        if self._at is None:
            self._part = QPainterPath(here)
        else:
            self._part.lineTo(here)
        self._at = here
        if here.x() - self._part.elementAt(0).x > CHUNK_PX:
            self._keep()

    def paint(self, painter: QPainter) -> None:
        """Paint the curve up to the present, and its value."""
        right = QPointF(self._box.right(), self._box.top() + HEADING_PX)
        value = fixed(self._value, DECIMALS) if math.isfinite(self._value) else "–"
        ink = self._theme.text
        write(painter, right, value, VALUE_PX, ink, strong=True, right=True)
        self.paint_curve(painter)

    def paint_curve(self, painter: QPainter) -> None:
        """Paint the curve up to the present."""
        painter.drawImage(self._outer.topLeft(), self._image)
        self._stroke(painter)
        if self._at is not None:
            self._dot(painter, self._at, DOT_PX)

    def _stroke(self, painter: QPainter) -> None:
        """Paint the part of the curve that is not in the image."""
        if self._part.elementCount() < 2:  # noqa: PLR2004 - a line has two ends
            return
        first, last = self._part.elementAt(0).x, self._part.currentPosition().x()
        area = QPainterPath(self._part)
        area.lineTo(last, self._plot.bottom())
        area.lineTo(first, self._plot.bottom())
        colour = QColor(self._ink)
        colour.setAlphaF(FILL_OPACITY)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)  # no seams
        painter.fillPath(area, colour)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(QColor(self._ink), LINE_PX)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.strokePath(self._part, pen)

    def _keep(self) -> None:
        """Move the part that is not in the image there."""
        with self._on_image() as painter:
            self._stroke(painter)
        if self._at is not None:
            self._part = QPainterPath(self._at)

    def _on_image(self) -> ImagePainter:
        return ImagePainter(self._image, self._outer.topLeft())

    def _break(self, mark: FilmMark, value: float) -> None:
        """End the curve at a change, mark it, and begin it again there."""
        x, before = self._x(mark.t), self._at
        if before is not None:
            self._part.lineTo(QPointF(x, before.y()))
            self._at = QPointF(x, before.y())
        self._keep()
        with self._on_image() as painter:
            self._upright(painter, x)
            high = before is not None and before.y() < self._plot.top() + NAME_HEIGHT
            self._name(painter, x, mark.text, below=high)
            if before is not None:
                self._dot(painter, QPointF(x, before.y()), DOT_PX - 1, hollow=True)
            if math.isfinite(value):
                self._dot(painter, QPointF(x, self._y(value)), DOT_PX - 1)
        self._at = QPointF(x, self._y(value)) if math.isfinite(value) else None
        self._part = QPainterPath(self._at) if self._at else QPainterPath()

    def _upright(self, painter: QPainter, x: float) -> None:
        pen = QPen(QColor(self._theme.text), 1.0)
        pen.setDashPattern([3, 3])
        painter.setPen(pen)
        painter.drawLine(QPointF(x, self._plot.top()), QPointF(x, self._plot.bottom()))

    def _name(self, painter: QPainter, x: float, text: str, *, below: bool) -> None:
        """Write a mark's text left or right of it; not over another one."""
        wide = width(text, MARK_PX, strong=True)
        left = x - LABEL_GAP - wide
        if left < max(self._plot.left(), self._text_end):
            left = x + LABEL_GAP
            if left < self._text_end or left + wide > self._plot.right():
                return
        self._text_end = left + wide + LABEL_GAP
        top, bottom = self._plot.top() + MARK_PX + 2, self._plot.bottom() - 8
        at = QPointF(left, bottom if below else top)
        write(painter, at, text, MARK_PX, self._theme.text, strong=True)

    def _dot(
        self, painter: QPainter, at: QPointF, radius: float, *, hollow: bool = False
    ) -> None:
        colour = QColor(self._ink)
        painter.setPen(QPen(colour, 2.0) if hollow else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.canvas) if hollow else colour)
        painter.drawEllipse(at, radius - hollow, radius - hollow)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _x(self, t: float) -> float:
        start, end, t = map(self._axis.clock.coordinate, (*self._span, t))
        share = (t - start) / (end - start) if end > start else 0.0
        return self._plot.left() + min(max(share, 0.0), 1.0) * self._plot.width()

    def _y(self, value: float) -> float:
        low, high = self._axis.low, self._axis.high
        share = min(max((value - low) / (high - low), 0.0), 1.0)
        return self._plot.bottom() - share * self._plot.height()
