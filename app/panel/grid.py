"""A table of numbers in the settings: a line to read, and a grid to edit it in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.panel.cells import Cells
from app.panel.fields import Line
from app.panel.matrix_table import SIDE

if TYPE_CHECKING:
    from PySide6.QtGui import QHideEvent

    from app.panel.matrix_table import Rows, Sheet


class Popover(QFrame):
    """The cells, what may be done to all of them, and what is wrong with one."""

    edited = Signal(object)
    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("card")
        self.cells, self.doubt = Cells(), QLabel()
        self.doubt.setProperty("role", "warn")
        self.doubt.setWordWrap(True)
        self.more, self.less = QPushButton(), QPushButton()
        self._sheet: Sheet | None = None
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.more)
        row.addWidget(self.less)
        row.addStretch(1)
        box = QVBoxLayout(self)
        box.setContentsMargins(12, 12, 12, 12)
        box.setSpacing(8)
        box.addWidget(self.cells)
        box.addWidget(self.doubt)
        box.addLayout(row)
        self.cells.edited.connect(self.edited)
        self.cells.doubted.connect(self._doubt)
        self.more.clicked.connect(self._grow)
        self.less.clicked.connect(self._shrink)

    def show_sheet(self, sheet: Sheet) -> None:
        """Show `sheet`."""
        self._sheet = sheet
        self.cells.show_sheet(sheet)
        free, count = not sheet.sizes, len(sheet.rows)
        self.more.setText("Add a row" if free else "One for each head")
        self.less.setText("Remove the last" if free else "One for all heads")
        top = SIDE if free else max(sheet.sizes)
        least = 1 if free else min(sheet.sizes)
        self.more.setVisible(count < top)
        self.less.setVisible(count > least)
        self.adjustSize()

    def _grow(self) -> None:
        if self._sheet is not None:
            sizes = self._sheet.sizes
            self._resize(max(sizes) if sizes else len(self._sheet.rows) + 1)

    def _shrink(self) -> None:
        if self._sheet is not None:
            sizes = self._sheet.sizes
            self._resize(min(sizes) if sizes else len(self._sheet.rows) - 1)

    def _resize(self, count: int) -> None:
        if self._sheet is not None:
            self.edited.emit(self._sheet.sized(count))

    def _doubt(self, why: str) -> None:
        self.doubt.setText(why)
        self.doubt.setVisible(bool(why))
        self.adjustSize()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        """Say that it is closed."""
        super().hideEvent(event)
        self.closed.emit()


class Table(Line):
    """The numbers in a line, row by row, and a button that opens the grid."""

    def __init__(self) -> None:
        super().__init__()
        self._sheet: Sheet | None = None
        self._popover: Popover | None = None
        self.button = QToolButton()
        self.button.setText("Edit")
        self.button.setProperty("role", "small")
        self._row.setSpacing(4)
        self._row.addWidget(self.button)
        self.button.clicked.connect(self.open)

    @property
    def popover(self) -> Popover:
        """The grid; made when it is first asked for."""
        if self._popover is None:
            self._popover = Popover(self)
            self._popover.edited.connect(self._edit)
            self._popover.closed.connect(self.released)
        return self._popover

    def show_sheet(self, sheet: Sheet) -> None:
        """Show the table that a document has."""
        self._sheet = sheet
        self.button.setEnabled(not sheet.large)
        self.button.setToolTip(sheet.hint if sheet.large else "Edit in a grid")
        self.entry.setReadOnly(sheet.large)
        if sheet.large:
            self.entry.setToolTip(sheet.hint)
        self.entry.setPlaceholderText(sheet.empty)
        if self._popover is not None and self._popover.isVisible():
            self._popover.show_sheet(sheet)

    def open(self) -> None:
        """Open the grid below the line, inside the screen."""
        if self._sheet is None or self._sheet.large:
            return
        popover = self.popover
        popover.show_sheet(self._sheet)
        at, size = self.mapToGlobal(QPoint(0, self.height())), popover.sizeHint()
        room = self.screen().availableGeometry()
        x = min(at.x(), room.right() - size.width())
        y = min(at.y(), room.bottom() - size.height())
        popover.move(max(x, room.left()), max(y, room.top()))
        popover.show()
        popover.adjustSize()  # now that it has its letters
        popover.cells.setCurrentCell(0, 0)
        popover.cells.setFocus()

    def _enter(self, text: str) -> None:
        super()._enter(text.replace("−", "-"))

    def _edit(self, rows: Rows) -> None:
        if self._sheet is not None:
            self.turned.emit(self._sheet.value(rows))
