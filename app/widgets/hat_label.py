"""A label that raises hats: fonts put the circumflex of F̂ too low."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QLabel

from app.annotations.hat import split
from app.widgets import hats

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QWidget


class HatLabel(QLabel):
    """A line of text whose capitals may have hats."""

    def __init__(self, role: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", role)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._hat_positions: list[int] = []

    def set_text(self, text: str) -> None:
        """Show `text`."""
        bare, self._hat_positions = split(text)
        self.setText(bare)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint the text, then the hats."""
        super().paintEvent(event)
        if not self._hat_positions:
            return
        painter, box = QPainter(self), QRectF(self.contentsRect())
        painter.setPen(self.palette().windowText().color())
        hats.paint(painter, box, self.text(), self._hat_positions, self.font())
        painter.end()
