"""A small picture of what a video will hold, drawn by a child process."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QTimer
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from app.export.subprocess_jobs import ExportJob, temporary_folder

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from app.document.document import Document

SIZE_PX = (412, 232)  # of the preview on screen
DELAY_MS = 250  # after the last change, until it is drawn
SCALE = 2  # pixels drawn for one on screen, along each side


class Preview(QWidget):
    """Shows the picture that was asked for last, once it is there."""

    def __init__(self, document: Document, parent: QWidget) -> None:
        super().__init__(parent)
        self._document, self._folder = document, temporary_folder()
        self._jobs: list[ExportJob] = []
        self._picture, self._flags = QPixmap(), tuple[str, ...]()
        self._words = QLabel(self)
        self._words.setProperty("role", "small")
        self._words.setWordWrap(True)
        QVBoxLayout(self).addWidget(self._words)
        self.setFixedHeight(SIZE_PX[1])
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Preview")
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DELAY_MS)
        self._timer.timeout.connect(self._draw)

    def request(self, at: float, size: tuple[int, int], flags: tuple[str, ...]) -> None:
        """Draw soon the time `at` of the run, in the shape of `size`."""
        factor = SCALE * min(p / side for p, side in zip(SIZE_PX, size, strict=True))
        wide, high = (max(64, round(side * factor)) for side in size)
        wanted = ("--at", str(at), "--size", f"{wide}x{high}", *flags)
        if wanted != self._flags:
            self._flags = wanted
            self._timer.start()

    def close_down(self) -> None:
        """Stop drawing."""
        self._timer.stop()
        self._flags = ()
        for job in list(self._jobs):
            job.cancel()

    def _draw(self) -> None:
        for job in list(self._jobs):
            job.cancel()
        if self._picture.isNull():
            self._words.setText("The preview is being drawn …")
        out = Path(self._folder.path()) / "preview.png"
        try:
            job = ExportJob(self._document, ("render", *self._flags), out, self)
        except OSError as error:
            self._words.setText(str(error))
            return
        self._jobs.append(job)
        job.ended.connect(self._take)
        job.start()

    def _take(self, made: bool, why: str) -> None:
        job = self.sender()
        if isinstance(job, ExportJob):
            self._jobs.remove(job)
            if made:
                self._picture = QPixmap(str(job.out))
            if made or why:
                self._words.setText(why)
            job.deleteLater()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint the picture in the middle."""
        if self._picture.isNull():
            return
        size = self._picture.size().toTuple()
        factor = min(self.width() / size[0], self.height() / size[1])
        w, h = (side * factor for side in size)
        box = QRectF((self.width() - w) / 2, (self.height() - h) / 2, w, h)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawPixmap(box, self._picture, QRectF(self._picture.rect()))
        painter.end()
