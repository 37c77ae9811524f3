"""The undo list: documents as they were, and what was done to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from app.document.document import Document

DEEPEST = 500  # steps that can be undone


@dataclass(frozen=True, slots=True)
class File:
    """Where a document is kept, and what it was when it was last written or read."""

    path: Path | None
    saved: Document | None


@dataclass(frozen=True, slots=True)
class Step:
    """One entry: the document on the far side of it, its file, and what was done."""

    document: Document
    file: File
    text: str


class Steps:
    """What can be taken back and done again; a run of edits of one path is one step."""

    def __init__(self) -> None:
        self._past: list[Step] = []
        self._future: list[Step] = []
        self._grip = ""

    @property
    def undo_text(self) -> str:
        """What `back` takes back; empty if nothing."""
        return self._past[-1].text if self._past else ""

    @property
    def redo_text(self) -> str:
        """What `forth` does again; empty if nothing."""
        return self._future[-1].text if self._future else ""

    def push(self, before: Step, grip: str = "") -> None:
        """Note that something was done to `before.document`."""
        if not grip or grip != self._grip:
            self._past = [*self._past, before][-DEEPEST:]
        self._grip = grip
        self._future.clear()

    def release(self) -> None:
        """End a run of edits."""
        self._grip = ""

    def back(self, document: Document, file: File) -> Step | None:
        """Return what was before the last step, leaving the present to `forth`."""
        return self._shift(self._past, self._future, document, file)

    def forth(self, document: Document, file: File) -> Step | None:
        """Return what was before the last `back`."""
        return self._shift(self._future, self._past, document, file)

    def _shift(
        self, source: list[Step], sink: list[Step], document: Document, file: File
    ) -> Step | None:
        self.release()
        if not source:
            return None
        step = source.pop()
        sink.append(Step(document, file, step.text))
        return step

    def forget_since(self, ran: Document) -> Step | None:
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
