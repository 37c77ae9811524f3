"""Text whose capitals may have hats, in the middle of a box."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFontMetricsF

from app.annotations.hat import HAT_RISE, put_hat

if TYPE_CHECKING:
    from PySide6.QtGui import QFont, QPainter


def paint(p: QPainter, box: QRectF, bare: str, hats: list[int], font: QFont) -> None:
    """Paint hats over `bare`, which is at the left of `box`, in its middle."""
    metrics = QFontMetricsF(font)
    p.setFont(font)
    base = box.top() + (box.height() - metrics.height()) / 2 + metrics.ascent()
    for k in hats:
        left = box.left() + metrics.horizontalAdvance(bare[:k])
        wide = metrics.horizontalAdvance(bare[k])
        put_hat(p, font, QPointF(left, base), wide, HAT_RISE)
