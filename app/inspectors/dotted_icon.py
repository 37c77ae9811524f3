"""The icon of a tab with a dot in its corner, where the page has a warning."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap

from app.theme import icons

if TYPE_CHECKING:
    from app.theme.palette import Theme

DOT_RADIUS = 0.18  # in widths of the icon


def dotted(icon: QIcon, side: int, theme: Theme, dot: bool) -> QIcon:
    """Return `icon`, with a dot in its upper right corner if `dot`."""
    if not dot:
        return icon
    out = QIcon()
    for ratio in icons.RATIOS:
        drawing = QPixmap(icon.pixmap(QSize(side, side), ratio))
        painter = QPainter(drawing)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(theme.panel))
        painter.setBrush(QColor(theme.warn))
        r = DOT_RADIUS * side
        painter.drawEllipse(int(side - 2 * r), 0, int(2 * r), int(2 * r))
        painter.end()
        out.addPixmap(drawing)
    return out
