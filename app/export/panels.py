"""What stands beside the globe in a film: words, the curve, the matrix."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from app.annotations.caption_text import title
from app.annotations.number_format import fixed
from app.export.curve_plot import CurvePlot
from app.export.layout import GAP, Layout, design_ratio, places, text_ratio
from app.export.lettering import (
    FormulaPainter,
    title_lines,
    untitled,
    width,
    write,
    write_title,
)
from app.export.matrix_plot import MatrixPlot

if TYPE_CHECKING:
    from app.export.curve_axis import CurveAxis
    from app.export.narrative import Narrative, Value
    from app.scene.scene_info import SceneInfo
    from app.theme.palette import Theme
    from sim.frame import Frame

# Pixels of the design.
TITLE_PX, SMALL_TITLE_PX, NOTE_PX, VALUE_PX = 28.0, 24.0, 18.0, 18.0
STAR_PX, SMALL_STAR_PX = 40.0, 32.0  # β, or what else changes first
TIME_PX, NAME_PX = 24.0, 16.0
FORMULA_SCALE = 1.25  # letters of the typesetter are smaller than a film's
MIN_TITLE_PX = 18.0
MIN_FORMULA_SCALE = 0.8  # below, a formula goes to the bottom of the picture
PROGRAM, WIDEST_TIME = "Attention Orrery", "t = 000.00  "
FOOT_GAP = 150.0  # for the time, left of a formula at the bottom


class Panels:
    """Paints the panels of a layout with a curve.

    Parameters
    ----------
    layout : {"curve", "matrix"}
        Which.
    size : (int, int)
        Of the picture, in pixels.
    theme : Theme
        Colours.
    axis, span : CurveAxis, (float, float)
        What is plotted, and the times of the first and the last frame.
    narrative : Narrative
        The changes in between.

    Attributes
    ----------
    globe, globe_size : QRectF, (int, int)
        The part with the globe: in pixels of the design, and its size in pixels.
    ratio : float
        Pixels of the picture for one of the design.
    """

    def __init__(
        self,
        layout: Layout,
        size: tuple[int, int],
        theme: Theme,
        axis: CurveAxis,
        span: tuple[float, float],
        narrative: Narrative,
    ) -> None:
        ratio = design_ratio(size) if layout == "matrix" else text_ratio(size)
        w, h = size[0] / ratio, size[1] / ratio
        self.places = places(layout, w, h)
        globe = self.places.globe
        self.globe_size = round(globe.width() * ratio), round(globe.height() * ratio)
        self.globe = QRectF(0, 0, *(side / ratio for side in self.globe_size))
        self._size, self.ratio, self._theme = (w, h), ratio, theme
        self._axis, self._narrative, self._formula = axis, narrative, FormulaPainter()
        self._small = layout == "matrix"
        self._curve = CurvePlot(
            self.places.curve, axis, span, narrative.marks, theme, ratio
        )
        box = self.places.matrix
        self._matrix = None if box.isEmpty() else MatrixPlot(box, theme)
        self._known: object = None
        self._still = QImage()  # what hardly ever changes

    def paint(self, painter: QPainter, info: SceneInfo) -> None:
        """Paint all but the globe, and the time."""
        frame = info.frame
        if frame is None:
            return
        values = self._narrative.values(frame.scenario, frame.t)
        known = (frame.scenario, *values)
        if known != self._known:
            self._known = known
            self._paint_still(frame, values)
        painter.drawImage(QPointF(self._left, self._top), self._still)
        self._curve.add(frame.t, frame.measures.get(self._axis.kind, math.nan))
        self._curve.paint(painter)
        if self._matrix is not None:
            self._matrix.paint(painter, info)

    @property
    def legend_area(self) -> tuple[float, float]:
        """Heights between which a legend has room beside the globe."""
        foot = self.places.foot.top() if self._left else self.globe.bottom()
        return GAP / 2, foot

    def prepend(self, values: list[tuple[float, float]]) -> None:
        """Draw the curve through these times and values, before the first picture."""
        for t, value in values:
            self._curve.add(t, value)

    def paint_foot(self, painter: QPainter, frame: Frame) -> None:
        """Paint the line along the bottom, over the globe's part of the picture."""
        foot, theme = self.places.foot, self._theme
        base = foot.top() + TIME_PX
        text = f"t = {fixed(frame.t, 2)}"
        write(
            painter, QPointF(foot.left(), base), text, TIME_PX, theme.text, strong=True
        )
        place = frame.scenario.dynamics.time_name(frame.t)
        beside = foot.left() + width(WIDEST_TIME, TIME_PX)
        write(painter, QPointF(beside, base), place, NAME_PX, theme.muted)
        w, h = self._formula.size(frame.scenario, theme.text)
        if self._fits_panel(w):
            right = QPointF(foot.right(), base)
            write(painter, right, PROGRAM, NAME_PX, theme.muted, right=True)
        elif w > 0:
            gap = FOOT_GAP + width(place, NAME_PX)
            room = foot.width() - gap
            scale = min(FORMULA_SCALE, room / w, 1.4 * foot.height() / h)
            left = foot.left() + gap
            top = base - 0.35 * TIME_PX - h * scale / 2
            self._formula.paint(painter, QRectF(left, top, w * scale, h * scale))

    @property
    def _left(self) -> float:
        wide = self.globe.height() >= self._size[1]
        return self.globe.right() if wide else 0.0

    @property
    def _top(self) -> float:
        return 0.0 if self._left else self.globe.bottom()

    def _paint_still(self, frame: Frame, values: list[Value]) -> None:
        """Paint the ground, the words and the axes on an image."""
        ratio = self.ratio
        w, h = self._size[0] - self._left, self._size[1] - self._top
        self._still = QImage(
            math.ceil(w * ratio), math.ceil(h * ratio), QImage.Format.Format_RGB32
        )
        self._still.setDevicePixelRatio(ratio)
        self._still.fill(QColor(self._theme.canvas))
        painter = QPainter(self._still)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.translate(-self._left, -self._top)
            self._paint_words(painter, frame, values)
            self._curve.paint_axes(painter)
        finally:
            painter.end()

    def _paint_words(
        self, painter: QPainter, frame: Frame, values: list[Value]
    ) -> None:
        box, theme = self.places.words, self._theme
        px = SMALL_TITLE_PX if self._small else TITLE_PX
        x, room, y = box.left(), box.width(), box.top() + px
        run = frame.scenario
        name = title(run)
        px, lines = title_lines(name, px, MIN_TITLE_PX, room)
        style = {"colour": theme.text, "room": room}
        y += write_title(painter, QPointF(x, y), lines, px, **style)
        described = title(untitled(run))
        if name != described and not self._small:
            y += 1.7 * NOTE_PX
            write(painter, QPointF(x, y), described, NOTE_PX, theme.muted, room=room)
        y += 16.0 if self._small else 24.0
        w, h = self._formula.size(run, theme.text)
        if w > 0 and self._fits_panel(w):
            scale = min(FORMULA_SCALE, room / w)
            self._formula.paint(painter, QRectF(x, y, w * scale, h * scale))
            y += h * scale
        self._paint_values(painter, values, QRectF(x, y, room, box.bottom() - y))

    def _paint_values(
        self, painter: QPainter, values: list[Value], box: QRectF
    ) -> None:
        """Paint β large, and what else changes below it, as far as there is room."""
        theme, y = self._theme, box.top()
        for k, one in enumerate(values):
            star = SMALL_STAR_PX if self._small else STAR_PX
            px = star if k == 0 else VALUE_PX
            y += 1.3 * px if k == 0 else 1.6 * px
            if y > box.bottom():
                return
            text, at = f"{one.name} = {one.value}", QPointF(box.left(), y)
            write(painter, at, text, px, theme.text, strong=True, room=box.width())
            left = box.left() + width(text, px, strong=True) + 20
            room = box.right() - left
            if one.before and width(one.before, NOTE_PX) <= room:
                at = QPointF(left, y)
                write(painter, at, one.before, NOTE_PX, theme.muted)

    def _fits_panel(self, formula_width: float) -> bool:
        return formula_width * MIN_FORMULA_SCALE <= self.places.words.width()
