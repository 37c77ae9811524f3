"""The document in force, how it came to be, and the engine that runs it.

The only writer: every edit, whatever widget, file or key it comes from, passes here.
"""

from __future__ import annotations

import math
import random
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from app.document.loading import open_with_consent
from app.document.look import CameraPose
from app.document.marks import edits_text
from app.document.setting_names import name_of
from app.document.undo_stack import SavedFile, Scope, UndoEntry, UndoStack
from sim.engine import FailureKind
from sim.run_title import retitled
from sim.scenario import restarts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from app.document.document import Document
    from app.document.look import Look
    from app.document.moment import Moment
    from sim.engine import Engine
    from sim.frame import Frame
    from sim.io.named_files import ForeignFilesError
    from sim.scenario import Scenario
    from sim.schedule import Run
    from sim.tokens.edits import TokenEdits

FRAME_MS = 16  # one refresh of a 60 Hz screen
SEED_LIMIT = 10_000  # new samples take a seed below: short enough to say aloud


class Session(QObject):
    """Holds the document, its past and future, and the engine."""

    changed = Signal(object, object)
    """Old and new document."""
    opened = Signal(object)
    """A document that was put in force, with the moment at which it is looked at."""
    arrived = Signal(object)
    """A frame."""
    refused = Signal(str)
    """Why something was not done."""
    reported = Signal(str)
    """What was done."""
    undo_changed = Signal()
    """The undo list, the file or whether the document is saved."""

    def __init__(
        self, document: Document, engine: Engine, path: Path | None = None
    ) -> None:
        super().__init__()
        self._document, self._engine = document, engine
        self._file = SavedFile(path, document)
        self._undo_stack = UndoStack()
        self._edit_in_doubt = self._edit_waits = False
        self._moment_source: Callable[[], Moment] | None = None
        self._t = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(FRAME_MS)
        self._timer.timeout.connect(self._poll_engine)

    def start(self, *, playing: bool = True) -> None:
        """Start the engine and fetch its frames."""
        self._engine.set_speed(self._document.look.speed)
        self._engine.start(playing=playing)
        self._timer.start()

    def close(self) -> None:
        """Stop the engine."""
        self._timer.stop()
        self._engine.close()

    @property
    def document(self) -> Document:
        """The document in force."""
        return self._document

    def set_moment_source(self, moment: Callable[[], Moment]) -> None:
        """Take the moment that is saved and exported from `moment`."""
        self._moment_source = moment

    @property
    def engine(self) -> Engine:
        """What runs it."""
        return self._engine

    @property
    def path(self) -> Path | None:
        """The file that the document was opened from or saved to."""
        return self._file.path

    @property
    def dirty(self) -> bool:
        """Whether closing would lose something; where the camera stands does not."""
        saved = self._file.saved
        waits = self._edit_waits and self._document.log is not None
        return saved is None or waits or _content(self._document) != _content(saved)

    @property
    def t(self) -> float:
        """The time of the newest frame."""
        return self._t

    @property
    def undo_text(self) -> str:
        """What `undo` would take back; empty if nothing."""
        return self._undo_stack.undo_text

    @property
    def redo_text(self) -> str:
        """What `redo` would do again; empty if nothing."""
        return self._undo_stack.redo_text

    def edit(self, path: str, value: Any) -> None:
        """Change one setting; a run of edits of one path undoes as one."""
        try:
            new = self._with_fitting_title(self._document.edit({path: value}))
            text = name_of(new, path)
        except (KeyError, ValueError) as error:
            self.refused.emit(str(error.args[0]))
            return
        self._do(new, text, merge_path=path)

    def change(self, changes: Mapping[str, Any], text: str) -> None:
        """Change several settings at once, as one step called `text`."""
        try:
            new = self._with_fitting_title(self._document.edit(changes))
        except (KeyError, ValueError) as error:
            self.refused.emit(str(error.args[0]))
            return
        self.release()
        self._do(new, text)

    def turn_camera(self, azimuth: float, elevation: float, zoom: float) -> None:
        """Note where the camera stands: saved, but nothing to undo."""
        camera = CameraPose(azimuth, elevation, zoom)
        if camera != self._document.look.camera:
            look = replace(self._document.look, camera=camera)
            self._apply(replace(self._document, look=look))

    def release(self) -> None:
        """End a run of edits: the hand has left the slider."""
        self._undo_stack.release()

    def new_sample(self) -> None:
        """Draw all that is random anew: another seed."""
        old = self._document.scenario.seed
        seed = random.choice(
            [s for s in random.sample(range(SEED_LIMIT), 2) if s != old]
        )
        self.change({"seed": seed}, "new sample")

    def reset(self) -> None:
        """Begin a new run with the settings in force; the earlier one can be undone."""
        self.release()
        if self._document.changes:
            self._push("reset", Scope.RUN)
            self._document = replace(self._document, log=None)
            self.undo_changed.emit()
        self._engine.reset()

    def edit_tokens(self, edits: TokenEdits, seen: Frame) -> None:
        """Move, add or remove tokens of the run that the frame `seen` is of.

        A step that can be undone, which returns to the moment before; moves of the same
        tokens in a row are one step.
        """
        try:
            if seen.run is not None:
                seen.run.with_change(self._t, seen.scenario, edits)
        except ValueError as error:
            self.refused.emit(sentence(str(error)))
            return
        path = "" if edits.resizes else f"tokens {sorted(edits.move)}"
        self._push(edits_text(edits), Scope.RUN, path)
        self._engine.edit_tokens(edits, seen)
        self._edit_waits = True
        self.undo_changed.emit()

    def rewrite(self, run: Run, text: str) -> None:
        """Put other changes in the place of those of the run, as one step."""
        self.release()
        self._push(text, Scope.RUN)
        log = run if run.changes else None
        document = replace(self._document, scenario=run.at(self._t), log=log)
        self._play(document, self._t)
        self.undo_changed.emit()

    def load(self, document: Document, path: Path | None = None) -> None:
        """Put another document in force, from its start; undoes as one step."""
        self.release()
        title = document.scenario.title or "another document"
        self._push(f"open {title}", Scope.RUN)
        self._play(document, 0.0)
        self._file = SavedFile(path, document)
        self.undo_changed.emit()
        self.opened.emit(document)

    def open(
        self,
        path: str | Path,
        consent: Callable[[ForeignFilesError], bool] | None = None,
    ) -> bool:
        """Open a document, an export that carries one, or a table of embeddings.

        `consent` is asked whether files outside its folder may be read.
        """
        path = Path(path)
        try:
            document = open_with_consent(path, consent, self.reported.emit)
            if document is None:
                return False
        except (OSError, ValueError, KeyError) as error:
            why = _reason(error).removeprefix(f"{path.name}: ")
            self.refused.emit(f"{path.name} was not opened. {why}")
            return False
        self.load(document, path if path.suffix.lower() == ".json" else None)
        return True

    def recover(self, document: Document) -> None:
        """Put edits in force that were never saved."""
        self.load(document)
        self._file = SavedFile(None, None)
        self.undo_changed.emit()

    def detach(self) -> None:
        """Forget the file: the document is a copy of a preset, saved elsewhere."""
        self._file = SavedFile(None, self._document)
        self.undo_changed.emit()

    def recorded(self) -> Document:
        """Return the document as it is saved and exported.

        It has the run as it was played, newest edit included, and the moment on show.
        """
        record, now = self._engine.record(), self._document
        run = record.run.with_whole(now.scenario)
        if record.edits < self._engine.edits:  # a step takes too long to wait for
            run = run.with_change(max(self._t, record.end), now.scenario)
        scenario, log = _as_long_as(now.scenario, run), run if run.changes else None
        source = self._moment_source
        moment = now.moment if source is None else source()
        return replace(now, scenario=scenario, log=log, moment=moment)

    def save(self, path: str | Path) -> bool:
        """Write the document to a file."""
        path, document = Path(path), self.recorded()
        try:
            document.save(path)
        except (OSError, ValueError) as error:
            self.refused.emit(f"{path.name} was not saved. {_reason(error)}")
            return False
        self._apply(document)
        self._file = SavedFile(path, document)
        self.undo_changed.emit()
        return True

    def undo(self) -> None:
        """Take the last step back: an edit of settings, from now on."""
        step = self._undo_stack.next_undo
        if step is not None:
            self._undo_stack.undo(self._entry(step.text, self._scope_across(step)))
            self._return_to(step)

    def redo(self) -> None:
        """Do again what was taken back."""
        step = self._undo_stack.next_redo
        if step is not None:
            self._undo_stack.redo(self._entry(step.text, self._scope_across(step)))
            self._return_to(step)

    def _scope_across(self, step: UndoEntry) -> Scope:
        """Return what an entry takes: the run, if its change is still to come."""
        later = step.scope is Scope.SETTINGS and self._changes_come
        return Scope.RUN if later else step.scope

    @property
    def _changes_come(self) -> bool:
        """Whether the run has changes after the time on show."""
        return any(change.t > self._t for change in self._document.changes[-1:])

    def _return_to(self, step: UndoEntry) -> None:
        scope = self._scope_across(step)
        if step.file.path != self._file.path:
            self._file = step.file
        look = replace(step.document.look, camera=self._document.look.camera)
        if scope is Scope.RUN:
            t = step.t if step.scope is Scope.RUN else self._t
            self._play(replace(step.document, look=look), t)
        elif scope is Scope.SETTINGS:
            scenario = step.document.scenario
            self._apply(replace(self._document, scenario=scenario, look=look))
        else:
            self._apply(replace(self._document, look=look))
        self.undo_changed.emit()

    def _with_fitting_title(self, new: Document) -> Document:
        """Return `new` under a title that fits its law."""
        saved = self._file.saved
        if saved is None:
            return new
        now, origin = self._document.scenario, saved.scenario
        return replace(new, scenario=retitled(now, new.scenario, origin))

    def _do(self, new: Document, text: str, merge_path: str = "") -> None:
        old = self._document
        if new == old:
            return
        scope = Scope.SETTINGS
        if new.scenario == old.scenario:
            scope = Scope.LOOK
        elif restarts(old.scenario, new.scenario):
            scope = Scope.RUN
            new = replace(new, log=None)
        elif self._changes_come:  # they are replaced
            scope = Scope.RUN
        self._push(text, scope, merge_path)
        self._apply(new)
        self.undo_changed.emit()

    def _push(self, text: str, scope: Scope, merge_path: str = "") -> None:
        self._undo_stack.push(self._entry(text, scope), merge_path)

    def _entry(self, text: str, scope: Scope) -> UndoEntry:
        return UndoEntry(self._document, self._file, text, scope, self._t)

    def _apply(self, new: Document) -> None:
        old, self._document = self._document, new
        if old.scenario != new.scenario:
            self._engine.retune(new.scenario)
            self._edit_waits = True
        self._follow(old, new)

    def _play(self, new: Document, t: float) -> None:
        """Put the run of `new` in the place of the one in force, at the time `t`."""
        old, self._document = self._document, new
        self._engine.load(new.run, t)
        self._edit_waits = True
        self._follow(old, new)

    def _follow(self, old: Document, new: Document) -> None:
        if old.look.speed != new.look.speed:
            self._engine.set_speed(new.look.speed)
        self.changed.emit(old, new)

    def _poll_engine(self) -> None:
        failure = self._engine.failure()
        frame = self._engine.latest()
        if failure is not None:
            self._edit_in_doubt = failure.kind is FailureKind.REFUSED
            self.refused.emit(sentence(failure.text))
        if frame is not None:
            self._t = frame.t
            if self._edit_in_doubt:
                self._edit_in_doubt = False
                self._fall_back(_played(self._document, frame))
            elif frame.record is not None and frame.record.edits >= self._engine.edits:
                self._adopt(_played(self._document, frame))
            self.arrived.emit(frame)

    def _adopt(self, played: Document) -> None:
        """Take the settings and the log of what is played."""
        old, self._document = self._document, played
        self._edit_waits = False
        if old.scenario != played.scenario:
            self.changed.emit(old, played)
        if old.log != played.log:
            self.undo_changed.emit()

    def _fall_back(self, ran: Document) -> None:
        """Return to what the engine runs, as if what it refused had not been done."""
        if ran.scenario == self._document.scenario:
            return
        step = self._undo_stack.drop_since(ran)
        old, self._document = self._document, step.document if step else ran
        self.changed.emit(old, self._document)
        self.undo_changed.emit()


def _played(document: Document, frame: Frame) -> Document:
    """Return `document` with the settings and the log of a frame."""
    run = frame.run if frame.run is not None and frame.run.changes else None
    return replace(document, scenario=frame.scenario, log=run)


def sentence(text: str) -> str:
    """Return `text` with a capital, unless it begins with the name of a file."""
    before, colon, _ = text.partition(":")
    return text if colon and "." in before else text[:1].upper() + text[1:]


def _as_long_as(scenario: Scenario, run: Run) -> Scenario:
    """Return `scenario` with a duration that holds the last change of `run`."""
    last = run.changes[-1].t if run.changes else 0.0
    if last <= scenario.duration:
        return scenario
    return replace(scenario, duration=float(math.ceil(last)))


def _content(document: Document) -> tuple[Run, Look]:
    """Return what is worth saving: neither where the camera is, nor the moment."""
    return document.run, replace(document.look, camera=CameraPose())


def _reason(error: Exception) -> str:
    return str(error.args[0]) if isinstance(error, KeyError) else str(error)
