"""The files of a folder, open for the frames of a run or of several lanes."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TextIO

from sim.io.atomic_write import atomic_write, create_folder
from sim.io.unfinished import UNFINISHED
from sim.recorders import TableWriter, Tabular, open_table
from sim.recorders.layers import Layers, array_writer
from sim.recorders.observables import Observables
from sim.recorders.trajectory import Trajectory
from sim.recording.lane_tables import LaneTableWriter, lane_array_writer
from sim.scenario_format import RUN_FILE
from sim.schedule_file import save_run

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence

    from sim.frame import Frame
    from sim.lanes import Comparison
    from sim.recorders.layers import ArrayWriter
    from sim.recording.recorded_run import RecordOptions
    from sim.schedule import Run

    Window = Mapping[str, Any] | None


class LaneWriter(Protocol):
    """Takes the frames of several lanes, one lane after the other."""

    def begin(self, lane: int) -> None:
        """Take the frames of this lane from now on, counted from 0."""
        ...

    def write(self, frame: Frame) -> None:
        """Take a frame."""
        ...


@contextlib.contextmanager
def run_writers(
    run: Run, folder: str | Path | None, options: RecordOptions, window: Window
) -> Generator[list[TableWriter | ArrayWriter]]:
    """Open the files of one run; none without a folder.

    They have temporary names, and get their own at the end.
    """
    with _opened(folder) as (place, stack):
        if place is None:
            yield []
            return
        scenario = stack.enter_context(atomic_write(place / RUN_FILE))  # renamed last
        files = [_table(stack, form, place) for form in _forms(options)]
        writers: list[TableWriter | ArrayWriter] = [
            TableWriter(form, file, place, window)
            for form, file in zip(_forms(options), files, strict=True)
        ]
        if options.layers:
            path = _temporary(stack, Layers(), place)
            writers.append(stack.enter_context(array_writer(path, window)))
        yield writers
        save_run(run, scenario, window)
        _flush(files)


@contextlib.contextmanager
def lane_writers(
    comparison: Comparison,
    firsts: Sequence[Frame],
    folder: str | Path | None,
    options: RecordOptions,
    window: Mapping[str, Any],
) -> Generator[list[LaneWriter]]:
    """Open the files of several lanes, as `run_writers` does.

    `firsts` are their first frames, and `window` what stands beside the first run in a
    file, the lanes included.
    """
    with _opened(folder) as (place, stack):
        if place is None:
            yield []
            return
        scenario = stack.enter_context(atomic_write(place / RUN_FILE))  # renamed last
        files = [_table(stack, form, place) for form in _forms(options)]
        writers: list[LaneWriter] = []
        for form, file in zip(_forms(options), files, strict=True):
            writer = LaneTableWriter(form, file, place, comparison, firsts)
            writer.open(window)
            writers.append(writer)
        if options.layers:
            path = _temporary(stack, Layers(), place)
            arrays = lane_array_writer(path, len(firsts), comparison.first, window)
            writers.append(stack.enter_context(arrays))
        yield writers
        save_run(comparison.first, scenario, window)
        _flush(files)


@contextlib.contextmanager
def _opened(
    folder: str | Path | None,
) -> Generator[tuple[Path | None, contextlib.ExitStack]]:
    """Make a folder, and give a stack for its files; take it away if they fail."""
    with contextlib.ExitStack() as stack:
        if folder is None:
            yield None, stack
            return
        folder = Path(folder)
        if not folder.exists():
            UNFINISHED.add(folder)
            stack.push(_Removal(folder))
        create_folder(folder)
        yield folder, stack


class _Removal:
    """Removes a folder that was made for nothing."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __enter__(self) -> None:
        """Do nothing."""

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None and self._folder.exists():
            if not any(self._folder.iterdir()):
                self._folder.rmdir()
        UNFINISHED.discard(self._folder)


def _flush(files: Sequence[TextIO]) -> None:
    """Write what waits, so that a full disk is noticed before any file is renamed."""
    for file in files:
        file.flush()


def _forms(options: RecordOptions) -> list[Tabular]:
    return [Observables(), *([Trajectory()] if options.trajectory else [])]


def _table(stack: contextlib.ExitStack, form: Tabular, folder: Path) -> TextIO:
    return stack.enter_context(open_table(_temporary(stack, form, folder)))


def _temporary(
    stack: contextlib.ExitStack, form: Tabular | Layers, folder: Path
) -> Path:
    path = folder / f"{form.kind}{form.suffix}"
    return stack.enter_context(atomic_write(path))
