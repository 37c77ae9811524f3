"""The dialog of a video: what it holds, with a preview, and where to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCheckBox

from app.export.dialogs import PathEdit, PictureDialog, menu, slug, with_suffix
from app.export.encoders import PictureRecorder
from app.export.matrix_plot import why_no_matrix
from app.export.preview import Preview
from app.widgets.number_box import NumberBox

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from app.document.document import Document

LAYOUT_OPTIONS = (
    ("Globe", "globe"),
    ("Globe and energy", "curve"),
    ("Globe, energy and attention", "matrix"),
)
FORMAT_OPTIONS = (
    ("MP4, plays everywhere", ".mp4"),
    ("WebM, for web pages", ".webm"),
    ("GIF, for slides", ".gif"),
    ("PNG pictures in a ZIP", ".zip"),
)
FPS_OPTIONS = (("24", 24), ("25", 25), ("30", 30), ("50", 50), ("60", 60))
DEFAULT_FPS = 4
SECONDS_RANGE = (0.1, 600.0)
MAX_PROPOSED_S = 60
PREVIEW_SHARE = 0.25  # of the film: the preview is not earlier


class VideoDialog(PictureDialog):
    """Layout, size, rate, span, colours and file of a video.

    Parameters
    ----------
    at : float
        The time on show, which the preview shows.
    """

    title = "Export video"

    def __init__(
        self, document: Document, folder: Path, at: float, parent: QWidget
    ) -> None:
        super().__init__(document, folder, parent)
        self.document = document
        """What the video shows."""
        self._speed, self._at = document.look.speed, at
        self._format, self._layout = menu(FORMAT_OPTIONS), menu(LAYOUT_OPTIONS, 1)
        if document.others or why_no_matrix(document.scenario):
            self._layout.removeItem(2)
        self._card = QCheckBox("Begin with title and formula")
        self._fps = menu(FPS_OPTIONS, DEFAULT_FPS)
        self._start, self._seconds = NumberBox(), NumberBox()
        self._start.setRange(0.0, max(document.scenario.duration, at))
        self._seconds.setRange(*SECONDS_RANGE)
        self._seconds.setSuffix(" s")
        for box in (self._start, self._seconds):
            box.lineEdit().setTextMargins(6, 0, 6, 0)
        whole = round(document.scenario.duration / self._speed)
        self._seconds.setValue(min(max(whole, SECONDS_RANGE[0]), MAX_PROPOSED_S))
        self._preview = Preview(document, self)
        self._lay_out(folder / f"{slug(document.scenario.title)}.mp4")
        self._connect()
        self._describe()

    def _lay_out(self, path: Path) -> None:
        self.rows.removeRow(self._path_edit)
        self._path_edit = PathEdit(path, "Videos (*.mp4 *.webm *.gif *.zip)")
        self.rows.insertRow(0, "Layout", self._layout)
        self.rows.insertRow(1, "", self._card)
        self.rows.insertRow(3, "Frames per second", self._fps)
        self.rows.insertRow(4, "From t", self._start)
        self.rows.insertRow(5, "Length", self._seconds)
        self.rows.addRow("Format", self._format)
        self.rows.addRow("File", self._path_edit)
        self.stack.insertWidget(1, self._preview)

    def _connect(self) -> None:
        for box in (self._seconds, self._start):
            box.valueChanged.connect(self._describe)
        for choice in (self._layout, self._size, self._theme):
            choice.currentIndexChanged.connect(self._describe)
        self._format.currentIndexChanged.connect(self._take_format)
        self._path_edit.line.textChanged.connect(self._take_suffix)
        self.finished.connect(self._preview.close_down)

    def propose_span(self, first: float, last: float) -> None:
        """Propose a video from the time `first` of the run to the time `last`."""
        clock = self.document.scenario.clock
        length = clock.coordinate(last) - clock.coordinate(first)
        self._start.setMaximum(max(self._start.maximum(), first))
        self._start.setValue(first)
        self._seconds.setValue(length / self._speed)

    @property
    def out(self) -> Path:
        """The file."""
        return with_suffix(self._path_edit.path, self.suffix)

    @property
    def suffix(self) -> str:
        """The suffix of the file."""
        return str(self._format.currentData())

    @property
    def appearance(self) -> tuple[str, ...]:
        """The flags of layout and colours."""
        layout = ("--layout", str(self._layout.currentData()))
        return (*layout, "--theme", self.theme)

    @property
    def command(self) -> tuple[str, ...]:
        """The command line of the child process."""
        wide, high = self.size_wanted
        flags = ("--size", f"{wide}x{high}", "--fps", str(self._fps.currentData()))
        span = ("--start", str(self._start.value()))
        length = ("--seconds", str(self._seconds.value()))
        card = ("--title-card",) if self._card.isChecked() else ()
        return ("render", *flags, *span, *length, *card, *self.appearance)

    def problem(self) -> str:
        """Return why the video cannot be made; empty if it can."""
        kinds = PictureRecorder.kinds().values()
        recorder = next(kind for kind in kinds if kind.suffix == self.suffix)()
        try:
            recorder.check(self.size_wanted, float(self._fps.currentData()))
        except (ValueError, RuntimeError) as error:
            text = str(error)
            return text[:1].upper() + text[1:]
        return super().problem()

    def _take_format(self) -> None:
        """Give the file the suffix of the chosen format."""
        path, known = self._path_edit.path, [suffix for _, suffix in FORMAT_OPTIONS]
        if path.suffix.lower() in known:
            path = path.with_suffix("")
        self._path_edit.line.setText(str(with_suffix(path, self.suffix)))

    def _take_suffix(self) -> None:
        """Choose the format of the suffix that was typed."""
        at = self._format.findData(self._path_edit.path.suffix.lower())
        if at >= 0 and at != self._format.currentIndex():
            self._format.blockSignals(True)
            self._format.setCurrentIndex(at)
            self._format.blockSignals(False)

    def _describe(self) -> None:
        start, span = self._start.value(), self._seconds.value() * self._speed
        self.note.setText(
            f"From t = {start:g} to {start + span:g} at {self._speed:g}×, each at "
            "its exact time. The file holds the run and can be opened here."
        )
        early = start + PREVIEW_SHARE * span
        at = min(max(self._at, early), start + span)
        self._preview.request(at, self.size_wanted, self.appearance)
