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

from app.panel.cells import TableCells
from app.panel.fields import TextEntry
from app.panel.matrix_table import MAX_MATRIX_SIDE

if TYPE_CHECKING:
    from PySide6.QtGui import QHideEvent

    from app.panel.matrix_table import MatrixTable, Rows


class Popover(QFrame):
    """The cells, what may be done to all of them, and what is wrong with one."""

    edited = Signal(object)
    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("card")
        self.cells, self.doubt = TableCells(), QLabel()
        self.doubt.setProperty("role", "warn")
        self.doubt.setWordWrap(True)
        self.more, self.less = QPushButton(), QPushButton()
        self._table: MatrixTable | None = None
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
        self.cells.invalid.connect(self._doubt)
        self.more.clicked.connect(self._grow)
        self.less.clicked.connect(self._shrink)

    def show_table(self, table: MatrixTable) -> None:
        """Show `table`."""
        self._table = table
        self.cells.show_table(table)
        free, count = not table.sizes, len(table.rows)
        self.more.setText("Add a row" if free else "One for each head")
        self.less.setText("Remove the last" if free else "One for all heads")
        top = MAX_MATRIX_SIDE if free else max(table.sizes)
        least = 1 if free else min(table.sizes)
        self.more.setVisible(count < top)
        self.less.setVisible(count > least)
        self.adjustSize()

    def _grow(self) -> None:
        if self._table is not None:
            sizes = self._table.sizes
            self._resize(max(sizes) if sizes else len(self._table.rows) + 1)

    def _shrink(self) -> None:
        if self._table is not None:
            sizes = self._table.sizes
            self._resize(min(sizes) if sizes else len(self._table.rows) - 1)

    def _resize(self, count: int) -> None:
        if self._table is not None:
            self.edited.emit(self._table.sized(count))

    def _doubt(self, why: str) -> None:
        self.doubt.setText(why)
        self.doubt.setVisible(bool(why))
        self.adjustSize()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        """Say that it is closed."""
        super().hideEvent(event)
        self.closed.emit()


class TableEntry(TextEntry):
    """The numbers in a line, row by row, and a button that opens the grid."""

    def __init__(self) -> None:
        super().__init__()
        self._table: MatrixTable | None = None
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

    def show_table(self, table: MatrixTable) -> None:
        """Show the table that a document has."""
        self._table = table
        self.button.setEnabled(not table.large)
        self.button.setToolTip(table.hint if table.large else "Edit in a grid")
        self.entry.setReadOnly(table.large)
        if table.large:
            self.entry.setToolTip(table.hint)
        self.entry.setPlaceholderText(table.empty)
        if self._popover is not None and self._popover.isVisible():
            self._popover.show_table(table)

    def open(self) -> None:
        """Open the grid below the line, inside the screen."""
        if self._table is None or self._table.large:
            return
        popover = self.popover
        popover.show_table(self._table)
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
        if self._table is not None:
            self.edited.emit(self._table.value(rows))
