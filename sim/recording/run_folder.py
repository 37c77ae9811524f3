"""A run in a folder: its scenario, observables, and coordinates of tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from sim.recording.recorded_run import RecordedRun, RecordOptions
from sim.recording.writers import run_writers

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from sim.recording.merge_events import ClusterChange
    from sim.scenario import Scenario
    from sim.schedule import Run


class Progress(Protocol):
    """Called with the progress of a run; raises an exception to cancel it."""

    def __call__(self, done: float, t: float, measures: Mapping[str, float]) -> None:
        """Take a frame's share of the run, its time and its observables."""
        ...


def record_run(
    scenario: Scenario | Run,
    folder: str | Path | None,
    every: int | None = None,
    backend: str = "auto",
    progress: Progress | None = None,
    trajectory: bool = True,
    theory: bool = False,
    layers: bool = False,
    event: Callable[[ClusterChange], None] | None = None,
    last_events: int | None = None,
    window: Mapping[str, Any] | None = None,
    stepped: Callable[[float], None] | None = None,
) -> dict[str, float]:
    """Run `scenario` for its duration and record every k-th step, in one pass.

    Writes ``scenario.json``, ``observables.csv`` and ``trajectory.csv``.  Frames are
    at whole steps, including the first and the last; nothing is interpolated.

    Parameters
    ----------
    scenario : Scenario or Run
        What to run; a change is landed on, and counts as a step.
    folder : path, optional
        Where to write; created if needed.  None runs without writing.
    every : int, optional
        k; about 200 frames are recorded by default.
    backend : str
        ``"auto"``, ``"numpy"`` or ``"cupy"``.
    progress : Progress, optional
        Called after every frame; an exception that it raises cancels the run, removes
        incomplete files and reaches the caller.
    trajectory : bool
        Whether to write ``trajectory.csv``.
    theory : bool
        Whether to add what theory predicts, as columns ``theory:KIND``.
    layers : bool
        Whether to write ``layers.npz`` too; then every step is recorded by default.
    event : callable, optional
        Called when the number of clusters changes, for runs of up to 200 tokens; the
        time is located between the steps.
    last_events : int, optional
        Report the last ones alone, after the run, which takes less time.
    window : mapping, optional
        How a window shows the run; goes into the files beside the scenario.
    stepped : callable, optional
        Called after every step with the share of the run that is done; an exception
        that it raises cancels the run, too.

    Returns
    -------
    dict of str to float
        The last frame's time and observables, and the numbers of frames and steps.

    Raises
    ------
    ValueError
        If the scenario does not fit together, a change is after the end, or `every`
        is less than 1.
    OSError
        If the files cannot be written.
    """
    options = RecordOptions(every, backend, trajectory, theory, layers)
    recorded = RecordedRun(scenario, options, event, last_events, stepped)
    last = recorded.first
    with run_writers(recorded.run, folder, options, window) as writers:
        for last in recorded.frames():
            for writer in writers:
                writer.write(last)
            if progress is not None:
                progress(recorded.done, last.t, last.measures)
    return recorded.result(last)
