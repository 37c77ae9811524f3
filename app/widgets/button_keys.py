"""Leaves keys such as Space to a button that has the focus."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QApplication

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


class ButtonKeys(QObject):
    """Keeps keys that the focused button handles from the shortcuts of `window`.

    A filter, since a window whose `event` is Python holds Python's lock while Qt paints
    all that it contains: threads that draw and compute would wait.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Accept such a key before it is looked for among the shortcuts."""
        override = event.type() == QEvent.Type.ShortcutOverride
        if override and isinstance(event, QKeyEvent):
            if keeps(QApplication.focusWidget(), event.key()):
                event.accept()
                return True
        return super().eventFilter(watched, event)


def keeps(focus: QWidget | None, key: int) -> bool:
    """Return whether the focused widget handles `key` itself, before any shortcut."""
    return isinstance(focus, QAbstractButton) and key == Qt.Key.Key_Space
