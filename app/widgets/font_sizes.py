"""Fonts of text that views paint themselves, at the scale of the program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QFont

from app.theme import fonts

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


def small_font(widget: QWidget) -> QFont:
    """Return the widget's font in the smallest size, with figures of equal width."""
    out = tabular_font(widget.font())
    out.setPointSizeF(widget.font().pointSizeF() * fonts.SMALL_PT / fonts.BODY_PT)
    return out


def tabular_font(font: QFont) -> QFont:
    """Return `font` with figures of equal width."""
    out = QFont(font)
    out.setFeature(fonts.TABULAR, 1)
    return out
