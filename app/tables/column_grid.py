"""The first rows of a table, above which each column is ticked as what it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QTableWidget, QTableWidgetItem

from sim.tables.columns import Roles

if TYPE_CHECKING:
    from sim.tables.layout import TableLayout

NAME, GROUP, COORDINATE, LEFT_OUT = range(4)
ROLES = ("Name", "Group", "Coordinate", "Leave out")
"""The rows of ticks."""
SHOWN_ROWS = 12
SHOWN_COLUMNS = 600
MAX_CELL = 24  # characters
Check = Qt.CheckState


class ColumnGrid(QTableWidget):
    """Four rows of ticks, and the first rows of a table below them."""

    chosen = Signal()
    """A column was ticked as something else."""

    def __init__(self) -> None:
        super().__init__()
        self._layout: TableLayout | None = None
        self._roles: list[int] = []
        self.setAccessibleName("Columns of the table")
        self.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.setWordWrap(False)
        self.itemChanged.connect(self._tick)

    def show_layout(self, layout: TableLayout) -> None:
        """Show columns, and what they are."""
        self._layout = layout
        shown = layout.columns[:SHOWN_COLUMNS]
        rows = min(SHOWN_ROWS, max((len(c.cells) for c in shown), default=0))
        with QSignalBlocker(self):
            self.setRowCount(len(ROLES) + rows)
            self.setColumnCount(len(shown))
            self.setVerticalHeaderLabels([*ROLES, *(str(k + 1) for k in range(rows))])
            titles = [c.title.strip()[:MAX_CELL] or str(c.place + 1) for c in shown]
            self.setHorizontalHeaderLabels(titles)
            for column in shown:
                for row in range(len(ROLES)):
                    self.setItem(
                        row, column.place, _tick_item(ROLES[row], column.called)
                    )
                for row, cell in enumerate(column.cells[:rows]):
                    self.setItem(len(ROLES) + row, column.place, _cell_item(cell))
        self._roles = _roles_by_column(layout)
        self._show_roles()
        self.resizeColumnsToContents()

    def roles(self) -> Roles:
        """Return what the columns are ticked as."""
        found = {role: self._places(role) for role in range(len(ROLES))}
        kinds = {c.place: c.kind for c in self._layout.columns} if self._layout else {}
        at = found[COORDINATE]
        return Roles(
            tuple(at),
            next(iter(found[NAME]), None),
            next(iter(found[GROUP]), None),
            {place: kinds[place] for place in found[LEFT_OUT]},
            len(at) == 1 and kinds[at[0]] == "list",
        )

    def choose(self, column: int, role: int) -> None:
        """Tick a column as something; names and groups come from one column each."""
        if role in (NAME, GROUP):
            for other in self._places(role):
                self._roles[other] = LEFT_OUT
        self._roles[column] = role
        self._show_roles()
        self.chosen.emit()

    def _places(self, role: int) -> list[int]:
        return [place for place, given in enumerate(self._roles) if given == role]

    def _tick(self, item: QTableWidgetItem) -> None:
        if item.row() >= len(ROLES):
            return
        if item.checkState() == Check.Checked:
            self.choose(item.column(), item.row())
        else:  # a column is always something
            self._show_roles()

    def _show_roles(self) -> None:
        with QSignalBlocker(self):
            for place in range(self.columnCount()):
                for row in range(len(ROLES)):
                    given = self._roles[place] == row
                    state = Check.Checked if given else Check.Unchecked
                    item = self.item(row, place)
                    if item is not None:
                        item.setCheckState(state)
        self.viewport().update()


def _roles_by_column(layout: TableLayout) -> list[int]:
    roles = layout.roles
    found = [LEFT_OUT] * len(layout.columns)
    for place in roles.coordinates:
        found[place] = COORDINATE
    for place, role in ((roles.name, NAME), (roles.group, GROUP)):
        if place is not None:
            found[place] = role
    return found


def _tick_item(role: str, column: str) -> QTableWidgetItem:
    item = QTableWidgetItem()
    item.setFlags(
        Qt.ItemFlag.ItemIsUserCheckable
        | Qt.ItemFlag.ItemIsEnabled
        | Qt.ItemFlag.ItemIsSelectable
    )
    item.setCheckState(Check.Unchecked)
    item.setToolTip(f"{role}: {column}")
    return item


def _cell_item(cell: str) -> QTableWidgetItem:
    text = cell.strip().replace("\n", " ")
    item = QTableWidgetItem(text if len(text) <= MAX_CELL else f"{text[:MAX_CELL]}…")
    item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
    return item
