"""The dialog of a figure for a report: format, width, caption and file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCheckBox, QWidget

from app.export.dialogs import ExportDialog, PathEdit, menu
from app.figures.files import PNG_DPI
from app.figures.style import WIDTH_RANGE_MM
from app.widgets.number_box import NumberBox

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtCore import QSettings

FORMATS = (
    ("SVG, vectors", ".svg"),
    ("PDF, vectors", ".pdf"),
    (f"PNG, {PNG_DPI} pixels per inch", ".png"),
    ("CSV, its numbers", ".csv"),
)
DEFAULT_WIDTH_MM = 86.0  # a column of a journal
WIDTH_KEY, FORMAT_KEY, CAPTION_KEY = "figure/width", "figure/format", "figure/caption"
FILTERS = "Figures (*.svg *.pdf *.png *.csv)"


class FigureDialog(ExportDialog):
    """Asks how a figure is saved; remembers the answers."""

    def __init__(
        self,
        name: str,
        folder: Path,
        settings: QSettings,
        parent: QWidget,
        *,
        run: bool = True,
    ) -> None:
        super().__init__("Save figure", "Save", parent)
        self._settings = settings
        self._format = menu(FORMATS)
        self._width = NumberBox()
        self._width.setRange(*WIDTH_RANGE_MM)
        self._width.setDecimals(1)
        self._width.setSuffix(" mm")
        self._width.lineEdit().setTextMargins(6, 0, 6, 0)
        self._width.setValue(_number(settings.value(WIDTH_KEY)))
        self._caption = QCheckBox("Caption with title, settings and time")
        self._caption.setChecked(str(settings.value(CAPTION_KEY, "true")) == "true")
        suffix = str(settings.value(FORMAT_KEY, ".svg"))
        self._format.setCurrentIndex(max(0, self._format.findData(suffix)))
        self._path_edit = PathEdit(folder / f"{name}{self.suffix}", FILTERS)
        self._format.currentIndexChanged.connect(self._change_suffix)
        self.rows.addRow("Format", self._format)
        self.rows.addRow("Width", self._width)
        self.rows.addRow("", self._caption)
        self.rows.addRow("File", self._path_edit)
        inside = " The file contains the run and can be opened here." if run else ""
        note = "Labels have 8 pt at this width; a column has 86 mm."
        self.note.setText(note + inside)

    @property
    def suffix(self) -> str:
        """The suffix of the chosen format."""
        return str(self._format.currentData())

    @property
    def out(self) -> Path:
        """The file; a suffix that is no format is kept as part of the name."""
        path = self._path_edit.path
        known = path.suffix.lower() in (suffix for _, suffix in FORMATS)
        return path if known else path.with_name(path.name + self.suffix)

    @property
    def width_mm(self) -> float:
        """The width in millimetres."""
        return self._width.value()

    @property
    def captioned(self) -> bool:
        """Whether the caption is drawn."""
        return self._caption.isChecked()

    def accept(self) -> None:
        """Remember the answers."""
        self._settings.setValue(WIDTH_KEY, self.width_mm)
        self._settings.setValue(FORMAT_KEY, self.suffix)
        self._settings.setValue(CAPTION_KEY, "true" if self.captioned else "false")
        super().accept()

    def _change_suffix(self) -> None:
        """Give the file the suffix of the format."""
        path = self.out
        self._path_edit.line.setText(str(path.with_suffix(self.suffix)))


def _number(value: object) -> float:
    try:
        return float(str(value))
    except ValueError:
        return DEFAULT_WIDTH_MM
