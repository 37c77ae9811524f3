"""Figures of the views: to the clipboard, or to a file."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from app.canvas.scene_view import SceneView
from app.export.dialogs import slug
from app.export.figure_dialog import DEFAULT_WIDTH_MM, FigureDialog
from app.export.file_writing import FileWriting
from app.figures import files
from app.figures.table import tab_separated
from app.widgets.figure_menu import COPY_DATA, COPY_PICTURE

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtCore import QSettings
    from PySide6.QtWidgets import QWidget

    from app.document.player import Player
    from app.document.session import Session
    from app.figures.figure import Figure
    from app.widgets.view import View

NOTHING = "There is nothing on show yet to make a figure of."


class ExportReports(Protocol):
    """Where exports go by default, and what is said of them."""

    def folder(self) -> Path:
        """Return the folder that is proposed."""
        ...

    def keep_folder(self, folder: Path) -> None:
        """Propose `folder` for the next export."""
        ...

    def warn(self, text: str) -> None:
        """Say what went wrong."""
        ...

    def inform(self, text: str) -> None:
        """Say what was done."""
        ...

    def report_made(self, out: Path) -> None:
        """Say that `out` is there."""
        ...


class FigureExports(QObject):
    """Copies and saves figures of views; that of the globe is drawn first."""

    def __init__(
        self,
        session: Session,
        player: Player,
        exports: ExportReports,
        settings: QSettings,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._session, self._player, self._exports = session, player, exports
        self._settings, self._window = settings, window

    def make(self, view: View, verb: str) -> None:
        """Make the figure of `view`, and do with it what `verb` says."""
        if verb not in (COPY_PICTURE, COPY_DATA):
            self._ask(view)
            return
        self.draw(view, DEFAULT_WIDTH_MM, _Copy(verb, self))

    def _ask(self, view: View) -> None:
        name = slug(view.accessibleName().lower() or "figure")
        if view.shows_run:
            name = f"{slug(self._session.document.scenario.title)}-{name}"
        folder, run = self._exports.folder(), view.shows_run
        dialog = FigureDialog(name, folder, self._settings, self._window, run=run)
        dialog.accepted.connect(_Save(dialog, view, self).start)
        dialog.open()

    def draw(self, view: View, width_mm: float, then: FigureTask) -> None:
        """Draw the figure of `view`, now or soon, and pass it to `then`."""
        if isinstance(view, SceneView):
            if self._player.frame is None:
                self.report(NOTHING)
                return
            from app.export.globe_drawing import (  # here: only a figure needs it
                GlobeDrawing,
                LanesDrawing,
            )

            several = self._session.lanes.count > 1
            kind = LanesDrawing if several else GlobeDrawing
            job = kind(self._session, self._player, width_mm, self)
            job.drawn.connect(then.take)
            job.failed.connect(self.report)
            job.start()
            return
        figure = view.figure()
        if figure is None:
            self.report(NOTHING)
        else:
            then.take(figure)

    def report(self, why: str) -> None:
        """Say why there is no figure."""
        self._exports.warn(why)

    def report_copied(self, text: str) -> None:
        """Say what is on the clipboard."""
        self._exports.inform(text)

    def save(
        self,
        figure: Figure,
        out: Path,
        width_mm: float,
        captioned: bool,
        *,
        run: bool = True,
    ) -> None:
        """Write a figure to a file, with the run inside, and say where it is."""
        self._exports.keep_folder(out.parent)
        try:
            document = self._session.recorded().at(self._player.t)
            text = document.embedded_text(out.parent) if run else ""
        except (OSError, ValueError) as error:  # of a file that the run names
            self.report(f"{out.name} was not saved: {error}")
            return
        save = partial(files.save, figure, out, width_mm, captioned=captioned)
        writing = FileWriting(partial(save, inside=text), out, self)
        writing.written.connect(self._exports.report_made)
        writing.failed.connect(self.report)


class FigureTask(QObject):
    """What is done with a figure when it is there."""

    def __init__(self, owner: FigureExports) -> None:
        super().__init__(owner)
        self._owner = owner

    def take(self, figure: Figure) -> None:
        """Do it."""
        raise NotImplementedError


class _Copy(FigureTask):
    def __init__(self, verb: str, owner: FigureExports) -> None:
        super().__init__(owner)
        self._verb = verb

    def take(self, figure: Figure) -> None:
        """Put the picture, or the data, on the clipboard."""
        clipboard = QGuiApplication.clipboard()
        if self._verb == COPY_DATA:
            clipboard.setText(tab_separated(figure))
            self._owner.report_copied("The data were copied, all points of them.")
        else:
            dpi = files.CLIPBOARD_DPI
            clipboard.setImage(files.image(figure, DEFAULT_WIDTH_MM, dpi))
            self._owner.report_copied("The picture was copied.")
        self.deleteLater()


class _Save(FigureTask):
    def __init__(self, dialog: FigureDialog, view: View, owner: FigureExports) -> None:
        super().__init__(owner)
        self._dialog, self._view = dialog, view

    def start(self) -> None:
        """Draw the figure as the dialog says."""
        dialog = self._dialog
        self._answers = dialog.out, dialog.width_mm, dialog.captioned
        self._owner.draw(self._view, dialog.width_mm, self)

    def take(self, figure: Figure) -> None:
        """Write the file."""
        self._owner.save(figure, *self._answers, run=self._view.shows_run)
        self.deleteLater()
