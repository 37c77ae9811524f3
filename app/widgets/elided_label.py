"""A line of text that is cut with an ellipsis where there is no room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from app.widgets import hats

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent


class ElidedLabel(QLabel):
    """A label that may be narrower than its text."""

    def __init__(
        self,
        text: str = "",
        role: str = "",
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self.setProperty("role", role)
        self.setAlignment(align | Qt.AlignmentFlag.AlignVCenter)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Return room for an ellipsis."""
        least = self.fontMetrics().horizontalAdvance("…")
        return QSize(
            min(least, super().sizeHint().width()), super().sizeHint().height()
        )

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw as much of the text as there is room for."""
        metrics, room = self.fontMetrics(), self.contentsRect()
        bare, hatted = hats.split(self.text())
        shown = metrics.elidedText(bare, Qt.TextElideMode.ElideRight, room.width())
        painter = QPainter(self)
        painter.setPen(self.palette().windowText().color())
        painter.drawText(room, int(self.alignment()), shown)
        there = [k for k in hatted if shown[: k + 1] == bare[: k + 1]]
        hats.paint(painter, QRectF(room), shown, there, self.font())
        painter.end()
