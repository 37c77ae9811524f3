"""The label of the bead under the mouse."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPen

if TYPE_CHECKING:
    from PySide6.QtGui import QFont, QPainter

    from app.theme.palette import Theme

PADDING_PX = (8.0, 4.0)  # around the text
OFFSET_PX = 14.0  # from the bead
CORNER_RADIUS_PX = 5.0
MARGIN_PX = 4.0  # to the border of the picture
OPACITY = 0.92


def paint_hover_label(
    painter: QPainter, at: QPointF, text: str, font: QFont, theme: Theme, room: QRectF
) -> None:
    """Paint `text` right of `at`, or left of it, inside `room`."""
    metrics, lines = QFontMetricsF(font), text.split("\n")
    wide = max(metrics.horizontalAdvance(line) for line in lines)
    size = QSizeF(
        wide + 2 * PADDING_PX[0], metrics.height() * len(lines) + 2 * PADDING_PX[1]
    )
    box = QRectF(at + QPointF(OFFSET_PX, -size.height() / 2), size)
    if box.right() > room.right() - MARGIN_PX:
        box.moveRight(at.x() - OFFSET_PX)
    box.moveTop(max(box.top(), room.top() + MARGIN_PX))
    box.moveBottom(min(box.bottom(), room.bottom() - MARGIN_PX))
    ground = QColor(theme.raised)
    ground.setAlphaF(OPACITY)
    painter.setPen(QPen(QColor(theme.line), 1))
    painter.setBrush(ground)
    painter.drawRoundedRect(box, CORNER_RADIUS_PX, CORNER_RADIUS_PX)
    painter.setFont(font)
    painter.setPen(QColor(theme.text))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
