"""A label that raises hats: fonts put the circumflex of F̂ too low."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import QLabel

from app.annotations.caption import CARET, HAT

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QWidget

HAT_RISE = 0.31  # of a hat on a capital, in heights of the capital


class HatLabel(QLabel):
    """A line of text whose capitals may have hats."""

    def __init__(self, role: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", role)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._hat_positions: list[int] = []

    def set_text(self, text: str) -> None:
        """Show `text`."""
        bare, self._hat_positions = "", []
        for k, letter in enumerate(text):
            if letter == HAT and k and text[k - 1].isupper():
                self._hat_positions.append(len(bare) - 1)
            else:
                bare += letter
        self.setText(bare)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint the text, then the hats."""
        super().paintEvent(event)
        if not self._hat_positions:
            return
        painter, metrics = QPainter(self), QFontMetricsF(self.font())
        painter.setPen(self.palette().windowText().color())
        painter.setFont(self.font())
        box = self.contentsRect()
        base = box.top() + (box.height() - metrics.height()) / 2 + metrics.ascent()
        for k in self._hat_positions:
            before = metrics.horizontalAdvance(self.text()[:k])
            room = metrics.horizontalAdvance(self.text()[k])
            room -= metrics.horizontalAdvance(CARET)
            left = box.left() + before + room / 2
            raised = base - HAT_RISE * metrics.capHeight()
            painter.drawText(QPointF(left, raised), CARET)
        painter.end()
