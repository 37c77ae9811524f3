"""The document in force, how it came to be, and the engine that runs it.

The only writer: every edit, whatever widget, file or key it comes from, passes here.
"""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from app.document.edit_steps import EditSteps
from app.document.engine_link import EngineLink
from app.document.lane_control import LaneControl
from app.document.loading import table_document
from app.document.look import CameraPose
from app.document.recorded import recorded
from app.document.saved_file import (
    FileRefusedError,
    SavedFile,
    read_document,
    write_document,
)
from app.document.setting_names import name_of, refusal
from app.document.token_lanes import taken_by, why_not

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from app.document.document import Document
    from app.document.moment import Moment
    from sim.engine import Engine
    from sim.frame import Frame
    from sim.io.named_files import ForeignFilesError
    from sim.schedule import Run
    from sim.tokens.edits import TokenEdits

SEED_LIMIT = 10_000  # new samples take a seed below: short enough to say aloud


class Session(QObject):
    """Holds the document, its past and future, and its `lanes` with their engines."""

    changed = Signal(object, object)
    """Old and new document."""
    opened = Signal(object)
    """A document that was put in force, with the moment at which it is looked at."""
    arrived = Signal(tuple)
    """Frames of one moment, one for each lane."""
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
        self._link = EngineLink(document, engine)
        self._link.changed.connect(self.changed)
        self._link.arrived.connect(self.arrived)
        self._link.failed.connect(self.refused)
        self._steps = EditSteps(self._link, SavedFile(path, document))
        self._steps.undo_changed.connect(self.undo_changed)
        self.lanes = LaneControl(self._link, self._steps, self.refused.emit)
        self._moment_source: Callable[[], Moment] | None = None

    def start(self, *, playing: bool = True) -> None:
        """Start the engine and fetch its frames."""
        self._link.start(playing=playing)

    def close(self) -> None:
        """Stop the engine."""
        self._link.close()

    @property
    def document(self) -> Document:
        """The document in force."""
        return self._link.document

    def set_moment_source(self, moment: Callable[[], Moment]) -> None:
        """Take the moment that is saved and exported from `moment`."""
        self._moment_source = moment

    @property
    def engine(self) -> Engine:
        """What runs the lane that is edited."""
        return self._link.engine

    @property
    def waits(self) -> bool:
        """Whether there is no frame yet of what was edited or opened last."""
        return self._link.waits

    @property
    def path(self) -> Path | None:
        """The file that the document was opened from or saved to."""
        return self._steps.file.path

    @property
    def dirty(self) -> bool:
        """Whether closing would lose something; where the camera stands does not."""
        changed = any(lane.log is not None for lane in self.document.lanes)
        waits = self._link.waits and changed
        return waits or not self._steps.file.holds(self.document)

    @property
    def t(self) -> float:
        """The time of the newest frame."""
        return self._link.t

    @property
    def undo_text(self) -> str:
        """What `undo` would take back; empty if nothing."""
        return self._steps.stack.undo_text

    @property
    def redo_text(self) -> str:
        """What `redo` would do again; empty if nothing."""
        return self._steps.stack.redo_text

    def edit(self, path: str, value: Any) -> bool:
        """Change one setting; a run of edits of one path undoes as one.

        Returns whether that was possible.
        """
        try:
            new = self._steps.edited({path: value})
            text = name_of(new, path)
        except (KeyError, ValueError) as error:
            self.refused.emit(refusal(self.document, error))
            return False
        self._steps.edit(new, text, merge_path=path)
        return True

    def change(self, changes: Mapping[str, Any], text: str) -> bool:
        """Change several settings at once, as one step called `text`.

        Returns whether that was possible.
        """
        try:
            new = self._steps.edited(changes)
        except (KeyError, ValueError) as error:
            self.refused.emit(refusal(self.document, error))
            return False
        self.release()
        self._steps.edit(new, text)
        return True

    def turn_camera(self, azimuth: float, elevation: float, zoom: float) -> None:
        """Note where the camera stands: saved, but nothing to undo."""
        camera = CameraPose(azimuth, elevation, zoom)
        if camera != self.document.look.camera:
            look = replace(self.document.look, camera=camera)
            self._link.apply(replace(self.document, look=look))

    def release(self) -> None:
        """End a run of edits: the hand has left the slider."""
        self._steps.stack.release()

    def new_sample(self) -> None:
        """Draw all that is random anew: another seed."""
        old = self.document.scenario.seed
        seed = random.choice(
            [s for s in random.sample(range(SEED_LIMIT), 2) if s != old]
        )
        self.change({"seed": seed}, "new sample")

    def reset(self) -> None:
        """Begin a new run with the settings in force; the earlier one can be undone."""
        self._steps.reset()

    def edit_tokens(
        self, edits: TokenEdits, seen: Frame, *, of_new_lane: bool = False
    ) -> None:
        """Move, add or remove tokens of the run that the frame `seen` is of.

        Where lanes are edited together, in every one that can be edited so.  A step
        that can be undone, which returns to the moment before; moves of the same tokens
        in a row are one step.  An edit `of_new_lane`, which was just made, is in that
        one alone, and one step with it.
        """
        if why := why_not(edits, self.t, seen):
            self.refused.emit(why)
            return
        frames = {} if of_new_lane else self._steps.frames_of_others()
        others, left = taken_by(edits, self.t, frames)
        if left:
            self.reported.emit(left)
        runs = {self.document.place: seen, **others}
        self._steps.edit_tokens(edits, runs, joins=of_new_lane)

    def rewrite(self, run: Run, text: str) -> None:
        """Put other changes in the place of those of the run, as one step."""
        log = run if run.changes else None
        document = replace(self.document, scenario=run.at(self.t), log=log)
        self._steps.play(document, self.t, text)

    def load(self, document: Document, path: Path | None = None) -> None:
        """Put another document in force, from its start; undoes as one step."""
        title = document.scenario.title or "another document"
        self._steps.play(document, 0.0, f"open {title}", SavedFile(path, document))
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
            document = read_document(path, consent, self.reported.emit)
        except FileRefusedError as error:
            self.refused.emit(str(error))
            return False
        if document is None:
            return False
        self.load(document, path if path.suffix.lower() == ".json" else None)
        return True

    def open_table(self, path: Path, columns: str) -> bool:
        """Open a table of embeddings with a choice of its columns."""
        try:
            document = table_document(path, columns)
        except (OSError, ValueError) as error:
            self.refused.emit(f"{path.name} was not opened. {error}")
            return False
        self.load(document)
        return True

    def recover(self, document: Document) -> None:
        """Put edits in force that were never saved."""
        self.load(document)
        self._steps.set_file(SavedFile(None, None))

    def detach(self) -> None:
        """Forget the file: the document is a copy of a preset, saved elsewhere."""
        self._steps.set_file(SavedFile(None, self.document))

    def recorded(self) -> Document:
        """Return the document as it is saved and exported.

        It has the run as it was played, newest edit included, and the moment on show.
        """
        now, source = self.document, self._moment_source
        moment = now.moment if source is None else source()
        return recorded(now, self._link.engines, self.t, moment)

    def save(self, path: str | Path) -> bool:
        """Write the document to a file."""
        path, document = Path(path), self.recorded()
        try:
            write_document(document, path)
        except FileRefusedError as error:
            self.refused.emit(str(error))
            return False
        self._link.apply(document)
        self._steps.set_file(SavedFile(path, document))
        return True

    def undo(self) -> None:
        """Take the last step back: an edit of settings, from now on."""
        self._steps.undo()

    def redo(self) -> None:
        """Do again what was taken back."""
        self._steps.redo()
