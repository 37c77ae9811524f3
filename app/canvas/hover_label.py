"""The label of the bead under the mouse."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPainter

    from app.theme.palette import Theme

PADDING_PX = (8.0, 4.0)  # around the text
OFFSET_PX = 14.0  # from the bead
CORNER_RADIUS_PX = 5.0
MARGIN_PX = 4.0  # to the border of the picture
OPACITY = 0.92
SLACK = 0.95  # since letters of a smaller size may be relatively wider


def paint_hover_label(
    painter: QPainter, at: QPointF, text: str, font: QFont, theme: Theme, room: QRectF
) -> None:
    """Paint `text` right of `at`, left of it, or below, inside `room`.

    Smaller where `room` is narrower than the text.
    """
    lines = text.split("\n")
    font = _fitted(font, lines, room.width() - 2 * (MARGIN_PX + PADDING_PX[0]))
    metrics = QFontMetricsF(font)
    wide = max(metrics.horizontalAdvance(line) for line in lines)
    size = QSizeF(
        wide + 2 * PADDING_PX[0], metrics.height() * len(lines) + 2 * PADDING_PX[1]
    )
    box = QRectF(at + QPointF(OFFSET_PX, -size.height() / 2), size)
    if box.right() > room.right() - MARGIN_PX:
        box.moveRight(at.x() - OFFSET_PX)
    if box.left() < room.left() + MARGIN_PX:
        box.moveLeft(room.left() + MARGIN_PX)
        box.moveTop(at.y() + OFFSET_PX)
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


def _fitted(font: QFont, lines: Sequence[str], room: float) -> QFont:
    """Return `font`, or a smaller one in which no line is wider than `room`."""
    wide = max(map(QFontMetricsF(font).horizontalAdvance, lines))
    if wide <= room or room <= 0:
        return font
    smaller = QFont(font)
    smaller.setPointSizeF(SLACK * font.pointSizeF() * room / wide)
    return smaller
