"""A label that sets hats right: fonts put the circumflex of F̂ too low."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import QLabel

from app.annotations.caption import CARET, HAT

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QWidget

RISE = 0.31  # heights of a capital by which its hat stands above a small letter's


class HatLabel(QLabel):
    """A line of text whose capitals may wear hats."""

    def __init__(self, role: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", role)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._hatted: list[int] = []

    def set_text(self, text: str) -> None:
        """Show `text`."""
        bare, self._hatted = "", []
        for k, letter in enumerate(text):
            if letter == HAT and k and text[k - 1].isupper():
                self._hatted.append(len(bare) - 1)
            else:
                bare += letter
        self.setText(bare)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint the text, then the hats."""
        super().paintEvent(event)
        if not self._hatted:
            return
        painter, metrics = QPainter(self), QFontMetricsF(self.font())
        painter.setPen(self.palette().windowText().color())
        painter.setFont(self.font())
        box = self.contentsRect()
        base = box.top() + (box.height() - metrics.height()) / 2 + metrics.ascent()
        for k in self._hatted:
            before = metrics.horizontalAdvance(self.text()[:k])
            wide = metrics.horizontalAdvance(self.text()[k])
            left = box.left() + before + (wide - metrics.horizontalAdvance(CARET)) / 2
            painter.drawText(QPointF(left, base - RISE * metrics.capHeight()), CARET)
        painter.end()
