"""Hats of capitals such as F̂: fonts put the circumflex too low, so it is painted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFontMetricsF

from app.annotations.hat import CARET, HAT

if TYPE_CHECKING:
    from PySide6.QtGui import QFont, QPainter

HAT_RISE = 0.31  # of a hat on a capital, in heights of the capital


def split(text: str) -> tuple[str, list[int]]:
    """Return text without the hats of its capitals, and which letters have one."""
    bare, hats = "", list[int]()
    for k, letter in enumerate(text):
        if letter == HAT and k and text[k - 1].isupper():
            hats.append(len(bare) - 1)
        else:
            bare += letter
    return bare, hats


def paint(p: QPainter, box: QRectF, bare: str, hats: list[int], font: QFont) -> None:
    """Paint hats over `bare`, which is at the left of `box`, in its middle."""
    metrics = QFontMetricsF(font)
    p.setFont(font)
    base = box.top() + (box.height() - metrics.height()) / 2 + metrics.ascent()
    for k in hats:
        before = metrics.horizontalAdvance(bare[:k])
        room = metrics.horizontalAdvance(bare[k]) - metrics.horizontalAdvance(CARET)
        left = box.left() + before + room / 2
        p.drawText(QPointF(left, base - HAT_RISE * metrics.capHeight()), CARET)
