"""What is wrong with a lesson: in which file and line, what, and what to do."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a lesson; the rest of it still plays.

    Attributes
    ----------
    file : str
        Name of the file.
    line : int
        Its line, counted from 1.
    text : str
        What is wrong, and what to do.
    """

    file: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.text}"
