"""Actions that open a dialog: files, gallery, help."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QMessageBox

from app.document.loading import opening_document
from app.export.dialogs import may_replace, slug, with_suffix
from app.pages.cheatsheet import CheatSheet
from app.pages.gallery import Gallery
from app.pages.help import About, Help
from app.sentences.models_first import ModelsFirst
from app.tables.column_dialog import ColumnDialog
from sim.loading import has_columns
from sim.scenario_format import RUN_FILE
from sim.tables.metadata import metadata_beside

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QSettings
    from PySide6.QtWidgets import QWidget

    from app.document.session import Session
    from app.theme.theme import ThemeController
    from app.widgets.notifications import Notifications
    from sim.io.named_files import ForeignFilesError

OPEN_FILTER = (
    "Scenarios, exports and tables "
    "(*.json *.mp4 *.webm *.gif *.png *.zip *.svg *.pdf *.csv *.tsv *.tab *.txt *.vec "
    "*.dat *.gz *.npz *.npy *.parquet *.md)"
)
SAVE_FILTER = "Scenarios (*.json)"
RECENT_KEY, FOLDER_KEY = "recent", "folder"  # keys of QSettings
MAX_RECENT = 8
MAX_NAMED, MAX_NAME = 6, 70  # names in a question, and characters of each


def elided(name: str) -> str:
    """Return a name with dots in its middle if it is too long for a question."""
    if len(name) <= MAX_NAME:
        return name
    return f"{name[: MAX_NAME // 2]}…{name[-MAX_NAME // 2 :]}"


class FileActions(QObject):
    """Runs the actions that need a dialog."""

    labs_requested = Signal()
    lesson_chosen = Signal(object)
    """The path of a lesson that was opened."""
    folder_chosen = Signal(object)
    """The folder of a trained model, to be opened."""

    def __init__(
        self,
        session: Session,
        theme_controller: ThemeController,
        settings: QSettings,
        notices: Notifications,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._models = ModelsFirst(session, notices, self)
        self._session, self._theme_controller = session, theme_controller
        self._settings, self._window = settings, window

    def new(self) -> None:
        """Load the opening preset."""
        self._session.load(opening_document())

    def open(self) -> None:
        """Ask for a file and open it."""
        path, _ = QFileDialog.getOpenFileName(
            self._window, "Open", self._folder(), OPEN_FILTER
        )
        if path:
            self.open_path(Path(path))

    def open_model(self) -> None:
        """Ask for the folder of a trained model and open it."""
        path = QFileDialog.getExistingDirectory(
            self._window, "Open model folder", self._folder()
        )
        if path:
            self.folder_chosen.emit(Path(path))

    def open_path(self, path: Path) -> None:
        """Open a file and keep it as recent; ask for the columns of a table.

        A folder without a run is that of a trained model.  Nothing is asked about
        unsaved edits: undo brings the edited run back.
        """
        if (path / RUN_FILE).is_file():
            path /= RUN_FILE
        if path.is_dir():
            self.folder_chosen.emit(path)
        elif path.suffix.lower() == ".md":
            self.lesson_chosen.emit(path)
            self._remember(path)
        elif has_columns(path):
            self._ask_columns(path)
        else:
            self._models.open(path, self.confirm_reading, partial(self._open_run, path))

    def _open_run(self, path: Path, consent: Callable[..., bool]) -> None:
        if self._session.open(path, consent):
            self._remember(path)

    def _ask_columns(self, path: Path) -> None:
        """Show what the columns of a table are, then open it."""
        beside = metadata_beside(path)
        dialog = ColumnDialog(path, "", str(beside or ""), self._window)
        dialog.opened.connect(partial(self._open_table, path))
        dialog.open()

    def _open_table(self, path: Path, columns: str, said: str) -> None:
        """Open a table that has been read; `said` is what was decided about it."""
        if self._session.open_table(path, columns):
            self._session.reported.emit(said)
            self._remember(path)

    def open_preset(self, path: Path) -> None:
        """Open a preset as a copy, saved elsewhere; undo brings back what was."""
        then = partial(self._open_copy, path)
        self._models.open(path, self.confirm_reading, then)

    def _open_copy(self, path: Path, _consent: Callable[..., bool]) -> None:
        if self._session.open(path):
            self._session.detach()

    def save(self) -> bool:
        """Save to the file of the document, or ask for one."""
        path = self._session.path
        return self._save_to(path) if path is not None else self.save_as()

    def save_as(self) -> bool:
        """Ask for a file name and save."""
        name = f"{slug(self._session.document.scenario.title)}.json"
        here = self._session.path or Path(self._folder()) / name
        path, _ = QFileDialog.getSaveFileName(
            self._window, "Save", str(here), SAVE_FILTER
        )
        if not path:
            return False
        file = with_suffix(Path(path), ".json")
        asked = file == Path(path)  # by the dialog, for this name alone
        return (asked or may_replace((file,), self._window)) and self._save_to(file)

    def recent(self) -> list[Path]:
        """Return the files opened or saved last that are still there."""
        kept = self._settings.value(RECENT_KEY, [])
        names = kept if isinstance(kept, list) else [kept]
        return [p for p in (Path(str(n)) for n in names) if p.is_file()]

    def gallery(self) -> None:
        """Show the presets."""
        theme_controller = self._theme_controller
        gallery = Gallery(theme_controller.theme, theme_controller.scale, self._window)
        gallery.opened.connect(self.open_preset)
        gallery.labs_requested.connect(self.labs_requested)
        gallery.open()

    def keys(self) -> None:
        """Show all keyboard shortcuts."""
        CheatSheet(self._window).show()

    def help(self, page: str = "index") -> None:
        """Show a help page."""
        Help(page, self._theme_controller.scale, self._window).show()

    def about(self) -> None:
        """Show name, version and licence."""
        About(self._theme_controller.scale, self._window).show()

    def quit(self) -> None:
        """Close the window."""
        self._window.close()

    def confirm_leaving(self) -> bool:
        """Ask what to do with unsaved edits; return False if the user cancels."""
        if not self._session.dirty:
            return True
        buttons = QMessageBox.StandardButton
        answer = QMessageBox.question(
            self._window,
            "Unsaved edits",
            "Save the edits to this scenario first?",
            buttons.Save | buttons.Discard | buttons.Cancel,
            buttons.Save,
        )
        if answer == buttons.Save:
            return self.save()
        return answer == buttons.Discard

    def confirm_reading(self, foreign: ForeignFilesError) -> bool:
        """Ask whether files may be read that a run names outside its folder."""
        names = [elided(name) for name in foreign.names[:MAX_NAMED]]
        more = len(foreign.names) - len(names)
        lines = [*names, f"and {more} more"] if more else names
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle("Files outside its folder")
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(f"{elided(foreign.file)} names files outside its own folder:")
        box.setInformativeText(
            "\n".join(lines)
            + "\n\nRead them only if you know where the file comes from. Numbers in "
            "them become tokens or matrices, and go into what you export."
        )
        read = box.addButton("Read", QMessageBox.ButtonRole.AcceptRole)
        leave = box.addButton("Do not open", QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(leave)
        box.setEscapeButton(leave)
        box.exec()
        return box.clickedButton() is read

    def _save_to(self, path: Path) -> bool:
        saved = self._session.save(path)
        if saved:
            self._remember(path)
            self._session.reported.emit(f"Saved {path.name}.")
        return saved

    def _remember(self, path: Path) -> None:
        paths = [path.resolve(), *(p for p in self.recent() if p != path.resolve())]
        self._settings.setValue(RECENT_KEY, [str(p) for p in paths[:MAX_RECENT]])
        self._settings.setValue(FOLDER_KEY, str(path.resolve().parent))

    def _folder(self) -> str:
        kept = Path(str(self._settings.value(FOLDER_KEY, "")) or "nowhere")
        return str(kept if kept.is_dir() else Path.home())
