"""A run in a folder: its scenario, observables, and coordinates of tokens."""

from __future__ import annotations

import contextlib
import dataclasses
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from sim.io.atomic_write import atomic_write, create_folder
from sim.recorders import TableWriter, open_table
from sim.recorders.layers import Layers, array_writer
from sim.recorders.observables import Observables
from sim.recorders.trajectory import Trajectory
from sim.recording.merge_events import EventReporter
from sim.schedule import check_duration
from sim.schedule_file import save_run
from sim.simulation import Simulation
from sim.step_counter import STEP_TOLERANCE
from sim.theory import applicable

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Mapping

    from sim.frame import Frame, FrameRequest
    from sim.recorders import Tabular
    from sim.recorders.layers import ArrayWriter
    from sim.recording.merge_events import ClusterChange
    from sim.scenario import Scenario
    from sim.schedule import Run

DEFAULT_FRAMES = 200  # a smooth curve, and a table that is easy to open


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
    run = Simulation(scenario, backend)
    check_duration(run.run)
    start = run.scenario
    steps = max(1, math.ceil(_end(run) / start.step - STEP_TOLERANCE))
    default = 1 if layers else max(1, round(steps / DEFAULT_FRAMES))
    k = default if every is None else every
    if k < 1:
        raise ValueError(f"every must be 1 or more steps, got {k}.")
    add_theory = _theory_adder(run) if theory else _unchanged
    last: Frame | None = None
    count = step = 0
    events = EventReporter(run, event, last_events)
    with _writers(run.run, folder, trajectory, layers, window) as writers:
        for last, step in _frames(  # noqa: B007 - the last one is returned
            run, k, _request(trajectory), events.follow
        ):
            count += 1
            last = add_theory(last)
            for writer in writers:
                writer.write(last)
            if progress is not None:
                progress(min(1.0, run.coordinate / _end(run)), last.t, last.measures)
    events.finish()
    assert last is not None
    return {"t": last.t, "steps": step, "frames": count, **last.measures}


def _unchanged(frame: Frame) -> Frame:
    return frame


def _theory_adder(run: Simulation) -> Callable[[Frame], Frame]:
    """Return a function that adds the predictions of theory to a frame's measures."""
    curves = applicable(run.scenario, run.x)
    until = min((s.t for s in run.run.stages if s.t > 0 or s.glides), default=math.inf)

    def with_theory(frame: Frame) -> Frame:
        predicted = {
            f"theory:{k}": c(frame.t, frame.x) if frame.t < until else math.nan
            for k, c in curves.items()
        }
        return dataclasses.replace(frame, measures={**frame.measures, **predicted})

    return with_theory


def _request(trajectory: bool) -> FrameRequest:
    request = Observables().request()
    return request | Trajectory().request() if trajectory else request


def _frames(
    run: Simulation, every: int, request: FrameRequest, follow: Callable[[], None]
) -> Iterator[tuple[Frame, int]]:
    yield run.frame(request=request), 0
    step, done = 0, False
    while not done:
        run.step()
        step += 1
        follow()
        done = _at_end(run)
        if step % every == 0 or done:
            yield run.frame(request=request), step


def _at_end(run: Simulation) -> bool:
    """Whether the run has reached its duration, on the clock in force."""
    return _end(run) - run.coordinate <= STEP_TOLERANCE * run.scenario.step


def _end(run: Simulation) -> float:
    """Return the coordinate of the end of the run, on the clock in force."""
    return run.scenario.clock.coordinate(run.scenario.duration)


@contextlib.contextmanager
def _writers(
    run: Run,
    folder: str | Path | None,
    trajectory: bool,
    layers: bool,
    window: Mapping[str, Any] | None,
) -> Generator[list[TableWriter | ArrayWriter]]:
    """Open the files of `folder` under temporary names; rename them at the end."""
    if folder is None:
        yield []
        return
    folder = Path(folder)
    is_new = not folder.exists()
    create_folder(folder)
    forms: list[Tabular] = [Observables(), *([Trajectory()] if trajectory else [])]
    try:
        with contextlib.ExitStack() as stack:
            writers = [_table_writer(stack, form, folder, window) for form in forms]
            yield writers + ([_array_writer(stack, folder, window)] if layers else [])
            save_run(run, folder / "scenario.json", window)
    except BaseException:
        if is_new and not any(folder.iterdir()):
            folder.rmdir()
        raise


def _array_writer(
    stack: contextlib.ExitStack, folder: Path, window: Mapping[str, Any] | None
) -> ArrayWriter:
    form = Layers()
    temporary = atomic_write(folder / f"{form.kind}{form.suffix}")
    return stack.enter_context(array_writer(stack.enter_context(temporary), window))


def _table_writer(
    stack: contextlib.ExitStack,
    form: Tabular,
    folder: Path,
    window: Mapping[str, Any] | None,
) -> TableWriter:
    temporary = stack.enter_context(atomic_write(folder / f"{form.kind}.csv"))
    file = stack.enter_context(open_table(temporary))
    return TableWriter(form, file, folder, window)
