"""Several lanes in a folder: the tables of all of them, with a column for the lane."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, Protocol

from sim.lanes import plain_lanes
from sim.recording.lane_processes import ProcessEndedError, lane_processes
from sim.recording.recorded_run import RecordedRun
from sim.recording.writers import lane_writers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from sim.lanes import Comparison
    from sim.recording.merge_events import ClusterChange
    from sim.recording.recorded_run import RecordOptions


class LaneProgress(Protocol):
    """Called with the progress of a lane; raises an exception to cancel all."""

    def __call__(
        self, lane: int, done: float, t: float, measures: Mapping[str, float]
    ) -> None:
        """Take the lane, from 0, its share that is done, a time and observables."""
        ...


def record_lanes(
    comparison: Comparison,
    folder: str | Path | None,
    options: RecordOptions,
    progress: LaneProgress | None = None,
    event: Callable[[int, ClusterChange], None] | None = None,
    last_events: int | None = None,
    window: Mapping[str, Any] | None = None,
) -> list[dict[str, float]]:
    """Run each lane for its duration and record its frames, lane after lane.

    Long lanes are computed at one time, each by a process of its own.
    Writes the files of `sim.recording.run_folder.record_run`; tables have the lane,
    counted from 1, as their first column, and the rows of a lane are those of its run
    alone, letter for letter.

    Parameters
    ----------
    comparison : Comparison
        What to run.
    folder, last_events, window
        As in `record_run`.
    options : RecordOptions
        What is recorded.
    progress : LaneProgress, optional
        Called after every frame.
    event : callable, optional
        Called with a lane, from 0, and a change of its number of clusters.

    Returns
    -------
    list of dict
        What `record_run` returns, for each lane.

    Raises
    ------
    ValueError, OSError
        As `record_run`; says in which lane.
    """
    recorded = _recorded(comparison, options, event, last_events)
    beside = {**(window or {}), **plain_lanes(comparison.runs, comparison.forks)}
    firsts = [lane.first for lane in recorded]
    tasks = [(run, options, event is not None, last_events) for run in comparison.runs]
    results: list[dict[str, float]] = []
    with (
        lane_processes(recorded, tasks) as processes,
        lane_writers(comparison, firsts, folder, options, beside) as writers,
    ):
        for k, lane in enumerate(recorded):
            for writer in writers:
                writer.begin(k)
            source = processes[k].messages() if processes else _messages(lane)
            for kind, *said in _named(source, k):
                if kind == "event" and event is not None:
                    event(k, said[0])
                elif kind == "end":
                    results.append(said[0])
                elif kind == "frame":
                    frame, done = said
                    for writer in writers:
                        writer.write(frame)
                    if progress is not None:
                        progress(k, done, frame.t, frame.measures)
    return results


def _messages(lane: RecordedRun) -> Iterator[tuple[Any, ...]]:
    """Yield what a process for the lane would send, but for its events."""
    last = lane.first
    for last in lane.frames():
        yield "frame", last, lane.done
    yield "end", lane.result(last)


def _named(source: Iterator[tuple[Any, ...]], k: int) -> Iterator[tuple[Any, ...]]:
    try:
        yield from source
    except FloatingPointError as error:  # its tokens ran away
        raise FloatingPointError(f"lane {k + 1}: {error}") from None
    except ProcessEndedError as error:
        raise RuntimeError(f"lane {k + 1}: {error}") from None


def _recorded(
    comparison: Comparison,
    options: RecordOptions,
    event: Callable[[int, ClusterChange], None] | None,
    last_events: int | None,
) -> list[RecordedRun]:
    out: list[RecordedRun] = []
    for k, run in enumerate(comparison.runs):
        report = None if event is None else functools.partial(event, k)
        try:
            out.append(RecordedRun(run, options, report, last_events))
        except ValueError as error:
            raise ValueError(f"lane {k + 1}: {error}") from None
    return out
