"""All keyboard shortcuts on one page, from the table of actions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from app.actions import COMMANDS, MENUS
from app.widgets.page_scroll import PageScroll

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent

    from app.actions import Command

COLUMN_COUNT = 2
WIDEST_KEYS = "Ctrl+Shift+Z"  # keys: their columns are aligned
MOUSE_ACTIONS = (
    ("Drag the globe", "Turn it"),
    ("Wheel on the globe", "Zoom"),
    ("Click a token", "Show its attention"),
    ("Double-click a name", "Reset to the default"),
    ("Arrows on a slider", "Fine steps"),
)
"""What the mouse does."""


def keys_of(command: Command) -> str:
    """Return the keys of a command as this machine writes them."""
    native = QKeySequence.SequenceFormat.NativeText
    return " or\n".join(QKeySequence(k).toString(native) for k in command.keys.split())


class CheatSheet(QDialog):
    """The keys, menu by menu."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Keyboard shortcuts")
        blocks = [
            (
                menu,
                [(keys_of(c), c.text) for c in COMMANDS if c.menu == menu and c.keys],
            )
            for menu in MENUS
        ]
        blocks.append(("Mouse", list(MOUSE_ACTIONS)))
        columns = [QVBoxLayout() for _ in range(COLUMN_COUNT)]
        filled = [0] * COLUMN_COUNT
        for title, lines in blocks:
            place = filled.index(min(filled))
            columns[place].addLayout(self._block(title, lines))
            filled[place] += len(lines) + 2
        page = QWidget()
        row = QHBoxLayout(page)
        row.setContentsMargins(24, 20, 24, 20)
        row.setSpacing(40)
        for column in columns:
            column.setSpacing(16)
            column.addStretch(1)
            row.addLayout(column)
        self._scroll = PageScroll(page)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._scroll)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Be as high as the keys need, and no higher than the screen."""
        self._scroll.fit_window()
        super().showEvent(event)

    def _block(self, title: str, lines: list[tuple[str, str]]) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(20)
        grid.setVerticalSpacing(6)
        head = QLabel(title)
        head.setProperty("role", "title")
        grid.addWidget(head, 0, 0, 1, 2)
        for line, (keys, text) in enumerate(lines, start=1):
            left, right = QLabel(keys), QLabel(text.removesuffix("…"))
            right.setProperty("role", "muted")
            grid.addWidget(left, line, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(right, line, 1, Qt.AlignmentFlag.AlignTop)
        widest = self.fontMetrics().horizontalAdvance(WIDEST_KEYS)
        grid.setColumnMinimumWidth(0, widest)
        grid.setColumnStretch(1, 1)
        return grid
