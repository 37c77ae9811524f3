"""The cells of a table of numbers: editing, pasting and validation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QPalette
from PySide6.QtWidgets import QTableWidget, QTableWidgetItem

from app.annotations.number_format import setting_text
from app.panel.matrix_table import split_cells

if TYPE_CHECKING:
    from app.panel.matrix_table import MatrixTable

CELL_WIDTH, CELL_HEIGHT = 7, 1.8  # a cell, in widths and heights of a figure
MAX_VISIBLE_ROWS = 10  # rows that are seen without scrolling


class TableCells(QTableWidget):
    """The cells: arrows and Tab move, typing edits, Enter goes down."""

    edited = Signal(object)
    """Every row, all of numbers in bounds."""
    invalid = Signal(str)
    """Why a cell does not count; empty if all do."""

    def __init__(self) -> None:
        super().__init__()
        self._table: MatrixTable | None = None
        triggers = self.EditTrigger
        self.setEditTriggers(
            triggers.AnyKeyPressed | triggers.DoubleClicked | triggers.EditKeyPressed
        )
        self.setTabKeyNavigation(True)
        self.setCornerButtonEnabled(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.itemChanged.connect(self._check)

    def show_table(self, table: MatrixTable) -> None:
        """Show `table`, unless something in the cells is wrong and stays to be seen."""
        if self._table == table:
            return
        self._table = table
        rows = table.rows
        with QSignalBlocker(self):
            self.setRowCount(len(rows))
            self.setColumnCount(len(rows[0]) if rows else 0)
            for i, row in enumerate(rows):
                for j, value in enumerate(row):
                    self._write(i, j, setting_text(value))
            self.setVerticalHeaderLabels([table.heads(i) for i in range(len(rows))])
        self.invalid.emit("")
        self._fit()

    def paste(self, text: str) -> None:
        """Write a piece of a spreadsheet into the cells, from the current one on."""
        i0, j0 = max(self.currentRow(), 0), max(self.currentColumn(), 0)
        with QSignalBlocker(self):
            for i, row in enumerate(split_cells(text), start=i0):
                for j, cell in enumerate(row, start=j0):
                    if i < self.rowCount() and j < self.columnCount():
                        self._write(i, j, cell)
        self._look()

    def copied(self) -> str:
        """Return all cells as a spreadsheet reads them."""
        return "\n".join("\t".join(row) for row in self._texts())

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Copy, paste, and go down with Enter."""
        if event.matches(QKeySequence.StandardKey.Paste):
            self.paste(QGuiApplication.clipboard().text())
        elif event.matches(QKeySequence.StandardKey.Copy):
            QGuiApplication.clipboard().setText(self.copied().replace("−", "-"))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            down = min(self.currentRow() + 1, self.rowCount() - 1)
            self.setCurrentCell(down, self.currentColumn())
        else:
            super().keyPressEvent(event)

    def _texts(self) -> list[list[str]]:
        return [
            [self._text(i, j) for j in range(self.columnCount())]
            for i in range(self.rowCount())
        ]

    def _text(self, i: int, j: int) -> str:
        item = self.item(i, j)
        return item.text() if item is not None else ""

    def _write(self, i: int, j: int, text: str) -> None:
        item = self.item(i, j)
        if item is None:
            item = QTableWidgetItem()
            item.setTextAlignment(Qt.AlignmentFlag.AlignCenter)
            self.setItem(i, j, item)
        item.setText(text)
        self._mark(item, "")

    def _check(self, item: QTableWidgetItem) -> None:
        self._look()

    def _look(self) -> None:
        """Mark cells that are no numbers; if there are none, tell all rows."""
        if self._table is None:
            return
        rows, doubt = list[tuple[float, ...]](), ""
        with QSignalBlocker(self):
            for i, row in enumerate(self._texts()):
                found = [self._read(i, j, text) for j, text in enumerate(row)]
                wrong = next((f for f in found if isinstance(f, str)), "")
                doubt = doubt or wrong
                rows.append(tuple(f for f in found if isinstance(f, float)))
        self.invalid.emit(doubt)
        if not doubt and tuple(rows) != self._table.rows:
            self.edited.emit(tuple(rows))

    def _read(self, i: int, j: int, text: str) -> float | str:
        """Return the number of a cell, or why it is none, which its looks say too."""
        item = self.item(i, j)
        if item is None or self._table is None:
            return ""
        try:
            value = self._table.read(text)
        except ValueError as error:
            self._mark(item, str(error))
            return str(error)
        self._mark(item, "")
        old = self._table.rows[i][j]
        unchanged = text == setting_text(old)  # then it keeps all its figures
        return old if unchanged else value

    def _mark(self, item: QTableWidgetItem, why: str) -> None:
        """Show that a cell does not count, by its colour and a line below, and why."""
        role, font = QPalette.ColorRole, self.font()
        font.setUnderline(bool(why))
        item.setFont(font)
        item.setForeground(self.palette().color(role.BrightText if why else role.Text))
        item.setToolTip(why)

    def _fit(self) -> None:
        """Take as much room as the cells need."""
        metrics = self.fontMetrics()
        wide = CELL_WIDTH * metrics.horizontalAdvance("0")
        high = round(CELL_HEIGHT * metrics.height())
        for j in range(self.columnCount()):
            self.setColumnWidth(j, wide)
        for i in range(self.rowCount()):
            self.setRowHeight(i, high)
        side, top = self.verticalHeader(), self.horizontalHeader()
        bar = self.verticalScrollBar().sizeHint().width()
        more = bar if self.rowCount() > MAX_VISIBLE_ROWS else 0
        self.setFixedSize(
            side.sizeHint().width() + self.columnCount() * wide + more + 4,
            top.sizeHint().height() + min(self.rowCount(), MAX_VISIBLE_ROWS) * high + 4,
        )
