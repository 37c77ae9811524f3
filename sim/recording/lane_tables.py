"""Tables and arrays that hold several lanes."""

from __future__ import annotations

import contextlib
import csv
from typing import TYPE_CHECKING, Any, TextIO

from sim.io.limits import IN_TABLE
from sim.recorders import MethodLog, signature
from sim.recorders.layers import ArrayWriter, written_archive
from sim.schedule_file import embedded_text
from sim.tables.embedded_run import MARK

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence
    from pathlib import Path

    from sim.frame import Frame
    from sim.lanes import Comparison
    from sim.recorders import Tabular
    from sim.schedule import Run

LANE = "lane"
"""The first column of a table of lanes, which are counted from 1."""


class LaneTableWriter:
    """Writes a table of several lanes, one after the other; see `TableWriter`.

    Before the columns of `recorder` comes the lane.  What a lane has no column for is
    empty; its other entries are those of a table of its own, letter for letter.

    Parameters
    ----------
    recorder : Tabular
        What the columns are.
    file : text file
        Where it is written.
    folder : Path
        The folder of the table, from which it names files.
    comparison : Comparison
        The lanes.
    firsts : sequence of Frame
        The first frame of each lane, which says its columns.
    """

    def __init__(
        self,
        recorder: Tabular,
        file: TextIO,
        folder: Path,
        comparison: Comparison,
        firsts: Sequence[Frame],
    ) -> None:
        self._recorder, self._file, self._folder = recorder, file, folder
        self._comparison = comparison
        self._headers = [recorder.header(frame) for frame in firsts]
        self._columns = merged_columns(self._headers)
        self._writer = csv.writer(file, lineterminator="\n")
        self._notes = [recorder.note(frame) for frame in firsts]
        self._lane, self._places = 0, list[int]()
        self._method_log = MethodLog()

    def open(self, window: Mapping[str, Any]) -> None:
        """Write what comes before all lanes; `window` has the further ones."""
        run = self._comparison.first
        text = embedded_text(run, self._folder, IN_TABLE, window)
        self._file.write(f"{MARK} {text}\n# {signature()}\n")
        self._writer.writerow([LANE, *self._columns])

    def begin(self, lane: int) -> None:
        """Write the frames of this lane from now on, counted from 0."""
        self._lane, self._method_log = lane + 1, MethodLog()
        self._places = [self._columns.index(name) for name in self._headers[lane]]
        title = self._comparison.titles[lane]
        self._file.write(f"# {LANE} {self._lane}: {title}\n")
        if note := self._notes[lane]:
            self._file.write(f"# {note}\n")

    def write(self, frame: Frame) -> None:
        """Write the rows of `frame`, after a comment if its method changed."""
        if sums := self._method_log.note(frame):
            self._file.write(f"# {sums}\n")
        if self._places == list(range(len(self._columns))):
            lines = self._recorder.lines(frame)
            self._file.writelines(f"{self._lane},{line}\n" for line in lines)
            return
        for row in self._recorder.rows(frame):
            out: list[Any] = [""] * len(self._columns)
            for place, value in zip(self._places, row, strict=True):
                out[place] = value
            self._writer.writerow([self._lane, *out])


def merged_columns(headers: Sequence[Sequence[str]]) -> list[str]:
    """Return all names of several headers once, each after the one it comes after."""
    out: list[str] = []
    for header in headers:
        at = 0
        for name in header:
            if name not in out:
                out.insert(at, name)
            at = out.index(name) + 1
    return out


class LaneArrayWriter:
    """Writes arrays of several lanes, ``h_1``, ``t_1``, ``h_2`` and so on."""

    def __init__(self, writers: Sequence[ArrayWriter]) -> None:
        self.writers, self._lane = writers, 0

    def begin(self, lane: int) -> None:
        """Write the frames of this lane from now on, counted from 0."""
        self._lane = lane

    def write(self, frame: Frame) -> None:
        """Add the tokens of `frame`, and its momenta if it has any."""
        self.writers[self._lane].write(frame)


@contextlib.contextmanager
def lane_array_writer(
    path: Path, lanes: int, first: Run, window: Mapping[str, Any]
) -> Generator[LaneArrayWriter]:
    """Open an archive that is written to `path` if no exception is raised."""
    with contextlib.ExitStack() as stack:
        files = [
            stack.enter_context(ArrayWriter.files(path.parent)) for _ in range(lanes)
        ]
        writer = LaneArrayWriter([ArrayWriter(*pair) for pair in files])
        yield writer
        text = embedded_text(first, path.parent, window=window)
        with written_archive(path, text) as archive:
            for k, arrays in enumerate(writer.writers, 1):
                arrays.save(archive, f"_{k}")
