"""Hats of capitals such as F̂: fonts put the circumflex too low, so it is painted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

if TYPE_CHECKING:
    from app.theme.palette import Theme

HAT, CARET = "\u0302", "\u02c6"  # of F̂: the combining mark, and the spacing one
HAT_RISE = 0.31  # heights of a capital by which the hat is raised from its baseline
RISE_FROM_MIDDLE = 0.62  # the same, where half an ascent below the middle is given


def split(text: str) -> tuple[str, list[int]]:
    """Return text without the hats of its capitals, and which letters have one."""
    bare, hats = "", list[int]()
    for k, letter in enumerate(text):
        if letter == HAT and k and text[k - 1].isupper():
            hats.append(len(bare) - 1)
        else:
            bare += letter
    return bare, hats


def put_hat(
    p: QPainter, font: QFont, corner: QPointF, wide: float, rise: float
) -> None:
    """Paint a hat on a capital that stands at `corner` on its baseline.

    It is painted with the pen that is set, and in the painter's font, which `font` is.
    The capital is `wide` pixels, and the hat is raised by `rise` of its heights.
    """
    metrics = QFontMetricsF(font)
    left = corner.x() + (wide - metrics.horizontalAdvance(CARET)) / 2
    p.drawText(QPointF(left, corner.y() - rise * metrics.capHeight()), CARET)


def paint_hat(
    painter: QPainter, font: QFont, theme: Theme, at: tuple[float, float]
) -> None:
    """Paint a circumflex on the capital F that ends at `at`: its right, its middle."""
    metrics = QFontMetricsF(font)
    wide, base = metrics.horizontalAdvance("F"), at[1] + metrics.ascent() / 2
    painter.setPen(QColor(theme.muted))
    painter.setFont(font)
    put_hat(painter, font, QPointF(at[0] - wide, base), wide, RISE_FROM_MIDDLE)
