"""The setting that keeps a choice of columns, and a button that shows them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QToolButton

from app.panel.fields import TextEntry
from app.tables.column_dialog import ColumnDialog
from sim.initial.file import EmbeddingFile
from sim.tables.source import located

if TYPE_CHECKING:
    from sim.initial import Initial

COLUMNS = "initial.columns"
"""The setting."""


class ColumnsEntry(TextEntry):
    """A choice of columns as text, and a button to tick them in a preview."""

    def __init__(self) -> None:
        super().__init__()
        self._initial = EmbeddingFile()
        self.button = QToolButton()
        self.button.setText("…")
        self.button.setToolTip("Show the columns of the table")
        self._row.setSpacing(4)
        self._row.addWidget(self.button)
        self.button.clicked.connect(self.show_columns)

    def show_initial(self, initial: Initial) -> None:
        """Take the table whose columns are chosen."""
        if isinstance(initial, EmbeddingFile):
            self._initial = initial

    def show_columns(self) -> None:
        """Show the columns of the table in a dialog."""
        try:
            place = located(self._initial.path)
        except ValueError:
            place = Path(self._initial.path)  # the dialog says what is wrong
        initial = self._initial
        dialog = ColumnDialog(
            place, initial.columns, initial.metadata.path, self.window()
        )
        dialog.opened.connect(self._take)
        dialog.open()

    def _take(self, columns: str, _said: str) -> None:
        self.edited.emit(columns)
        self.released.emit()
