"""A word beside the bead under the mouse."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPen

if TYPE_CHECKING:
    from PySide6.QtGui import QFont, QPainter

    from app.theme.palette import Theme

PAD = (8.0, 4.0)  # pixels around the words
ASIDE = 14.0  # pixels from the bead
ROUND = 5.0  # radius of the corners
MARGIN = 4.0  # pixels to the border of the picture
SOLID = 0.92  # opacity


def paint_tag(
    painter: QPainter, at: QPointF, text: str, font: QFont, theme: Theme, room: QRectF
) -> None:
    """Paint `text` right of the place `at`, or left of it, inside `room`."""
    metrics = QFontMetricsF(font)
    wide = metrics.horizontalAdvance(text) + 2 * PAD[0]
    size = QSizeF(wide, metrics.height() + 2 * PAD[1])
    box = QRectF(at + QPointF(ASIDE, -size.height() / 2), size)
    if box.right() > room.right() - MARGIN:
        box.moveRight(at.x() - ASIDE)
    box.moveTop(max(box.top(), room.top() + MARGIN))
    box.moveBottom(min(box.bottom(), room.bottom() - MARGIN))
    ground = QColor(theme.raised)
    ground.setAlphaF(SOLID)
    painter.setPen(QPen(QColor(theme.line), 1))
    painter.setBrush(ground)
    painter.drawRoundedRect(box, ROUND, ROUND)
    painter.setFont(font)
    painter.setPen(QColor(theme.text))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
