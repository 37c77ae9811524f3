"""The undo stack: earlier documents, and what changed them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from app.document.document import Document

MAX_UNDO_STEPS = 500  # steps that can be undone


@dataclass(frozen=True, slots=True)
class SavedFile:
    """Where a document is kept, and what it was when it was last written or read."""

    path: Path | None
    saved: Document | None


@dataclass(frozen=True, slots=True)
class UndoEntry:
    """One entry: the document on the far side of it, its file, and what was done."""

    document: Document
    file: SavedFile
    text: str


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

    def undo(self, document: Document, file: SavedFile) -> UndoEntry | None:
        """Return what was before the last step, leaving the present to `redo`."""
        return self._shift(self._past, self._future, document, file)

    def redo(self, document: Document, file: SavedFile) -> UndoEntry | None:
        """Return what was before the last `undo`."""
        return self._shift(self._future, self._past, document, file)

    def _shift(
        self,
        source: list[UndoEntry],
        sink: list[UndoEntry],
        document: Document,
        file: SavedFile,
    ) -> UndoEntry | None:
        self.release()
        if not source:
            return None
        step = source.pop()
        sink.append(UndoEntry(document, file, step.text))
        return step

    def drop_since(self, ran: Document) -> UndoEntry | None:
        """Drop the steps done since the scenario of `ran` was last in force.

        Returns
        -------
        Step, optional
            What was then, if the list goes back so far.
        """
        self.release()
        for place in reversed(range(len(self._past))):
            if self._past[place].document.scenario == ran.scenario:
                step = self._past[place]
                del self._past[place:]
                return step
        return None
