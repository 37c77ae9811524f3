"""A line to type in over a part of the window, and the list of what fits."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QLineEdit,
    QListWidget,
    QVBoxLayout,
    QWidget,
)

LIST_KEYS = (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp)


class SearchPanel(QFrame):
    """Shows a list while one types; the arrow keys of the line move in the list.

    Subclasses fill the list, and say where the panel stands.

    Parameters
    ----------
    parent : QWidget
        What it stands over, and whose size it follows.

    Attributes
    ----------
    field, note, list : QWidget
        The line, a text below it, and the list.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._scale = 1.0
        self.setObjectName("card")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.field, self.list, self.note = QLineEdit(), QListWidget(), QLabel()
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        stack = QVBoxLayout(self)
        stack.setContentsMargins(8, 8, 8, 8)
        stack.setSpacing(6)
        for part in (self.field, self.note, self.list):
            stack.addWidget(part)
        self.field.installEventFilter(self)
        parent.installEventFilter(self)
        self.hide()

    def set_scale(self, scale: float) -> None:
        """Take the scale of the program."""
        self._scale = scale
        self._place()

    def _appear(self) -> None:
        """Show the panel, with the focus on the line."""
        self._place()
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _place(self) -> None:
        """Give the panel its place over its parent."""
        raise NotImplementedError

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Follow the size of the parent; move in the list by keys of the line."""
        if watched is self.parentWidget() and event.type() == QEvent.Type.Resize:
            self._place()
        if watched is self.field and isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.KeyPress and event.key() in LIST_KEYS:
                self.list.keyPressEvent(event)
                return True
        return super().eventFilter(watched, event)
