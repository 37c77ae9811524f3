"""The undo stack: earlier documents, and what changed them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.document.document import Document
    from app.document.saved_file import SavedFile
    from app.document.undo_scope import Scope

MAX_UNDO_STEPS = 500  # steps that can be undone


@dataclass(frozen=True, slots=True)
class UndoEntry:
    """One entry: the document on the far side of it, and what was done.

    Attributes
    ----------
    document : Document
        What it leads to.
    file : SavedFile
        Where that is kept.
    text : str
        What was done.
    scope : Scope
        What of the document is taken.
    t : float
        The time of the run that was on show.
    """

    document: Document
    file: SavedFile
    text: str
    scope: Scope
    t: float


class UndoStack:
    """What can be taken back and done again; a run of edits of one path is one step."""

    def __init__(self) -> None:
        self._past: list[UndoEntry] = []
        self._future: list[UndoEntry] = []
        self._merge_path = ""

    @property
    def undo_text(self) -> str:
        """What `undo` takes back; empty if nothing."""
        return self._past[-1].text if self._past else ""

    @property
    def redo_text(self) -> str:
        """What `redo` does again; empty if nothing."""
        return self._future[-1].text if self._future else ""

    def push(self, before: UndoEntry, merge_path: str = "") -> None:
        """Note that something was done to `before.document`."""
        if not merge_path or merge_path != self._merge_path:
            self._past = [*self._past, before][-MAX_UNDO_STEPS:]
        self._merge_path = merge_path
        self._future.clear()

    def release(self) -> None:
        """End a run of edits."""
        self._merge_path = ""

    @property
    def next_undo(self) -> UndoEntry | None:
        """What `undo` leads to."""
        return self._past[-1] if self._past else None

    @property
    def next_redo(self) -> UndoEntry | None:
        """What `redo` leads to."""
        return self._future[-1] if self._future else None

    def undo(self, now: UndoEntry) -> None:
        """Take the last entry off, leaving the present, `now`, to `redo`."""
        self.release()
        self._past.pop()
        self._future.append(now)

    def redo(self, now: UndoEntry) -> None:
        """Take the last undone entry off, leaving the present, `now`, to `undo`."""
        self.release()
        self._future.pop()
        self._past.append(now)

    def drop_since(self, ran: Document) -> UndoEntry | None:
        """Drop the steps done since the settings of `ran` were last in force.

        Returns
        -------
        Step, optional
            What was then, if the list goes back so far.
        """
        self.release()
        for place in reversed(range(len(self._past))):
            step = self._past[place]
            if step.document.settings == ran.settings:
                del self._past[place:]
                return step
        return None
