"""What covers views of the run before, while the first picture of another is made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QPainter

from app.theme import fonts
from app.widgets.covering import Covering

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QWidget

    from app.theme.palette import Theme

DELAY_MS = 200  # most runs have a picture before
OPACITY = 0.93
MARGIN_PX = 24


class PreparingCover(Covering):
    """Lies over a widget from `begin` to `end`, unless that is soon; says why.

    Parameters
    ----------
    over : QWidget
        What it covers.
    theme : Theme
        Colours.

    Attributes
    ----------
    text : str
        What it says.
    """

    def __init__(self, over: QWidget, theme: Theme) -> None:
        super().__init__(over)
        self.theme, self.text = theme, ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DELAY_MS)
        self._timer.timeout.connect(self.cover)

    def begin(self, text: str) -> None:
        """Cover soon, and say `text`."""
        self.text = text
        self.setAccessibleName(text)
        self._timer.start()
        self.update()

    def end(self) -> None:
        """Cover nothing."""
        self._timer.stop()
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint the text over what is left of the view."""
        painter = QPainter(self)
        painter.setOpacity(OPACITY)
        painter.fillRect(self.rect(), QColor(self.theme.canvas))
        painter.setOpacity(1.0)
        painter.setPen(QColor(self.theme.text))
        painter.setFont(fonts.font(fonts.BODY_PT))
        room = QRectF(self.rect()).adjusted(MARGIN_PX, 0, -MARGIN_PX, 0)
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(room, flags, self.text)
        painter.end()
