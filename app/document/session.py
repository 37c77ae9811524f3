"""The document in force, how it came to be, and the engine that runs it.

The only writer: every edit, whatever widget, file or key it comes from, passes here.
"""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from app.document.loading import check_playable, open_with_consent
from app.document.look import CameraPose
from app.document.moment import Moment
from app.document.setting_names import name_of
from app.document.undo_stack import SavedFile, UndoEntry, UndoStack
from sim.engine import FailureKind
from sim.run_title import retitled
from sim.scenario import restarts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from app.document.document import Document
    from sim.engine import Engine
    from sim.io.named_files import ForeignFilesError

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
        self._edit_in_doubt = False
        self._moment_source: Callable[[], Moment] | None = None
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

    def recorded(self) -> Document:
        """Return the document as it is saved and exported, with the moment on show."""
        if self._moment_source is None:
            return self._document
        return replace(self._document, moment=self._moment_source())

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
        return self._file.saved is None or _content(self._document) != _content(
            self._file.saved
        )

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

    def load(self, document: Document, path: Path | None = None) -> None:
        """Put another document in force, from its start; undoes as one step."""
        self.release()
        old = self._document
        self._do(document, f"open {document.scenario.title or 'another document'}")
        self._file = SavedFile(path, document)
        if not restarts(old.scenario, document.scenario):
            self._engine.reset()
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
            check_playable(document)
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

    def save(self, path: str | Path) -> bool:
        """Write the document to a file."""
        path, document = Path(path), self.recorded()
        try:
            document.save(path)
        except (OSError, ValueError) as error:
            self.refused.emit(f"{path.name} was not saved. {_reason(error)}")
            return False
        self._file = SavedFile(path, document)
        self.undo_changed.emit()
        return True

    def undo(self) -> None:
        """Take the last step back."""
        self._return_to(self._undo_stack.undo(self._document, self._file))

    def redo(self) -> None:
        """Do again what was taken back."""
        self._return_to(self._undo_stack.redo(self._document, self._file))

    def _return_to(self, step: UndoEntry | None) -> None:
        if step is None:
            return
        if step.file.path != self._file.path:
            self._file = step.file
        look = replace(step.document.look, camera=self._document.look.camera)
        self._apply(replace(step.document, look=look))
        self.undo_changed.emit()

    def _with_fitting_title(self, new: Document) -> Document:
        """Return `new` under a title that fits its law."""
        saved = self._file.saved
        if saved is None:
            return new
        now, origin = self._document.scenario, saved.scenario
        return replace(new, scenario=retitled(now, new.scenario, origin))

    def _do(self, new: Document, text: str, merge_path: str = "") -> None:
        if new == self._document:
            return
        self._undo_stack.push(UndoEntry(self._document, self._file, text), merge_path)
        self._apply(new)
        self.undo_changed.emit()

    def _apply(self, new: Document) -> None:
        old, self._document = self._document, new
        if old.scenario != new.scenario:
            self._engine.retune(new.scenario)
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
            if self._edit_in_doubt:
                self._edit_in_doubt = False
                self._fall_back(replace(self._document, scenario=frame.scenario))
            self.arrived.emit(frame)

    def _fall_back(self, ran: Document) -> None:
        """Return to what the engine runs, as if what it refused had not been done."""
        if ran.scenario == self._document.scenario:
            return
        step = self._undo_stack.drop_since(ran)
        old, self._document = self._document, step.document if step else ran
        self.changed.emit(old, self._document)
        self.undo_changed.emit()


def sentence(text: str) -> str:
    """Return `text` with a capital, unless it begins with the name of a file."""
    before, colon, _ = text.partition(":")
    return text if colon and "." in before else text[:1].upper() + text[1:]


def _content(document: Document) -> Document:
    """Return what is worth saving: neither where the camera is, nor the moment."""
    look = replace(document.look, camera=CameraPose())
    return replace(document, look=look, moment=Moment())


def _reason(error: Exception) -> str:
    return str(error.args[0]) if isinstance(error, KeyError) else str(error)
