"""The circumflex on the name of a number: fonts set it too low on a capital."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

if TYPE_CHECKING:
    from app.theme.palette import Theme

HAT, CARET = "\u0302", "\u02c6"  # of F̂: the combining mark, and the spacing one
HAT_RISE = 0.62  # heights of a capital by which the hat is raised


def paint_hat(
    painter: QPainter, font: QFont, theme: Theme, at: tuple[float, float]
) -> None:
    """Paint a circumflex on the capital F that ends at `at`: its right, its middle."""
    metrics = QFontMetricsF(font)
    wide = metrics.horizontalAdvance(CARET)
    left = at[0] - (metrics.horizontalAdvance("F") + wide) / 2
    middle = at[1] + metrics.ascent() / 2
    painter.setPen(QColor(theme.muted))
    painter.setFont(font)
    painter.drawText(QPointF(left, middle - HAT_RISE * metrics.capHeight()), CARET)
