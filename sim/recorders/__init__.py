"""Recorders: each writes the frames of a run to one kind of file.

May import frames, scenarios and what is below them.
"""

from __future__ import annotations

import abc
import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, TextIO

import numpy as np

from sim.io.atomic_write import atomic_write
from sim.io.limits import IN_TABLE
from sim.schedule import Run
from sim.schedule_file import embedded_text
from sim.settings.plugins import Plugin
from sim.tables.embedded_run import MARK
from sim.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from sim.frame import Frame, FrameRequest


@dataclass(frozen=True)
class Recorder(Plugin, abc.ABC, package=__name__):
    """Writes frames to a file.

    The iterable of frames reports progress and cancels: an exception that it raises
    removes the incomplete file and reaches the caller.
    """

    suffix: ClassVar[str]

    @abc.abstractmethod
    def record(self, frames: Iterable[Frame], path: Path) -> None:
        """Write all of `frames` to `path`, under a temporary name until complete.

        Raises
        ------
        OSError
            If the file cannot be written; an older file at `path` is then unchanged.
        """

    @abc.abstractmethod
    def request(self) -> FrameRequest:
        """Return what the frames must hold."""


@dataclass(frozen=True)
class Tabular(Recorder, abc.ABC):
    """A CSV with the scenario and the versions in its first lines.

    Numbers are written in full precision, with a decimal point and no thousands
    separators, and lines end in a line feed: the same scenario gives the same bytes.
    """

    suffix: ClassVar[str] = ".csv"

    @abc.abstractmethod
    def header(self, frame: Frame) -> list[str]:
        """Return the names of the columns."""

    @abc.abstractmethod
    def rows(self, frame: Frame) -> Iterator[list[Any]]:
        """Yield the rows of one frame."""

    def note(self, frame: Frame) -> str:
        """Return a comment that stands above the columns; none by default."""
        return ""

    def lines(self, frame: Frame) -> Iterator[str]:
        """Yield the rows of one frame as they are written, without line ends."""
        return map(csv_line, self.rows(frame))

    def record(self, frames: Iterable[Frame], path: Path) -> None:
        with atomic_write(path) as temporary, open_table(temporary) as file:
            writer = TableWriter(self, file, path.parent)
            for frame in frames:
                writer.write(frame)


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


_LINES = csv.writer(_Echo(), lineterminator="\n")  # which it quotes in a name


def csv_line(row: Iterable[Any]) -> str:
    """Return the line of a table with these cells, without a line end."""
    return str(_LINES.writerow(row)).removesuffix("\n")


class TableWriter:
    """Writes a table to a file frame by frame, without keeping frames.

    Parameters
    ----------
    recorder : Tabular
        What the columns are.
    file : text file
        Where it is written.
    folder : Path
        The folder of the table, from which it names files.
    window : mapping, optional
        How a window shows the run; goes into the header.
    """

    def __init__(
        self,
        recorder: Tabular,
        file: TextIO,
        folder: Path,
        window: Mapping[str, Any] | None = None,
    ) -> None:
        self._recorder, self._file = recorder, file
        self._folder, self._window = folder, window
        self._method_log = MethodLog()
        self._run: Run | None = None

    def write(self, frame: Frame) -> None:
        """Write the rows of `frame`, after a comment if scenario or method changed."""
        run, first = frame.run or Run(frame.scenario), self._run is None
        if run is not self._run and run != self._run:
            text = embedded_text(run, self._folder, IN_TABLE, self._window)
            self._file.write(f"{MARK} {text}\n")
        if sums := self._method_log.note(frame):
            self._file.write(f"# {sums}\n")
        if first:
            if note := self._recorder.note(frame):
                self._file.write(f"# {note}\n")
            self._file.write(f"# {signature()}\n")
            self._file.write(f"{csv_line(self._recorder.header(frame))}\n")
        self._run = run
        self._file.writelines(f"{line}\n" for line in self._recorder.lines(frame))


def open_table(path: Path) -> TextIO:
    """Open `path` for a table in UTF-8, without translating line ends."""
    return path.open("w", encoding="utf-8", newline="")


def signature() -> str:
    """Return which versions made the numbers."""
    return f"attention-orrery {__version__} numpy {np.__version__}"


class MethodLog:
    """Logs how the sums of the frames of a run were computed, in order.

    Attributes
    ----------
    lines : list of str
        Each method, its error and the reason; from the second on with the time.
    """

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._last = ""

    def note(self, frame: Frame) -> str:
        """Return how the sums of `frame` were computed; empty if nothing changed."""
        method, why = frame.method
        if method == self._last:
            return ""
        self._last, text = method, f"{method}; {why}"
        start = f" from t = {frame.t:g}" if self.lines else ""
        self.lines.append(f"sums{start}: {text}")
        return f"sums: {text}"
