"""The dialogs of the exports: size, rate, length, colours, and where to."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QMessageBox,
    QToolButton,
    QWidget,
)

from app.widgets.controls import ComboBox
from app.widgets.form_dialog import FormDialog
from sim.scenario_format import RUN_FILE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.document.document import Document

SIZE_OPTIONS = (
    ("1280 × 720, HD", (1280, 720)),
    ("1920 × 1080, Full HD", (1920, 1080)),
    ("3840 × 2160, 4K", (3840, 2160)),
    ("1080 × 1080, square", (1080, 1080)),
    ("1080 × 1920, upright", (1080, 1920)),
)
THEME_OPTIONS = (("Dark", "dark"), ("Light", "light"))
TABLES = ("observables.csv", "trajectory.csv", RUN_FILE)
"""The files of an export of data."""
NOT_IN_FILE_NAMES = re.compile(r"[^\w−-]+")


def slug(title: str) -> str:
    """Return `title` as the name of a file."""
    return NOT_IN_FILE_NAMES.sub("-", title.lower()).strip("-") or "orrery"


def with_suffix(path: Path, suffix: str) -> Path:
    """Return `path` ending in `suffix`; a name such as ``beta=2.5`` is kept whole."""
    if path.suffix.lower() == suffix:
        return path
    return path.with_name(f"{path.name}{suffix}")


def may_replace(paths: Sequence[Path], parent: QWidget) -> bool:
    """Ask whether to replace those of `paths` that exist; return whether to write."""
    there = [path for path in paths if path.is_file()]
    if not there:
        return True
    one = len(there) == 1
    names, exist = ", ".join(path.name for path in there), "exists" if one else "exist"
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Question)
    box.setWindowTitle("Replace the file?" if one else "Replace the files?")
    box.setText(f"{names} {exist} in {there[0].parent}.")
    what = "Its content will be lost if you replace it."
    box.setInformativeText(what if one else "Their content will be lost if you do.")
    replace = box.addButton("Replace", QMessageBox.ButtonRole.AcceptRole)
    box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
    box.exec()
    return box.clickedButton() is replace


class PathEdit(QWidget):
    """The path of what is made, and a button to choose another."""

    def __init__(self, path: Path, filters: str) -> None:
        super().__init__()
        self._filters = filters
        self.line = QLineEdit(str(path))
        self.line.setAccessibleName("File")
        button = QToolButton()
        button.setText("…")
        button.setToolTip("Choose a file")
        button.clicked.connect(self._browse)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.line, 1)
        row.addWidget(button)

    @property
    def path(self) -> Path:
        """What was chosen."""
        return Path(self.line.text()).expanduser()

    def _browse(self) -> None:
        here = str(self.path)
        if self._filters:
            chosen, _ = QFileDialog.getSaveFileName(self, "Save", here, self._filters)
        else:
            chosen = QFileDialog.getExistingDirectory(self, "Folder", here)
        if chosen:
            self.line.setText(chosen)


class ExportDialog(FormDialog):
    """Asks how something is exported, and where to."""

    @property
    def out(self) -> Path:
        """The file or folder."""
        raise NotImplementedError

    @property
    def files(self) -> tuple[Path, ...]:
        """What is written, and asked about if it exists."""
        return (self.out,)

    def problem(self) -> str:
        """Return why `out` cannot be written; empty if it can."""
        out = self.out
        if not out.parent.is_dir():
            return f"There is no folder {out.parent}. Choose another."
        return ""

    def _confirm(self) -> None:
        """Close, unless something is wrong, or a file is to be kept."""
        if problem := self.problem():
            self.note.setText(problem)
        elif may_replace(self.files, self):
            self.accept()


def menu(options: tuple[tuple[str, object], ...], at: int = 0) -> ComboBox:
    """Return a list of named values."""
    out = ComboBox()
    for text, value in options:
        out.addItem(text, value)
    out.setCurrentIndex(at)
    return out


class PictureDialog(ExportDialog):
    """Size, colours and file of a picture."""

    title = "Export picture"

    def __init__(self, document: Document, folder: Path, parent: QWidget) -> None:
        super().__init__(self.title, "Export", parent)
        name = f"{slug(document.scenario.title)}.png"
        self._size, self._theme = menu(SIZE_OPTIONS, 1), menu(THEME_OPTIONS)
        self._path_edit = PathEdit(folder / name, "Pictures (*.png)")
        self.rows.addRow("Size", self._size)
        self.rows.addRow("Colours", self._theme)
        self.rows.addRow("File", self._path_edit)
        self.note.setText("The file contains the scenario and can be opened here.")

    @property
    def out(self) -> Path:
        """The file."""
        return with_suffix(self._path_edit.path, self.suffix)

    @property
    def suffix(self) -> str:
        """The suffix of the file."""
        return ".png"

    @property
    def size_wanted(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self._size.currentData()

    @property
    def theme(self) -> str:
        """``"dark"`` or ``"light"``."""
        return str(self._theme.currentData())

    def propose_theme(self, theme: str) -> None:
        """Propose the colours of `theme`."""
        self._theme.setCurrentIndex(self._theme.findData(theme))


class DataDialog(ExportDialog):
    """The folder that tables are written into."""

    def __init__(self, document: Document, folder: Path, parent: QWidget) -> None:
        super().__init__("Export data", "Export", parent)
        self._path_edit = PathEdit(folder / slug(document.scenario.title), "")
        self.rows.addRow("Folder", self._path_edit)
        end = document.scenario.duration
        self.note.setText(
            f"Runs from t = 0 to {end:g} and writes CSV tables of observables and "
            "tokens, and the scenario."
        )

    @property
    def out(self) -> Path:
        """The folder."""
        return self._path_edit.path

    @property
    def files(self) -> tuple[Path, ...]:
        """The tables in it."""
        return tuple(self.out / name for name in TABLES)

    def problem(self) -> str:
        """Return why the folder cannot be written; empty if it can."""
        if self.out.is_file():
            return f"{self.out.name} is a file. Choose a folder."
        return super().problem()
