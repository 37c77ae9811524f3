"""A small picture of the next cue as it begins, for the lecturer."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap
from PySide6.QtWidgets import QLabel

from app.export.subprocess_jobs import ExportJob, temporary_folder
from app.labs.ink import Ink
from app.labs.paging import part_of
from app.labs.plate_painter import paint_plate
from app.lessons.cue_document import document_of
from app.theme.palette import DARK
from app.widgets.background import BackgroundWork

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QTemporaryDir

    from app.theme.palette import Theme
    from sim.lessons import Cue
    from sim.plate import Plate

WIDTH_PX, HEIGHT_PX = 208, 117
PIXELS = 2  # of a picture, for one of the screen, along each side
DELAY_MS = 400  # on a cue, until the next one is drawn
MAX_KEPT = 32  # pictures
LETTER = 10.0  # of a lab, in pixels of the screen
FIRST_PANELS = 2  # of a lab whose cue names none
NONE, DRAWING = "no picture", "the picture is being drawn …"


class NextCuePicture(QLabel):
    """Shows the cue that it was given last, once it is drawn.

    Runs are drawn by a child process and labs computed on a thread, one after another;
    what is drawn is kept.
    """

    def __init__(self) -> None:
        super().__init__()
        self._theme = DARK
        self._cue: Cue | None = None
        self._kept: dict[str, QPixmap] = {}
        self._job: ExportJob | BackgroundWork | None = None
        self._drawn = ""  # the key of what is being drawn
        self._panels: tuple[int, ...] = ()  # of it, and its colours
        self._inks = DARK
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DELAY_MS)
        self._timer.timeout.connect(self._draw)
        self.setFixedSize(WIDTH_PX, HEIGHT_PX)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setWordWrap(True)
        self.setProperty("role", "small")
        self.setAccessibleName("Next cue")
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        """Draw with the colours of `theme`."""
        self._theme = theme
        self.show_cue(self._cue)

    def show_cue(self, cue: Cue | None) -> None:
        """Show a cue as it begins; None hides the picture."""
        self._cue = cue
        self.setHidden(cue is None)
        if cue is None:
            self._timer.stop()
            return
        self.setToolTip(f"Next: {cue.title}")
        picture = self._kept.get(self._key())
        if picture is not None:
            self._show(picture)
            return
        self.setText(DRAWING)
        if self._job is None:
            self._timer.start()

    @cached_property
    def _folder(self) -> QTemporaryDir:
        """Where runs are drawn to; made for the first of them."""
        return temporary_folder()

    def stop(self) -> None:
        """Draw no more."""
        self._timer.stop()
        job, self._job, self._cue = self._job, None, None
        if job is not None:
            job.cancel()

    def _key(self) -> str:
        """Return what the picture depends on."""
        cue = self._cue
        if cue is None:
            return ""
        what = (cue.folder, cue.base, cue.settings, cue.look, cue.over, cue.timed)
        how = (cue.until, cue.at, cue.lab, cue.panels, cue.picture, self._theme.dark)
        return repr((what, how))

    def _draw(self) -> None:
        cue, self._drawn = self._cue, self._key()
        if cue is None or self._drawn in self._kept:
            return
        self._panels, self._inks = cue.panels, self._theme
        if cue.picture is not None:
            self._keep(QPixmap(str(cue.picture)))
        elif cue.lab:
            self._compute(lambda _report: cue.made_lab.compute())
        else:
            self._render(cue)

    def _compute(self, work: Callable[[Callable[[float], None]], Plate]) -> None:
        job = self._job = BackgroundWork(work, self)
        job.done.connect(self._take_plate)
        job.failed.connect(self._fail)

    def _render(self, cue: Cue) -> None:
        size = f"{PIXELS * WIDTH_PX}x{PIXELS * HEIGHT_PX}"
        theme = "dark" if self._theme.dark else "light"
        flags = ("--at", str(cue.at), "--size", size, "--theme", theme)
        out = Path(self._folder.path()) / "next.png"
        try:
            command = ("render", *flags, "--layout", "globe")
            job = ExportJob(document_of(cue), command, out, self)
        except (KeyError, ValueError, OSError):  # said when the lesson was read
            self._keep(QPixmap())
            return
        self._job = job
        job.ended.connect(self._take_file)
        job.start()

    def _take_file(self, made: bool, _why: str) -> None:
        job = self._job
        if isinstance(job, ExportJob):
            self._keep(QPixmap(str(job.out)) if made else QPixmap())
            job.deleteLater()

    def _take_plate(self, plate: Plate) -> None:
        wanted = self._panels or range(1, FIRST_PANELS + 1)
        known = tuple(k - 1 for k in wanted if 1 <= k <= len(plate.panels))
        self._keep(QPixmap.fromImage(self._painted(part_of(plate, known))))

    def _painted(self, plate: Plate) -> QImage:
        size = QSize(WIDTH_PX, HEIGHT_PX) * PIXELS
        image = QImage(size, QImage.Format.Format_RGB32)
        image.fill(QColor(self._inks.canvas))
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(PIXELS, PIXELS)
        box = QRectF(0, 0, WIDTH_PX, HEIGHT_PX).adjusted(5, 4, -5, -4)
        paint_plate(painter, plate, box, Ink(self._inks, LETTER))
        painter.end()
        return image

    def _fail(self, _why: str) -> None:
        self._keep(QPixmap())

    def _keep(self, picture: QPixmap) -> None:
        """Keep what was drawn, and show it, or draw what is wanted now."""
        self._job = None
        while len(self._kept) >= MAX_KEPT:
            del self._kept[next(iter(self._kept))]
        self._kept[self._drawn] = picture
        self.show_cue(self._cue)

    def _show(self, picture: QPixmap) -> None:
        if picture.isNull():
            self.setText(NONE)
            return
        keep = Qt.AspectRatioMode.KeepAspectRatio
        smooth = Qt.TransformationMode.SmoothTransformation
        ratio = self.devicePixelRatioF()
        shown = picture.scaled(self.size() * ratio, keep, smooth)
        shown.setDevicePixelRatio(ratio)
        self.setPixmap(shown)
