"""Steps through the cues of a lesson, and keeps where it stopped."""

from __future__ import annotations

from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

from app.lessons.cue_document import document_of, look_faults
from sim.lessons import check_cue, lesson_file, read_lesson

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from PySide6.QtCore import QSettings

    from app.document.player import Player
    from app.document.session import Session
    from sim.lessons import CheckResult, Cue, Lesson

    Checked = tuple[list[CheckResult], str]

PLACES_KEY = "lessons"  # of QSettings: places by path
RELOAD_MS = 150  # after a save, which some editors make in several steps
ASK_MS = 30  # between looks whether an answer is computed
MAX_SAID = 3  # faults that are said at once


class LabShower(Protocol):
    """What shows a lab in place of the run, or the run again."""

    def show_lab(
        self, kind: str, changes: Mapping[str, str], panels: tuple[int, ...]
    ) -> None:
        """Show a lab with settings, and panels of it first, counted from 1."""
        ...

    def hide_labs(self) -> None:
        """Show the run again."""
        ...


class LessonPlayer(QObject):
    """The lesson in force, and the cue on show.

    Parameters
    ----------
    session, player : Session, Player
        Where the runs of cues are put.
    settings : QSettings
        Keeps where each lesson stopped.
    labs : LabShower
        The window.
    """

    changed = Signal()
    """Another lesson or cue, or its answer, is on show."""
    faulty = Signal(str)
    """What is wrong with a lesson."""
    large_panel_wanted = Signal(bool)
    """The panel is to be as large as the picture, or no longer."""
    said = Signal(str)
    """What was done."""

    def __init__(
        self, session: Session, player: Player, settings: QSettings, labs: LabShower
    ) -> None:
        super().__init__(session)
        self._session, self._player, self._settings = session, player, settings
        self._labs = labs
        self.lesson: Lesson | None = None
        self.place = 0
        self.answered = False
        self._enlarged = False  # the panel, by a cue
        self._watcher = QFileSystemWatcher(self)
        self._watcher.fileChanged.connect(self._note_save)
        self._reload_timer = QTimer(self)
        self._reload_timer.setSingleShot(True)
        self._reload_timer.setInterval(RELOAD_MS)
        self._reload_timer.timeout.connect(self.reload)
        self._pool: Executor = ThreadPoolExecutor(1, "lesson")
        self._future: Future[Checked] | None = None
        self._checked: Checked | None = None
        self._ask_timer = QTimer(self)
        self._ask_timer.setInterval(ASK_MS)
        self._ask_timer.timeout.connect(self._collect)

    @property
    def cue(self) -> Cue | None:
        """The cue on show."""
        return self.lesson.cues[self.place] if self.lesson else None

    @property
    def next_cue(self) -> Cue | None:
        """The cue after it."""
        lesson = self.lesson
        last = lesson is None or self.place + 1 >= len(lesson.cues)
        return None if last or lesson is None else lesson.cues[self.place + 1]

    @property
    def progress(self) -> str:
        """Such as ``4 of 12``; empty without a lesson."""
        return f"{self.place + 1} of {len(self.lesson.cues)}" if self.lesson else ""

    @property
    def answer(self) -> str:
        """The answer computed from the run, once it is asked for and known."""
        if not self.answered or self._checked is None:
            return ""
        return self._checked[1]

    @property
    def busy(self) -> bool:
        """Whether an answer is being computed."""
        return self._future is not None

    def open_name(self, name: str) -> None:
        """Open a shipped lesson by its name."""
        path = lesson_file(name)
        if path is not None:
            self.open(path)

    def open(self, path: Path) -> None:
        """Open a lesson where it stopped last; say what is wrong with it."""
        try:
            lesson = read_lesson(path)
        except (OSError, ValueError) as error:
            self.faulty.emit(f"{path.name} was not opened. {_why(error)}")
            return
        self._take(lesson)
        kept = self._kept_place(path)
        self._go(min(kept, len(lesson.cues) - 1))
        if self.place:
            self.said.emit(f"{lesson.title}: from cue {self.progress}, as it stopped.")

    def reload(self) -> None:
        """Read the file again; the cue on show stays."""
        if self.lesson is None:
            return
        try:
            lesson = read_lesson(self.lesson.path)
        except (OSError, ValueError) as error:
            name, why = self.lesson.path.name, _why(error)
            self.faulty.emit(f"{name} was not read again. {why}")
            return
        self._take(lesson)
        self._go(min(self.place, len(lesson.cues) - 1))

    def next(self) -> None:
        """Show the answer of a question; then the next cue."""
        cue = self.cue
        if cue is None:
            return
        if cue.question and not self.answered:
            self.show_answer()
        elif self.next_cue is not None:
            self._go(self.place + 1)
        else:
            self.said.emit("This is the last cue of the lesson.")

    def previous(self) -> None:
        """Show the cue before."""
        if self.lesson is not None and self.place:
            self._go(self.place - 1)

    def go(self, place: int) -> None:
        """Show the cue at a place, counted from 0."""
        if self.lesson is not None and 0 <= place < len(self.lesson.cues):
            self._go(place)

    def again(self) -> None:
        """Put the cue in force again, as the file has it; undo brings edits back."""
        if self.lesson is not None:
            self._go(self.place)

    def show_answer(self) -> None:
        """Show the answer, computed from the run of the cue."""
        cue = self.cue
        if cue is not None and cue.question:
            self.answered = True
            if self._checked is None and self._future is None:
                self._ask(cue)
            self.changed.emit()

    def close(self) -> None:
        """End the lesson; the run on show stays."""
        self._watch(None)
        self.lesson = None
        self._labs.hide_labs()
        self._enlarge(False)
        self.changed.emit()

    def stop(self) -> None:
        """Compute no more."""
        self._ask_timer.stop()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _take(self, lesson: Lesson) -> None:
        self.lesson = lesson
        self._watch(lesson.path)
        faults = [*lesson.faults, *look_faults(lesson)]
        if faults:
            more = len(faults) - MAX_SAID
            said = "\n".join(str(fault) for fault in faults[:MAX_SAID])
            self.faulty.emit(said + (f"\nand {more} more" if more > 0 else ""))

    def _go(self, place: int) -> None:
        assert self.lesson is not None
        self.place, self.answered = place, False
        self._checked = self._future = None
        self._ask_timer.stop()
        cue = self.lesson.cues[place]
        self._keep_place()
        self._show(cue)
        if cue.question:
            self._ask(cue)
        self.changed.emit()

    def _show(self, cue: Cue) -> None:
        """Show the run or the lab of a cue; of a broken one, the words alone."""
        try:
            if cue.lab:
                self._enlarge(False)
                self._labs.show_lab(cue.lab, cue.settings, cue.panels)
                return
            document = document_of(cue)
        except (KeyError, ValueError, OSError):  # said when the lesson was read
            self._enlarge(False)
            self._labs.hide_labs()
            return
        self._labs.hide_labs()
        self._player.pause()
        self._session.load(document)
        self._session.detach()
        self._enlarge(cue.large)

    def _enlarge(self, large: bool) -> None:
        """Make the panel large, or small again if it is large by a cue."""
        if large or self._enlarged:
            self._enlarged = large
            self.large_panel_wanted.emit(large)

    def _ask(self, cue: Cue) -> None:
        self._future = self._pool.submit(check_cue, cue)
        self._ask_timer.start()

    def _collect(self) -> None:
        future = self._future
        if future is None or not future.done():
            return
        self._ask_timer.stop()
        self._future = None
        try:
            self._checked = future.result()
        except (KeyError, ValueError, OSError, ArithmeticError) as error:
            self._checked = [], f"not known: {error.args[0] if error.args else error}"
        self.changed.emit()

    def _watch(self, path: Path | None) -> None:
        if self._watcher.files():
            self._watcher.removePaths(self._watcher.files())
        if path is not None:
            self._watcher.addPath(str(path))

    def _note_save(self, _path: str) -> None:
        """Read the file again once it is written; an editor may have renamed it."""
        self._reload_timer.start()

    def _kept_place(self, path: Path) -> int:
        kept = self._settings.value(f"{PLACES_KEY}/{_key(path)}", 0)
        return int(str(kept)) if str(kept).isdecimal() else 0

    def _keep_place(self) -> None:
        assert self.lesson is not None
        key = f"{PLACES_KEY}/{_key(self.lesson.path)}"
        self._settings.setValue(key, self.place)


def _why(error: OSError | ValueError) -> str:
    """Return why a file could not be read, without the number of the error."""
    strerror = error.strerror if isinstance(error, OSError) else None
    return f"{strerror}." if strerror else str(error)


def _key(path: Path) -> str:
    return str(path.resolve()).replace("/", "|").replace("\\", "|")
