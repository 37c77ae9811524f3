"""A short text over the globe when a setting changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from app.export.lettering import width, write

if TYPE_CHECKING:
    from app.export.narrative import Narrative
    from app.theme.palette import Theme

SHOWN_S, FADE_S = 2.5, 0.5  # seconds of display
TEXT_PX = 22.0  # pixels of the design, as those below
TOP, SIDE, PADDING, HEIGHT = 14.0, 20.0, 16.0, 36.0
OPACITY = 0.85  # of the ground behind the text


def paint_banner(
    painter: QPainter,
    narrative: Narrative,
    t: float,
    seconds_per_time: float,
    wide: float,
    theme: Theme,
) -> None:
    """Paint what changed just before `t`, at the right of a part so many pixels wide.

    Parameters
    ----------
    seconds_per_time : float
        Of display, for one unit of simulated time.
    """
    mark = narrative.latest(t)
    if mark is None:
        return
    left_s = SHOWN_S - (t - mark.end) * seconds_per_time
    if left_s <= 0:
        return
    text = mark.text
    long = width(text, TEXT_PX, strong=True)
    room = min(long, wide - 4 * PADDING)
    long = room + 2 * PADDING
    box = QRectF(wide - SIDE - long, TOP, long, HEIGHT)  # notes are on the left
    painter.setOpacity(min(1.0, left_s / FADE_S))
    ground = QColor(theme.raised)
    ground.setAlphaF(OPACITY)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawRoundedRect(box, HEIGHT / 2, HEIGHT / 2)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    at = QPointF(box.left() + PADDING, TOP + HEIGHT / 2 + 0.36 * TEXT_PX)
    write(painter, at, text, TEXT_PX, theme.accent, strong=True, room=room + 1)
    painter.setOpacity(1.0)
