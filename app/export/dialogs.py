"""The dialogs of the exports: size, rate, length, colours, and where to."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.widgets.controls import ComboBox

if TYPE_CHECKING:
    from app.document.document import Document

SIZE_OPTIONS = (
    ("1280 × 720, HD", (1280, 720)),
    ("1920 × 1080, Full HD", (1920, 1080)),
    ("3840 × 2160, 4K", (3840, 2160)),
    ("1080 × 1080, square", (1080, 1080)),
    ("1080 × 1920, upright", (1080, 1920)),
)
FPS_OPTIONS = (("30", 30), ("60", 60))
THEME_OPTIONS = (("Dark", "dark"), ("Light", "light"))
SECONDS_RANGE = (1, 600)
DIALOG_WIDTH = 460  # pixels
NOT_IN_FILE_NAMES = re.compile(r"[^\w−-]+")


def slug(title: str) -> str:
    """Return `title` as the name of a file."""
    return NOT_IN_FILE_NAMES.sub("-", title.lower()).strip("-") or "orrery"


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


class ExportDialog(QDialog):
    """A title, rows of questions, and two buttons."""

    def __init__(self, title: str, verb: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.setMinimumWidth(DIALOG_WIDTH)
        self.rows = QFormLayout()
        self.rows.setHorizontalSpacing(16)
        self.rows.setVerticalSpacing(10)
        self.note = QLabel()
        self.note.setProperty("role", "small")
        self.note.setWordWrap(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        go = buttons.addButton(verb, QDialogButtonBox.ButtonRole.AcceptRole)
        go.setDefault(True)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        head = QLabel(title)
        head.setProperty("role", "head")
        stack = QVBoxLayout(self)
        stack.setContentsMargins(24, 20, 24, 20)
        stack.setSpacing(16)
        stack.addWidget(head)
        stack.addLayout(self.rows)
        stack.addWidget(self.note)
        stack.addWidget(buttons)


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
        path = self._path_edit.path
        return path if path.suffix.lower() == ".png" else path.with_suffix(".png")

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


class VideoDialog(PictureDialog):
    """Size, rate, length, colours and file of a video."""

    title = "Export video"

    def __init__(self, document: Document, folder: Path, parent: QWidget) -> None:
        super().__init__(document, folder, parent)
        self._speed = document.look.speed
        name = f"{slug(document.scenario.title)}.mp4"
        self._path_edit.line.setText(str(folder / name))
        self._fps = menu(FPS_OPTIONS, 1)
        self._seconds = QSpinBox()
        self._seconds.setRange(*SECONDS_RANGE)
        self._seconds.setSuffix(" s")
        self._seconds.lineEdit().setTextMargins(6, 0, 6, 0)
        whole = document.scenario.duration / self._speed
        self._seconds.setValue(min(max(round(whole), SECONDS_RANGE[0]), 60))
        self._seconds.valueChanged.connect(self._describe)
        self.rows.insertRow(1, "Frames per second", self._fps)
        self.rows.insertRow(2, "Length", self._seconds)
        self._describe()

    @property
    def out(self) -> Path:
        """The file: MP4, or GIF if asked for."""
        path = self._path_edit.path
        known = path.suffix.lower() in (".mp4", ".gif")
        return path if known else path.with_suffix(".mp4")

    @property
    def command(self) -> tuple[str, ...]:
        """The command line of the child process."""
        wide, high = self.size_wanted
        flags = ("--size", f"{wide}x{high}", "--fps", str(self._fps.currentData()))
        length = ("--seconds", str(self._seconds.value()))
        return ("render", *flags, *length, "--theme", self.theme)

    def _describe(self) -> None:
        end = self._seconds.value() * self._speed
        self.note.setText(
            f"From t = 0 to {end:g} at {self._speed:g}×, each frame at its exact time. "
            "The file contains the scenario and can be opened here."
        )


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
