"""The caption along the bottom: title, equation of motion and numbers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QLinearGradient, QPainter

from app.annotations.caption_text import numbers, title
from app.annotations.equation import EquationLine
from app.annotations.globe_room import SIDE_PX, GlobeRoom, is_small
from app.annotations.hat import HAT, paint_hat
from app.annotations.small_caption import paint_formula, paint_title
from app.annotations.text_cache import screen_font
from app.annotations.tight_caption import line_width, paint_line
from app.scene.projector import CIRCLE
from app.theme import fonts, typesetting

if TYPE_CHECKING:
    from app.annotations.equation import Typeset
    from app.annotations.globe_room import Span
    from app.theme.palette import Theme
    from sim.frame import Frame

# All lengths are pixels at scale 1.
SIDE_MARGIN = 20.0  # from the sides of the picture
HEIGHT = 78.0  # of the caption's text
TITLE_PT, NUMBER_PT, SMALL_PT = 12.5, 14.0, 9.5  # pt
BASELINE = 56.0  # of the title, above the bottom
EQUATION_BASELINE = 25.0  # of the formula, above the bottom
NUMBER_RISE = (66.0, 46.0)  # of a number's name and of the number, above the bottom
NUMBER_GAP = 24.0  # between numbers
SHADE_HEIGHT = 104.0  # of the shade behind a caption that overlaps the globe
SMALL_SHADE_HEIGHT = 60.0  # of those above and below the globe of a small picture
SHADE_OPACITY = 0.82  # at the bottom
MIN_TEXT_WIDTH = 80.0  # below, title and formula are left out
MIN_FORMULA_WIDTH = 260.0  # below, a formula without a title is above the numbers
GLOBE_SHARE, RAISED_HEIGHT = 0.8, 120.0  # of a picture; pixels below the globe
RAISED_BASELINE = 88.0  # of a formula above the numbers, above the bottom
CLEAR = 0.85  # of the radius of the globe, within which numbers would hide tokens


class Caption:
    """Paints the caption of a frame.

    Parameters
    ----------
    theme : Theme
        Colours.
    scale : float
        Of font sizes and distances.
    typeset : function
        Returns a formula in a colour as SVG; see `app.theme.typesetting`.

    Attributes
    ----------
    equation_box : QRectF
        Where the equation was painted last.
    titled : bool
        Whether the title is painted, above the formula.
    values : list of (str, str, str)
        Values of settings to show after the numbers: name, value, widest value.
    small : bool
        Whether the picture is low or narrow, so that title, formula and numbers were
        painted in small letters above and below the globe.
    spans : list of Span
        The room that this caption leaves for a legend.
    tight : bool
        Whether it was painted as one line of small letters: without a title, where
        large numbers would lie on the globe, or the picture is narrow.
    """

    def __init__(
        self, theme: Theme, scale: float, typeset: Typeset = typesetting.svg
    ) -> None:
        self.theme, self.scale = theme, scale
        self.equation = EquationLine(typeset)
        self.equation_box = QRectF()
        self.titled = True
        self.values: list[tuple[str, str, str]] = []
        self.tight = False
        self.small = False
        self.spans: list[Span] = []

    def paint(
        self, painter: QPainter, frame: Frame, w: float, h: float, *, shaded: bool
    ) -> list[QRectF]:
        """Paint on a picture of w × h, shaded if asked; return the boxes used."""
        self.small = self.titled and is_small(w, h, self.scale)
        if self.small:
            self.tight = False
            return self._paint_small(painter, frame, w, h, shaded=shaded)
        if shaded:
            self._shade(painter, w, h)
        narrow = w < MIN_FORMULA_WIDTH * self.scale
        self.tight = not self.titled and (narrow or self._covers_globe(frame, w, h))
        if self.tight:
            self.equation_box = QRectF()
            fonts_ = self._font(SMALL_PT), self.scale
            return paint_line(painter, self._all(frame), fonts_, self.theme, (w, h))
        kept = self._numbers(painter, frame, w, h)
        if self.titled:
            return kept + self._title(painter, frame, kept, h)
        return kept + self._formula_alone(painter, frame, kept, w, h)

    def _paint_small(
        self, painter: QPainter, frame: Frame, w: float, h: float, *, shaded: bool
    ) -> list[QRectF]:
        """Paint title, formula and numbers above and below the globe."""
        flat = frame.x.shape[1] == CIRCLE
        room = GlobeRoom.of(w, h, self.scale, flat=flat)
        if shaded:
            self._shade_ends(painter, w, h)
        look = self._font(SMALL_PT), self.scale
        shown = self._shortened(self._all(frame), w)
        foot = paint_line(painter, shown, look, self.theme, (w, h))
        text = title(frame.scenario, len(frame.x))
        head = paint_title(painter, text, self.theme, room)
        formula = paint_formula(
            painter, self.equation, frame.scenario, self.theme, room, foot[0]
        )
        self.equation_box = formula
        raised = not formula.isNull() and formula.bottom() < foot[0].bottom()
        if not formula.isNull():
            foot.append(formula)
        top = max((box.bottom() for box in head), default=0.0)
        bottom = min(box.top() for box in foot)
        self.spans = room.spans(top, bottom)
        if raised:
            self.spans.append(room.beside(formula))
        return [*head, *foot]

    def _shortened(
        self, shown: list[tuple[str, str, str]], w: float
    ) -> list[tuple[str, str, str]]:
        """Return numbers in which the time has a short name if it has no room."""
        metrics, room = QFontMetricsF(self._font(SMALL_PT)), w - SIDE_PX * self.scale
        if line_width(shown, metrics, self.scale) <= room:
            return shown
        (name, value, widest), *others = shown
        return [(name.split(",")[0], value, widest), *others]

    def _all(self, frame: Frame) -> list[tuple[str, str, str]]:
        """Return all numbers; the time only of a picture alone.

        Lanes have one clock, and are painted one after another: their captions would
        show two times for a moment.
        """
        time, *others = numbers(frame)
        return [*([time] if self.titled else []), *others, *self.values]

    def _covers_globe(self, frame: Frame, w: float, h: float) -> bool:
        """Return whether numbers of a picture of w × h would lie on its globe."""
        s, fonts_ = self.scale, (self._font(SMALL_PT), self._font(NUMBER_PT))
        wide = sum(
            wide + NUMBER_GAP * s for *_, wide in self._fitting(frame, *fonts_, w)
        )
        left = w - SIDE_MARGIN * s - wide
        beside = max(left - w / 2, 0.0)
        below = max(h / 2 - NUMBER_RISE[0] * s, 0.0)
        return math.hypot(beside, below) < CLEAR * GLOBE_SHARE / 2 * min(w, h)

    def _font(self, points: float, *, strong: bool = False) -> QFont:
        return screen_font(points, self.scale, strong=strong)

    def _shade(self, painter: QPainter, w: float, h: float) -> None:
        self._shade_towards(painter, w, h - SHADE_HEIGHT * self.scale, h)

    def _shade_ends(self, painter: QPainter, w: float, h: float) -> None:
        tall = SMALL_SHADE_HEIGHT * self.scale
        self._shade_towards(painter, w, tall, 0.0)
        self._shade_towards(painter, w, h - tall, h)

    def _shade_towards(
        self, painter: QPainter, w: float, start: float, end: float
    ) -> None:
        """Shade the picture between two heights, most at the end."""
        shade = QLinearGradient(0, start, 0, end)
        for at, alpha in ((0.0, 0.0), (1.0, SHADE_OPACITY)):
            colour = QColor(self.theme.canvas)
            colour.setAlphaF(alpha)
            shade.setColorAt(at, colour)
        top, bottom = min(start, end), max(start, end)
        painter.fillRect(QRectF(0, top, w, bottom - top), shade)

    def _numbers(
        self, painter: QPainter, frame: Frame, w: float, h: float
    ) -> list[QRectF]:
        """Paint the numbers, from the right; return the box used."""
        s, right = self.scale, w - SIDE_MARGIN * self.scale
        small, big = self._font(SMALL_PT), self._font(NUMBER_PT)
        flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for name, value, wide in reversed(self._fitting(frame, small, big, w)):
            for font, colour, rise, text in (
                (small, self.theme.muted, NUMBER_RISE[0], name),
                (big, self.theme.text, NUMBER_RISE[1], value),
            ):
                painter.setFont(font)
                painter.setPen(QColor(colour))
                box = QRectF(right - wide, h - rise * s, wide, 26 * s)
                painter.drawText(box, flags, text.removesuffix(HAT))
            if name.endswith(HAT):
                middle = h - (NUMBER_RISE[0] - 13) * s
                paint_hat(painter, small, self.theme, (right, middle))
            right -= wide + NUMBER_GAP * s
        return [QRectF(right, h - 72 * s, w - right, 72 * s)]

    def _fitting(
        self, frame: Frame, small: QFont, big: QFont, w: float
    ) -> list[tuple[str, str, float]]:
        """Return names, values and widths of the first numbers that fit in `w`."""
        of_small, of_big = QFontMetricsF(small), QFontMetricsF(big)
        out: list[tuple[str, str, float]] = []
        room = w - SIDE_MARGIN * self.scale
        for name, value, widest in self._all(frame):
            texts = [(of_big, widest), (of_big, value), (of_small, name)]
            wide = max(metrics.horizontalAdvance(text) for metrics, text in texts)
            room -= wide + NUMBER_GAP * self.scale
            if room > 0:
                out.append((name, value, wide))
        return out

    def _title(
        self, painter: QPainter, frame: Frame, kept: list[QRectF], h: float
    ) -> list[QRectF]:
        """Paint title and formula in the space that the numbers leave."""
        s, left = self.scale, SIDE_MARGIN * self.scale
        room = kept[0].left() - left
        if room < MIN_TEXT_WIDTH * s:
            return []
        font = self._font(TITLE_PT, strong=True)
        metrics = QFontMetricsF(font)
        text = metrics.elidedText(
            title(frame.scenario, len(frame.x)), Qt.TextElideMode.ElideRight, room
        )
        painter.setFont(font)
        painter.setPen(QColor(self.theme.text))
        painter.drawText(QPointF(left, h - BASELINE * s), text)
        at = QPointF(left, h - EQUATION_BASELINE * s)
        used = self._formula(painter, frame, at, room)
        self.equation_box = QRectF(left, h - BASELINE * s, used, BASELINE * s)
        wide = left + max(metrics.horizontalAdvance(text), used) + 12 * s
        return [QRectF(0, h - HEIGHT * s, min(wide, kept[0].left()), HEIGHT * s)]

    def _formula(
        self, painter: QPainter, frame: Frame, at: QPointF, room: float
    ) -> float:
        """Paint the formula at a baseline; return the width used."""
        look = (self.scale, self.theme.muted, self._font(fonts.BODY_PT))
        return self.equation.paint(painter, frame.scenario, at, room, look)

    def _formula_alone(
        self, painter: QPainter, frame: Frame, kept: list[QRectF], w: float, h: float
    ) -> list[QRectF]:
        """Paint the formula beside the numbers, or above if that is below the globe."""
        s, left = self.scale, SIDE_MARGIN * self.scale
        room, rise = kept[0].left() - left, EQUATION_BASELINE * s
        if room < MIN_FORMULA_WIDTH * s:
            if h - GLOBE_SHARE * min(w, h) < 2 * RAISED_HEIGHT * s:
                return []
            room, rise = w - 2 * left, RAISED_BASELINE * s
        used = self._formula(painter, frame, QPointF(left, h - rise), room)
        height = (BASELINE - EQUATION_BASELINE) * s
        box = QRectF(left, h - rise - height, used, height + 12 * s)
        self.equation_box = box
        return [box]
