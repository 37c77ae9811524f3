"""Exports: a dialog asks for options, a child process writes the file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QMessageBox

from app.export.dialogs import DataDialog, PictureDialog
from app.export.figures import FigureExports
from app.export.subprocess_jobs import ExportJob
from app.export.video_dialog import VideoDialog
from app.theme.palette import THEMES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtCore import QSettings
    from PySide6.QtWidgets import QWidget

    from app.document.document import Document
    from app.document.look_track import LookTrack
    from app.document.player import Player
    from app.document.session import Session
    from app.theme.palette import Theme
    from app.widgets.notifications import JobNotice, Notifications

FOLDER_KEY = "exports"  # the key of QSettings


class ExportController(QObject):
    """Everything that leaves the program as a file, but the document itself."""

    def __init__(
        self,
        session: Session,
        player: Player,
        notices: Notifications,
        settings: QSettings,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._session, self._player, self._notices = session, player, notices
        self._settings, self._window = settings, window
        self._name = "dark"
        self.jobs: list[ExportJob] = []
        self.figures = FigureExports(session, player, self, settings, window)

    def set_theme(self, theme: Theme, scale: float) -> None:
        """Draw in the colours of `theme`."""
        self._name = "dark" if theme.dark else "light"

    def video(self) -> None:
        """Ask for size, rate, length and file, and draw a video."""
        self._ask_for_video(self._session.recorded(), self._player.t).open()

    def recorded(self, track: LookTrack, span: tuple[float, float]) -> None:
        """Ask for size, rate and file, and draw a video of what was recorded."""
        document = replace(self._session.recorded(), look=track.looks[0], track=track)
        dialog = self._ask_for_video(document, span[0])
        dialog.propose_span(*span)
        dialog.open()

    def _ask_for_video(self, document: Document, at: float) -> VideoDialog:
        dialog = VideoDialog(document, self.folder(), at, self._window)
        dialog.propose_theme(self._name)
        dialog.accepted.connect(self._export_video)
        return dialog

    def picture(self) -> None:
        """Ask for size and file, and draw the present moment."""
        dialog = PictureDialog(self._session.document, self.folder(), self._window)
        dialog.propose_theme(self._name)
        dialog.accepted.connect(self._export_picture)
        dialog.open()

    def data(self) -> None:
        """Ask for a folder, and write the run as tables."""
        dialog = DataDialog(self._session.document, self.folder(), self._window)
        dialog.accepted.connect(self._export_data)
        dialog.open()

    def start_job(
        self, command: Sequence[str], out: Path, document: Document | None = None
    ) -> ExportJob | None:
        """Let a child make `out`, with a bar that shows how far it is."""
        self.keep_folder(out.parent)
        document = document or self._session.recorded()
        try:
            job = ExportJob(document, command, out, self)
        except OSError as error:
            self._notices.warn(str(error))
            return None
        bar = self._notices.start_job(f"Exporting {out.name}")
        bar.cancelled.connect(job.cancel)
        job.progressed.connect(bar.show_progress)
        job.ended.connect(self._on_job_ended(job, bar))
        self.jobs.append(job)
        job.start()
        return job

    def export_picture(self, out: Path, size: tuple[int, int], theme: str) -> None:
        """Draw the frame on show, of all lanes, to a picture."""
        if self._session.document.others:
            moment = ("--at", str(self._player.t), "--theme", theme)
            shape = ("--size", f"{size[0]}x{size[1]}")
            self.start_job(("render", *moment, *shape), out)
            return
        self.keep_folder(out.parent)
        if self._player.frame is not None:
            from app.export.snapshot import (
                Snapshot,  # here: only a picture needs what it needs
            )

            shown = self._session, self._player
            still = Snapshot(*shown, out, size, THEMES[theme], self)
            still.ended.connect(self._picture_ended)
            still.start()

    def keep_folder(self, folder: Path) -> None:
        """Propose `folder` for the next export."""
        self._settings.setValue(FOLDER_KEY, str(folder))

    def warn(self, text: str) -> None:
        """Say what went wrong."""
        self._notices.warn(text)

    def inform(self, text: str) -> None:
        """Say what was done."""
        self._notices.inform(text)

    def confirm_leaving(self, others: Sequence[str] = ()) -> bool:
        """Ask whether to stop what is being made; return False if the user cancels.

        `others` are names of what is being made besides exports.
        """
        names = [*(job.out.name for job in self.jobs), *others]
        if not names:
            return True
        are = "is" if len(names) == 1 else "are"
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle("Not finished")
        box.setText(f"{', '.join(names)} {are} not finished.")
        box.setInformativeText("What is not finished is lost if you quit now.")
        stop = box.addButton("Quit", QMessageBox.ButtonRole.DestructiveRole)
        stay = box.addButton("Go on", QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(stay)
        box.exec()
        return box.clickedButton() is stop

    def close(self) -> None:
        """Cancel what is being made."""
        for job in self.jobs:
            job.ask_to_stop()  # all at once, and only then wait for each
        for job in list(self.jobs):
            job.cancel()

    def _export_video(self) -> None:
        dialog = self.sender()
        if isinstance(dialog, VideoDialog):
            self.start_job(dialog.command, dialog.out, dialog.document)

    def _export_data(self) -> None:
        dialog = self.sender()
        if isinstance(dialog, DataDialog):
            self.start_job(("run",), dialog.out)

    def _export_picture(self) -> None:
        dialog = self.sender()
        if isinstance(dialog, PictureDialog):
            self.export_picture(dialog.out, dialog.size_wanted, dialog.theme)

    def _picture_ended(self, out: Path, why: str) -> None:
        if why:
            self._notices.warn(f"{out.name} was not exported: {why}")
        else:
            self.report_made(out)
        self.sender().deleteLater()

    def _on_job_ended(
        self, job: ExportJob, bar: JobNotice
    ) -> Callable[[bool, str], None]:
        def tell(made: bool, why: str) -> None:
            self.jobs.remove(job)
            bar.close_now()
            if made:
                self.report_made(job.out)
            elif why:
                self._notices.warn(f"{job.out.name} was not exported: {why}")
            else:
                self._notices.inform(f"{job.out.name} was cancelled.")
            job.deleteLater()

        return tell

    def report_made(self, out: Path) -> None:
        """Say that `out` is there, and offer to show it."""
        folder = out if out.is_dir() else out.parent

        def show() -> None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

        self._notices.inform(f"{out.name} was saved in {folder}.", "good").add_button(
            "Show", show
        )

    def folder(self) -> Path:
        """Return the folder of the last export, or the home folder."""
        kept = Path(str(self._settings.value(FOLDER_KEY, "")))
        return kept if kept.is_dir() and str(kept) != "." else Path.home()
