"""Edits of the document in force, as steps that can be taken back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from app.document.lane_edits import edited_lanes
from app.document.marks import edits_text
from app.document.token_names import names_of
from app.document.undo_scope import Scope, scope_across, scope_of_edit
from app.document.undo_stack import UndoEntry, UndoStack
from sim.restarts import restarts
from sim.run_title import retitled

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.document.document import Document
    from app.document.engine_link import EngineLink
    from app.document.saved_file import SavedFile
    from sim.frame import Frame
    from sim.tokens.edits import TokenEdits


class EditSteps(QObject):
    """Puts edits in force, takes them back and does them again.

    Attributes
    ----------
    file : SavedFile
        Where the document is kept; returns with the document.
    stack : UndoStack
        What can be taken back and done again.
    in_all_lanes : bool
        Whether an edit is made in every lane, and not in one alone.
    """

    undo_changed = Signal()
    """The undo list, the file or whether the document is saved."""

    def __init__(self, link: EngineLink, file: SavedFile) -> None:
        super().__init__()
        self._link, self.file = link, file
        self.stack, self.in_all_lanes = UndoStack(), False
        link.log_changed.connect(self.undo_changed)
        link.edit_refused.connect(self._fall_back)

    def set_file(self, file: SavedFile) -> None:
        """Keep the document elsewhere."""
        self.file = file
        self.undo_changed.emit()

    def edited(self, changes: Mapping[str, Any]) -> Document:
        """Return the document with other settings, and a title that fits its law.

        Raises
        ------
        KeyError, ValueError
            If there is no such setting or value.
        """
        now, saved = self._link.document, self.file.saved
        new = edited_lanes(now, changes) if self.in_all_lanes else now.edit(changes)
        if saved is None:
            return new
        scenario = retitled(now.scenario, new.scenario, saved.scenario)
        return replace(new, scenario=scenario)

    def edit(self, new: Document, text: str, merge_path: str = "") -> None:
        """Put `new` in force, if it is another; edits of one path are one step."""
        old = self._link.document
        if new == old:
            return
        scope = scope_of_edit(old, new, self._link.t)
        self._note(text, scope, merge_path)
        self._link.apply(_begun_anew(old, new))
        self.undo_changed.emit()

    def set_lanes(self, new: Document, text: str, source: int = 0) -> None:
        """Put other lanes in force, as a step; those that stay go on as they are."""
        self.stack.release()
        self._note(text, Scope.LANES)
        self._link.set_lanes(new, source)
        self.undo_changed.emit()

    def frames_of_others(self) -> dict[int, Frame]:
        """Return the frames of other lanes that are edited too, by place."""
        place, engines = self._link.document.place, self._link.engines
        newest = {k: engines.frame(k) for k in range(len(engines)) if k != place}
        if not self.in_all_lanes:
            return {}
        return {k: frame for k, frame in newest.items() if frame is not None}

    def edit_tokens(
        self, edits: TokenEdits, seen: Mapping[int, Frame], *, joins: bool = False
    ) -> None:
        """Edit tokens of the runs `seen`, by place; moves of the same are one step.

        If it `joins`, it is one step with what was done last.
        """
        path = "" if edits.resizes else f"tokens {sorted(edits.move)}"
        if not joins:
            names = names_of(seen[self._link.document.place])
            self._note(edits_text(edits, names), Scope.RUN, path)
        for place, frame in seen.items():
            self._link.edit_tokens(edits, frame, place)
        self.undo_changed.emit()

    def play(
        self, new: Document, t: float, text: str, file: SavedFile | None = None
    ) -> None:
        """Put another run in the place of the one in force, as a step of its own.

        With a file of its own it is new, even if it is equal to that one.
        """
        self.stack.release()
        self._note(text, Scope.RUN)
        self._link.play(new, t, anew=file is not None)
        self.set_file(self.file if file is None else file)

    def reset(self) -> None:
        """Begin a new run; a step, if the one in force has changes."""
        self.stack.release()
        had_changes = any(lane.log for lane in self._link.document.lanes)
        if had_changes:
            self._note("reset", Scope.RUN)
        self._link.reset()
        if had_changes:
            self.undo_changed.emit()

    def _note(self, text: str, scope: Scope, merge_path: str = "") -> None:
        self.stack.push(self._entry(text, scope), merge_path)

    def undo(self) -> None:
        """Take the last step back: an edit of settings, from now on."""
        step = self.stack.next_undo
        if step is not None:
            self.stack.undo(self._entry(step.text, self._scope_across(step)))
            self._return_to(step)

    def redo(self) -> None:
        """Do again what was taken back."""
        step = self.stack.next_redo
        if step is not None:
            self.stack.redo(self._entry(step.text, self._scope_across(step)))
            self._return_to(step)

    def _entry(self, text: str, scope: Scope) -> UndoEntry:
        link = self._link
        return UndoEntry(link.document, self.file, text, scope, link.t)

    def _scope_across(self, step: UndoEntry) -> Scope:
        return scope_across(step.scope, self._link.document, self._link.t)

    def _return_to(self, step: UndoEntry) -> None:
        now, scope = self._link.document, self._scope_across(step)
        if step.file.path != self.file.path:
            self.file = step.file
        look = replace(step.document.look, camera=now.look.camera)
        if scope is Scope.RUN:
            t = step.t if step.scope is Scope.RUN else self._link.t
            self._link.play(replace(step.document, look=look), t)
        elif scope is Scope.LANES:
            self._link.set_lanes(_with_present_runs(step.document, now))
        elif scope is Scope.SETTINGS:
            new = _with_settings_of(step.document, now)
            self._link.apply(replace(new, look=look))
        else:
            self._link.apply(replace(now, look=look))
        self.undo_changed.emit()

    def _fall_back(self, ran: Document) -> None:
        """Return to what the engine runs, as if what it refused had not been done."""
        step = self.stack.drop_since(ran)
        self._link.follow_engines(step.document if step else ran)
        self.undo_changed.emit()


def _begun_anew(old: Document, new: Document) -> Document:
    """Return `new` without the logs of runs that begin anew."""
    lanes = [
        replace(lane, log=None) if restarts(before.scenario, lane.scenario) else lane
        for before, lane in zip(old.lanes, new.lanes, strict=True)
    ]
    return new.with_lanes(lanes, new.place)


def _with_present_runs(earlier: Document, now: Document) -> Document:
    """Return the lanes of `earlier`; those that are still there as they are now."""
    present = {lane.number: lane for lane in now.lanes}
    lanes = [present.get(lane.number, lane) for lane in earlier.lanes]
    return now.with_lanes(lanes, earlier.place)


def _with_settings_of(earlier: Document, now: Document) -> Document:
    """Return `now` with the settings in force in `earlier`, of the same lanes."""
    pairs = zip(earlier.lanes, now.lanes, strict=True)
    lanes = [replace(lane, scenario=before.scenario) for before, lane in pairs]
    return now.with_lanes(lanes, earlier.place)
