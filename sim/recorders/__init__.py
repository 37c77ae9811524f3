"""Recorders: each writes the frames of a run to one kind of file.

May import frames, scenarios and `sim.loading`, and what is below them.
"""

from __future__ import annotations

import abc
import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, TextIO

import numpy as np

from sim.io.atomic_write import written_aside
from sim.loading import MARK
from sim.scenario import to_json
from sim.settings.plugins import Plugin
from sim.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from sim.frame import Frame, FrameRequest


@dataclass(frozen=True)
class Recorder(Plugin, abc.ABC, package=__name__):
    """Writes frames to a file.

    Progress and cancelling are the business of whoever yields the frames: an exception
    raised there removes the half-written file and goes on to the caller.
    """

    suffix: ClassVar[str]

    @abc.abstractmethod
    def record(self, frames: Iterable[Frame], path: Path) -> None:
        """Write all of `frames` to `path`, aside first.

        Raises
        ------
        OSError
            If the file cannot be written; what stood at `path` before is unharmed.
        """

    @abc.abstractmethod
    def request(self) -> FrameRequest:
        """Return what the frames must hold to be written."""


@dataclass(frozen=True)
class Tabular(Recorder, abc.ABC):
    """A CSV that says in its first lines which scenario and version made it.

    Numbers are written so that they read back exactly, with a point and no thousands
    separators, and lines end in a line feed: the same scenario gives the same bytes.
    """

    suffix: ClassVar[str] = ".csv"

    @abc.abstractmethod
    def header(self, frame: Frame) -> list[str]:
        """Return the names of the columns."""

    @abc.abstractmethod
    def rows(self, frame: Frame) -> Iterator[list[Any]]:
        """Yield the rows of one frame."""

    def record(self, frames: Iterable[Frame], path: Path) -> None:
        with written_aside(path) as aside, opened(aside) as file:
            sheet = Sheet(self, file)
            for frame in frames:
                sheet.write(frame)


class Sheet:
    """A table on its way to a file, a frame at a time; keeps none of them."""

    def __init__(self, form: Tabular, file: TextIO) -> None:
        self._form, self._file = form, file
        self._writer = csv.writer(file, lineterminator="\n")
        self._ledger = Ledger()
        self._said = ""

    def write(self, frame: Frame) -> None:
        """Write the rows of `frame`; before them a new scenario or method of sums."""
        said = to_json(frame.scenario, None)
        if said != self._said:
            self._file.write(f"{MARK} {said}\n")
        if sums := self._ledger.note(frame):
            self._file.write(f"# {sums}\n")
        if not self._said:
            self._file.write(f"# {signature()}\n")
            self._writer.writerow(self._form.header(frame))
        self._said = said
        self._writer.writerows(self._form.rows(frame))


def opened(path: Path) -> TextIO:
    """Open `path` for a table: UTF-8, line ends as they are."""
    return path.open("w", encoding="utf-8", newline="")


def signature() -> str:
    """Return which versions made the numbers."""
    return f"attention-orrery {__version__} numpy {np.__version__}"


class Ledger:
    """Keeps account of the methods of sums of the frames of a run, in their order.

    Attributes
    ----------
    lines : list of str
        Each method, its error and why it was taken; from the second on with the time.
    """

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._last = ""

    def note(self, frame: Frame) -> str:
        """Return how the sums of `frame` were computed; nothing if that is not new."""
        method, why = frame.method
        if method == self._last:
            return ""
        self._last, said = method, f"{method}; {why}"
        start = f" from t = {frame.t:g}" if self.lines else ""
        self.lines.append(f"sums{start}: {said}")
        return f"sums: {said}"
