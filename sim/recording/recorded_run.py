"""A run as it is recorded: every k-th step as a frame."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from sim.recorders.observables import Observables
from sim.recorders.trajectory import Trajectory
from sim.recording.merge_events import EventReporter
from sim.schedule import check_duration
from sim.simulation import Simulation
from sim.step_counter import STEP_TOLERANCE
from sim.theory import applicable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sim.frame import Frame, FrameRequest
    from sim.recording.merge_events import ClusterChange
    from sim.scenario import Scenario
    from sim.schedule import Run

DEFAULT_FRAMES = 200  # a smooth curve, and a table that is easy to open


@dataclass(frozen=True, slots=True)
class RecordOptions:
    """What is recorded of a run; see `sim.recording.run_folder.record_run`."""

    every: int | None = None
    backend: str = "auto"
    trajectory: bool = True
    theory: bool = False
    layers: bool = False


class RecordedRun:
    """A run on its way to its end.

    Parameters
    ----------
    scenario : Scenario or Run
        What to run; a change is landed on, and counts as a step.
    options : RecordOptions
        What is recorded.
    event, last_events, stepped
        See `record_run`.

    Attributes
    ----------
    run : Run
        The start and its changes.

    Raises
    ------
    ValueError
        If the scenario does not fit together, a change is after the end, or `every`
        is less than 1.
    """

    def __init__(
        self,
        scenario: Scenario | Run,
        options: RecordOptions,
        event: Callable[[ClusterChange], None] | None = None,
        last_events: int | None = None,
        stepped: Callable[[float], None] | None = None,
    ) -> None:
        self._simulation = Simulation(scenario, options.backend)
        self.run = self._simulation.run
        check_duration(self.run)
        self._every = _checked_every(self._simulation, options)
        theory = options.theory
        self._add_theory = _theory_adder(self._simulation) if theory else _unchanged
        self._request = _request(options.trajectory)
        self._events = EventReporter(self._simulation, event, last_events)
        self._steps = self._frames = 0
        self._stepped = stepped or _ignore

    @cached_property
    def first(self) -> Frame:
        """The frame of the start."""
        return self._frame()

    def frames(self) -> Iterator[Frame]:
        """Yield the frames from the start to the end, at whole steps; once."""
        run, last, done = self._simulation, self.first, False
        self._frames = 1
        yield last
        while not done:
            run.step()
            self._steps += 1
            self._events.follow()
            self._stepped(self.done)
            done = _at_end(run)
            if self._steps % self._every == 0 or done:
                last = self._frame()
                self._frames += 1
                yield last
        self._events.finish()

    @property
    def on_processor(self) -> bool:
        """Whether the processor computes it, and no other device."""
        return self._simulation.backend.name == "numpy"

    @property
    def work(self) -> float:
        """Tokens times steps."""
        run = self._simulation
        return len(run.x) * _end(run) / run.scenario.step

    @property
    def done(self) -> float:
        """The share that is done."""
        return min(1.0, self._simulation.coordinate / _end(self._simulation))

    def result(self, last: Frame) -> dict[str, float]:
        """Return what `record_run` does, after the frame `last`."""
        counts = {"steps": self._steps, "frames": self._frames}
        return {"t": last.t, **counts, **last.measures}

    def _frame(self) -> Frame:
        return self._add_theory(self._simulation.frame(request=self._request))


def _checked_every(run: Simulation, options: RecordOptions) -> int:
    """Return how many steps lie between two frames."""
    steps = max(1, math.ceil(_end(run) / run.scenario.step - STEP_TOLERANCE))
    default = 1 if options.layers else max(1, round(steps / DEFAULT_FRAMES))
    k = default if options.every is None else options.every
    if k < 1:
        raise ValueError(f"every must be 1 or more steps, got {k}.")
    return k


def _ignore(_share: float) -> None:
    """Ignore how far the run is."""


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


def _at_end(run: Simulation) -> bool:
    """Whether the run has reached its duration, on the clock in force."""
    return _end(run) - run.coordinate <= STEP_TOLERANCE * run.scenario.step


def _end(run: Simulation) -> float:
    """Return the coordinate of the end of the run, on the clock in force."""
    return run.scenario.clock.coordinate(run.scenario.duration)
