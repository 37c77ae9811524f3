"""The dialog after a table is opened: what its columns are, and the reading of it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from app.tables.column_grid import ColumnGrid
from app.widgets.background import LatestWork
from sim.tables.preview import Preview, choice_text, preview
from sim.tables.reading import read_tokens
from sim.tables.source import located
from sim.tables.tokens import MIN_DIMENSION

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sim.tables.columns import Roles
    from sim.tables.tokens import TokenTable

SIZE = (760, 520)  # pixels
STEPS = 1000  # of the progress bar
SAID_LINES = 3  # kept free above the grid, so that it stays where it is ticked
Button = QDialogButtonBox.StandardButton


class ColumnDialog(QDialog):
    """Shows a table's first rows, lets columns be ticked, and reads the table.

    Parameters
    ----------
    path : Path
        A text or Parquet table.
    columns : str
        The choice in force, as `sim.tables.choice` writes it; empty for none.
    metadata : str
        A second file with the names of the rows; empty for none.
    parent : QWidget
        The window.
    """

    opened = Signal(str, str)
    """The choice of columns, empty if the table decided; and what was read."""

    def __init__(
        self, path: Path, columns: str, metadata: str, parent: QWidget | None
    ) -> None:
        super().__init__(parent)
        self._path, self._columns, self._metadata = str(path), columns, metadata
        self._preview: Preview | None = None
        self._touched = bool(columns)
        self._stamp: object = None
        self._work = LatestWork(self)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(f"Columns of {path.name}")
        self.resize(*SIZE)
        self.grid = ColumnGrid()
        self.said = QLabel("Reading the first rows …")
        self.said.setWordWrap(True)
        self.said.setTextFormat(Qt.TextFormat.PlainText)
        self.said.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.said.setMinimumHeight(SAID_LINES * self.fontMetrics().lineSpacing())
        self.titles = QCheckBox("The first row holds titles")
        self.progress = QProgressBar()
        self.progress.setRange(0, STEPS)
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName("Share of the table that has been read")
        self.progress.setVisible(False)
        self.buttons = QDialogButtonBox(Button.Open | Button.Cancel)
        column = QVBoxLayout(self)
        for part in (self.said, self.grid, self.titles, self.progress, self.buttons):
            column.addWidget(part, int(part is self.grid))
        self.grid.chosen.connect(self._choose)
        self.titles.clicked.connect(self._change_titles)
        self.buttons.accepted.connect(self._read)
        self.buttons.rejected.connect(self.reject)
        self.finished.connect(self._work.give_up)
        self._open_button().setEnabled(False)
        self._look(columns, None, self._show)

    def columns(self) -> str:
        """Return the choice of columns; empty where the table decides."""
        if not self._touched or self._preview is None:
            return ""
        layout = self._preview.layout
        return choice_text(layout, self.grid.roles(), self.titles.isChecked())

    def _show(self, found: Preview) -> None:
        """Show the first rows."""
        self._preview = found
        self.grid.show_layout(found.layout)
        self.titles.setChecked(bool(found.layout.titles))
        if found.doubt:
            self.said.setText(f"{found.doubt} Or tick what the columns are:")
        else:
            self.said.setText(found.sentence())
        ready = _enough(found.layout.roles)
        self._open_button().setEnabled(ready and (self._touched or not found.doubt))

    def _choose(self) -> None:
        """Take the ticks as the choice."""
        if self._preview is None:
            return
        self._touched = True
        layout = self._preview.layout
        roles = self.grid.roles()
        chosen = Preview(replace(layout, roles=roles))
        ready = _enough(roles)
        more = "" if ready else " Tick two columns or more as coordinates."
        self.said.setText(f"{chosen.sentence()}{more}")
        self._open_button().setEnabled(ready)

    def _change_titles(self) -> None:
        """Look at the table again, with titles in its first row or without."""
        titled = self.titles.isChecked()
        self._touched = True
        self._look("", titled, self._show_again)

    def _show_again(self, found: Preview) -> None:
        self._show(found)
        self._choose()

    def _show_changed(self, found: Preview) -> None:
        self._touched = bool(self._columns)
        self._show(found)
        self.said.setText(f"The file has changed. Now it has: {self.said.text()}")

    def _look(
        self, columns: str, titled: bool | None, then: Callable[[Preview], None]
    ) -> None:
        """Read the first rows."""
        self._stamp = _stamp(self._path)
        self._start(partial(_look, self._path, columns, titled), then)

    def _read(self) -> None:
        """Read the whole table, then close; look again if the file has changed."""
        if _stamp(self._path) not in (None, self._stamp):
            self._look(self._columns, None, self._show_changed)
            return
        self.progress.setVisible(True)
        self.grid.setEnabled(False)
        self._open_button().setEnabled(False)
        work = partial(_read_all, self._path, self.columns(), self._metadata)
        self._start(work, self._finish)

    def _finish(self, table: TokenTable) -> None:
        self.opened.emit(self.columns(), table.report.text())
        self.accept()

    def _fail(self, why: str) -> None:
        self.progress.setVisible(False)
        self.grid.setEnabled(True)
        self.said.setText(why)
        nothing = self._preview is None  # to tick
        for part in (self.grid, self.titles, self._open_button()):
            part.setVisible(not nothing)
        self._open_button().setEnabled(not nothing and _enough(self.grid.roles()))

    def _start(
        self,
        work: Callable[[Callable[[float], None]], object],
        then: Callable[..., None],
    ) -> None:
        begun = self._work.start(work)
        begun.progressed.connect(self._progress)
        begun.failed.connect(self._fail)
        begun.done.connect(then)

    def _progress(self, share: float) -> None:
        self.progress.setValue(int(share * STEPS))

    def _open_button(self) -> QWidget:
        return self.buttons.button(Button.Open)


def _enough(roles: Roles) -> bool:
    """Whether tokens would have two coordinates or more."""
    return roles.listed or len(roles.coordinates) >= MIN_DIMENSION


def _stamp(path: str) -> tuple[int, int] | None:
    """Return when a file was changed, and its size; None if it is not there."""
    try:
        found = located(path).stat()
    except (OSError, ValueError):
        return None
    return found.st_mtime_ns, found.st_size


def _look(
    path: str, columns: str, titled: bool | None, _report: Callable[[float], None]
) -> Preview:
    return preview(path, columns, titled)


def _read_all(
    path: str, columns: str, metadata: str, report: Callable[[float], None]
) -> TokenTable:
    return read_tokens(path, columns=columns, metadata=metadata, progress=report)
