"""A short highlight of a widget, to show where it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPalette, QPen
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

SHOWN_MS = 1600
FILL_ALPHA = 0.16
RADIUS = 6.0  # pixels
NEAR = Qt.FindChildOption.FindDirectChildrenOnly


class Highlight(QWidget):
    """A frame in the accent over `widget`, which goes by itself."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.setObjectName("highlight")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setGeometry(widget.rect())
        QTimer.singleShot(SHOWN_MS, self, self.close)
        self.show()
        self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint the frame."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        accent = QColor(self.palette().color(QPalette.ColorRole.Accent))
        painter.setPen(QPen(accent, 1.5))
        accent.setAlphaF(FILL_ALPHA)
        painter.setBrush(accent)
        inside = QRectF(self.rect()).adjusted(2, 1, -2, -1)
        painter.drawRoundedRect(inside, RADIUS, RADIUS)
        painter.end()


def highlight(widget: QWidget) -> None:
    """Highlight a widget for a moment; once, however often it is asked for."""
    for old in widget.findChildren(Highlight, options=NEAR):
        old.close()
    Highlight(widget)
