"""A whole run in a folder: its scenario, what was measured, where tokens were."""

from __future__ import annotations

import contextlib
import dataclasses
import math
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from sim.io.atomic_write import made_folder, written_aside
from sim.recorders import Sheet, opened
from sim.recorders.layers import Layers, stacked
from sim.recorders.observables import Observables
from sim.recorders.trajectory import Trajectory
from sim.recording.merge_events import MOST, Mergers
from sim.simulation import Simulation
from sim.step_counter import STEP_TOLERANCE
from sim.theory import applicable

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Mapping

    from sim.frame import Frame, FrameRequest
    from sim.recorders import Tabular
    from sim.recorders.layers import Stack
    from sim.recording.merge_events import Change
    from sim.scenario import Scenario

FRAMES = 200  # kept by default: a smooth curve, and a table that a person can open


class Progress(Protocol):
    """Is told how far a run has come; raises to cancel it."""

    def __call__(self, done: float, t: float, measures: Mapping[str, float]) -> None:
        """Hear of a frame: the share of the run, its time, its observables."""
        ...


def record_run(
    scenario: Scenario,
    folder: str | Path | None,
    every: int | None = None,
    backend: str = "auto",
    progress: Progress | None = None,
    trajectory: bool = True,
    theory: bool = False,
    layers: bool = False,
    event: Callable[[Change], None] | None = None,
) -> dict[str, float]:
    """Run `scenario` for its duration and keep every k-th step, in one pass.

    Writes ``scenario.json``, ``observables.csv`` and ``trajectory.csv``.  Frames are
    at whole steps, the first and the last among them; nothing is interpolated.

    Parameters
    ----------
    scenario : Scenario
        What to run.
    folder : path, optional
        Where to write; made if need be.  None runs without writing.
    every : int, optional
        k; about 200 frames are kept by default.
    backend : str
        ``"auto"``, ``"numpy"`` or ``"cupy"``.
    progress : Progress, optional
        Called after every frame; what it raises cancels the run and goes on to the
        caller, and nothing half-written stays.
    trajectory : bool
        Whether to write ``trajectory.csv``.
    theory : bool
        Whether to add what theory predicts, as columns ``theory:KIND``.
    layers : bool
        Whether to write ``layers.npz`` too; then every step is kept by default.
    event : callable, optional
        Is told when the number of clusters changed, for runs of up to 200 tokens; the
        time is found between the steps.

    Returns
    -------
    dict of str to float
        The last frame's time and observables, and the numbers of frames and steps.

    Raises
    ------
    ValueError
        If the scenario does not fit together, or `every` is less than 1.
    OSError
        If the files cannot be written.
    """
    run = Simulation(scenario, backend)
    end = scenario.clock.coordinate(scenario.duration)
    steps = max(1, math.ceil(end / scenario.step - STEP_TOLERANCE))
    usual = 1 if layers else max(1, round(steps / FRAMES))
    k = usual if every is None else every
    if k < 1:
        raise ValueError(f"every must be 1 or more steps, got {k}.")
    told = _teller(run) if theory else _silent
    last: Frame | None = None
    count = 0
    with _sheets(run.scenario, folder, trajectory, layers) as sheets:
        for last, step in _frames(run, steps, k, _request(trajectory), event):
            count += 1
            last = told(last)
            for sheet in sheets:
                sheet.write(last)
            if progress is not None:
                progress(step / steps, last.t, last.measures)
    assert last is not None
    return {"t": last.t, "steps": steps, "frames": count, **last.measures}


def _silent(frame: Frame) -> Frame:
    return frame


def _teller(run: Simulation) -> Callable[[Frame], Frame]:
    """Return what adds the predictions of theory to the measures of a frame."""
    curves = applicable(run.scenario, run.x)

    def told(frame: Frame) -> Frame:
        said = {f"theory:{k}": c(frame.t, frame.x) for k, c in curves.items()}
        return dataclasses.replace(frame, measures={**frame.measures, **said})

    return told


def _request(trajectory: bool) -> FrameRequest:
    request = Observables().request()
    return request | Trajectory().request() if trajectory else request


def _frames(
    run: Simulation,
    steps: int,
    every: int,
    request: FrameRequest,
    event: Callable[[Change], None] | None,
) -> Iterator[tuple[Frame, int]]:
    few = event is not None and run.scenario.tokens <= MOST
    mergers = Mergers(run) if few else None
    for step in range(steps + 1):
        if step:
            run.step()
        if step and mergers is not None and event is not None:
            for change in mergers.look():
                event(change)
        if step % every == 0 or step == steps:
            yield run.frame(request=request), step


@contextlib.contextmanager
def _sheets(
    scenario: Scenario, folder: str | Path | None, trajectory: bool, layers: bool
) -> Generator[list[Sheet | Stack]]:
    """Give the files of `folder`, written aside; they appear together at the end."""
    if folder is None:
        yield []
        return
    folder = Path(folder)
    fresh = not folder.exists()
    made_folder(folder)
    forms: list[Tabular] = [Observables(), *([Trajectory()] if trajectory else [])]
    try:
        with contextlib.ExitStack() as stack:
            sheets = [_sheet(stack, form, folder) for form in forms]
            yield sheets + ([_stack(stack, folder)] if layers else [])
            scenario.save(folder / "scenario.json")
    except BaseException:
        if fresh and not any(folder.iterdir()):
            folder.rmdir()
        raise


def _stack(stack: contextlib.ExitStack, folder: Path) -> Stack:
    form = Layers()
    aside = written_aside(folder / f"{form.kind}{form.suffix}")
    return stack.enter_context(stacked(stack.enter_context(aside)))


def _sheet(stack: contextlib.ExitStack, form: Tabular, folder: Path) -> Sheet:
    aside = stack.enter_context(written_aside(folder / f"{form.kind}.csv"))
    return Sheet(form, stack.enter_context(opened(aside)))
