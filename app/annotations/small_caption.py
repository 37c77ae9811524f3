"""The caption of a low or narrow picture: a title above, formula and numbers below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF

from app.annotations.globe_room import FIRST_PX, LINE_PX, SIDE_PX
from app.annotations.line_breaks import in_lines
from app.annotations.text_cache import screen_font
from app.theme import fonts

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from app.annotations.equation import EquationLine
    from app.annotations.globe_room import GlobeRoom
    from app.theme.palette import Theme
    from sim.scenario import Scenario

TITLE_PTS = (fonts.BODY_PT, 9.5)  # pt: the larger that fits is taken
MAX_TITLE_LINES = 2
FORMULA_SCALE = 0.8  # of a formula; a smaller one cannot be read
FORMULA_GAP_PX = 16.0  # between a formula and numbers beside it
FOOT_PX = 3.0  # below a formula


def paint_title(
    painter: QPainter, text: str, theme: Theme, room: GlobeRoom
) -> list[QRectF]:
    """Paint a title above the globe, whole or not at all; return its boxes."""
    s, wide = room.scale, room.w - 2 * SIDE_PX * room.scale
    for lines in range(1, MAX_TITLE_LINES + 1):
        for points in TITLE_PTS:
            font = screen_font(points, s, strong=True)
            parts = broken(text, wide, QFontMetricsF(font))
            if len(parts) == lines:
                painter.setFont(font)
                painter.setPen(QColor(theme.text))
                return [
                    _paint_line(painter, part, room, k) for k, part in enumerate(parts)
                ]
    return []


def _paint_line(painter: QPainter, text: str, room: GlobeRoom, line: int) -> QRectF:
    s, tall = room.scale, LINE_PX * room.scale
    middle = (FIRST_PX + LINE_PX * line) * s
    box = QRectF(SIDE_PX * s, middle - tall / 2, room.w - 2 * SIDE_PX * s, tall)
    flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
    painter.drawText(box, flags, text)
    return box


def broken(text: str, room: float, metrics: QFontMetricsF) -> list[str]:
    """Return a text in lines of `room` pixels; nothing if a word is longer."""
    wide = metrics.horizontalAdvance
    lines = in_lines(text, wide, room)
    return lines if all(wide(line) <= room for line in lines) else []


def paint_formula(
    painter: QPainter,
    equation: EquationLine,
    scenario: Scenario,
    theme: Theme,
    room: GlobeRoom,
    numbers: QRectF,
) -> QRectF:
    """Paint the formula beside the numbers, else above; return its box, or none.

    It is left out where it would lie on the globe, or is too wide to be read.
    """
    scale, left = FORMULA_SCALE * room.scale, SIDE_PX * room.scale
    look = scale, theme.muted, screen_font(fonts.BODY_PT, room.scale)
    wide, above, below = equation.size(scenario, look)
    beside = numbers.left() - left - FORMULA_GAP_PX * room.scale
    low, free = room.h - FOOT_PX * room.scale, beside
    if wide > beside:
        low, free = numbers.top(), room.w - 2 * left
    top = low - above - below
    if wide > free or not wide:
        return QRectF()
    if half := room.half_chord(top, low):
        free = min(free, room.w / 2 - half - left)
        if wide > free:
            return QRectF()
    at = QPointF(left, low - below)
    used = equation.paint(painter, scenario, at, free, look, alone=True)
    return QRectF(left, top, used, above + below)
