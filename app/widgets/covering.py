"""A widget that covers another one."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QWidget


class Covering(QWidget):
    """Lies over a widget, whatever size that has, and lets the mouse through.

    Hidden at first.

    Parameters
    ----------
    over : QWidget
        What it covers.
    """

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self.over = over
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        over.installEventFilter(self)
        self.hide()

    def cover(self, shown: bool = True) -> None:
        """Lie over all of the widget, or be hidden."""
        self.setGeometry(self.over.rect())
        self.setVisible(shown)
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Keep covering a widget that changes its size."""
        if event.type() == QEvent.Type.Resize:
            self.setGeometry(self.over.rect())
        return super().eventFilter(watched, event)
