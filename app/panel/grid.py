"""A table of numbers in the settings: a line to read, and a grid to edit it in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QPalette
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.panel.fields import Line
from app.panel.sheet import SIDE, pasted
from app.panel.travel import spoken

if TYPE_CHECKING:
    from PySide6.QtGui import QHideEvent

    from app.panel.sheet import Rows, Sheet

WIDE, HIGH = 7, 1.8  # a cell, in widths and heights of a figure
SHOWN = 10  # rows that are seen without scrolling


class Cells(QTableWidget):
    """The cells: arrows and Tab move, typing edits, Enter goes down."""

    edited = Signal(object)
    """Every row, all of numbers in bounds."""
    doubted = Signal(str)
    """Why a cell does not count; empty if all do."""

    def __init__(self) -> None:
        super().__init__()
        self._sheet: Sheet | None = None
        triggers = self.EditTrigger
        self.setEditTriggers(
            triggers.AnyKeyPressed | triggers.DoubleClicked | triggers.EditKeyPressed
        )
        self.setTabKeyNavigation(True)
        self.setCornerButtonEnabled(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.itemChanged.connect(self._check)

    def show_sheet(self, sheet: Sheet) -> None:
        """Show `sheet`, unless something in the cells is wrong and stays to be seen."""
        if self._sheet == sheet:
            return
        self._sheet = sheet
        rows = sheet.rows
        with QSignalBlocker(self):
            self.setRowCount(len(rows))
            self.setColumnCount(len(rows[0]) if rows else 0)
            for i, row in enumerate(rows):
                for j, value in enumerate(row):
                    self._write(i, j, spoken(value))
            self.setVerticalHeaderLabels([sheet.heads(i) for i in range(len(rows))])
        self.doubted.emit("")
        self._fit()

    def paste(self, text: str) -> None:
        """Write a piece of a spreadsheet into the cells, from the current one on."""
        i0, j0 = max(self.currentRow(), 0), max(self.currentColumn(), 0)
        with QSignalBlocker(self):
            for i, row in enumerate(pasted(text), start=i0):
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
        if self._sheet is None:
            return
        rows, doubt = list[tuple[float, ...]](), ""
        with QSignalBlocker(self):
            for i, row in enumerate(self._texts()):
                found = [self._read(i, j, text) for j, text in enumerate(row)]
                wrong = next((f for f in found if isinstance(f, str)), "")
                doubt = doubt or wrong
                rows.append(tuple(f for f in found if isinstance(f, float)))
        self.doubted.emit(doubt)
        if not doubt and tuple(rows) != self._sheet.rows:
            self.edited.emit(tuple(rows))

    def _read(self, i: int, j: int, text: str) -> float | str:
        """Return the number of a cell, or why it is none, which its looks say too."""
        item = self.item(i, j)
        if item is None or self._sheet is None:
            return ""
        try:
            value = self._sheet.read(text)
        except ValueError as error:
            self._mark(item, str(error))
            return str(error)
        self._mark(item, "")
        old = self._sheet.rows[i][j]
        return old if text == spoken(old) else value  # what is not typed stays exact

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
        wide = WIDE * metrics.horizontalAdvance("0")
        high = round(HIGH * metrics.height())
        for j in range(self.columnCount()):
            self.setColumnWidth(j, wide)
        for i in range(self.rowCount()):
            self.setRowHeight(i, high)
        side, top = self.verticalHeader(), self.horizontalHeader()
        bar = self.verticalScrollBar().sizeHint().width()
        more = bar if self.rowCount() > SHOWN else 0
        self.setFixedSize(
            side.sizeHint().width() + self.columnCount() * wide + more + 4,
            top.sizeHint().height() + min(self.rowCount(), SHOWN) * high + 4,
        )


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
