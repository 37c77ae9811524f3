"""Follows a run for its pictures: what they show then depends on the run alone."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.trace import Trace
from sim.trace_steps import (
    MAX_FOLLOWED,
    OFTEN,
    PLACES,
    RARELY,
    first_state,
    follows_axes,
    next_state,
)
from sim.trail_points import TrailPoints

if TYPE_CHECKING:
    from sim.measure.probe import Probe
    from sim.schedule import Run
    from sim.simulation import Simulation
    from sim.trace import TraceState

MAX_OFTEN = 500  # tokens: up to here each step has a state
ROUNDING = 1e-6 * PLACES  # of a step: so much earlier, a place has been reached


class Tracer:
    """Follows a run step by step, at even places of its clock.

    Parameters
    ----------
    run : Run
        The run.
    """

    def __init__(self, run: Run) -> None:
        self._begin(run, frozenset())

    def _begin(self, run: Run, trails: frozenset[float]) -> None:
        start = run.start
        self._run, self._clock = run, start.clock
        self.unit = start.step / PLACES
        self._n = start.tokens
        self._stride = OFTEN if start.tokens <= MAX_OFTEN else RARELY
        if follows_axes(start):
            self._stride = PLACES
        self._states: list[TraceState] = []
        self._points = TrailPoints(start)
        self._points.show(trails)
        self._reached, self._waiting = -math.inf, False

    @property
    def followed(self) -> bool:
        """Whether there are states after the start."""
        return self._n <= MAX_FOLLOWED

    def show_trails(self, trails: frozenset[float]) -> None:
        """Keep points for trails of these lengths, in coordinates of the clock."""
        self._points.show(trails)

    def rebase(self, run: Run) -> None:
        """Follow another run: keep what is the same in both."""
        same = self._run.divergence(run)
        if same < 0:
            self._begin(run, self._points.lengths)
            return
        self._run = run
        if same == math.inf:
            return
        end = self._place(same) - ROUNDING
        self._states = [s for s in self._states if s.place < end]
        self._points.cut(end)
        self._reached = min(self._reached, same)

    def restart(self, state: TraceState | None, t: float) -> None:
        """Go on from the time `t`, before which `state` is the last one."""
        self._states = [] if state is None else [state]
        self._reached, self._waiting = t, False

    def before(self, t: float) -> TraceState | None:
        """Return the last state before the time `t`, not at it."""
        end = self._place(t) - ROUNDING
        return next((s for s in reversed(self._states) if s.place < end), None)

    def advance(self, simulation: Simulation, since: float) -> None:
        """Follow the run after the time `since`, not before the last step, to now."""
        if self._reached != since:
            return  # not known: see `covers`
        self._states = self._states[-self._needed(since) :]
        first = math.floor(self._place(since) + ROUNDING) + 1
        self._reached = simulation.t
        self._waiting = simulation.change_due  # frames before it come first
        rounding = -ROUNDING if self._waiting else ROUNDING
        self._visit(simulation, first, self._place(simulation.t) + rounding)

    def settle(self, simulation: Simulation, t: float = math.inf) -> None:
        """Follow the run through changes that are due now, for frames from `t` on."""
        if self._waiting and t >= simulation.t:
            self.measure_now(simulation)

    def measure_now(self, simulation: Simulation) -> None:
        """Follow the run at the present, after changes at this time."""
        if self._reached != simulation.t:
            return
        self._waiting = False
        here = round(self._place(simulation.t))
        if abs(self._place(simulation.t) - here) <= ROUNDING:
            end = here - ROUNDING
            self._states = [s for s in self._states if s.place < end]
            self._visit(simulation, here, here)

    def _needed(self, t: float) -> int:
        """Return how many of the last states are needed from the time `t` on."""
        earlier = sum(s.place < self._place(t) - ROUNDING for s in self._states)
        return len(self._states) - earlier + 1

    def _visit(self, simulation: Simulation, first: int, last: float) -> None:
        trail = self._points.stride
        step = min(self._stride, trail or self._stride)
        for place in range(-(-first // step) * step, math.floor(last) + 1, step):
            if place % self._stride == 0 and (self.followed or not place):
                self._add_state(place, simulation)
            if trail and place % trail == 0 and place not in self._points:
                self._add_point(place, simulation)

    def _add_state(self, place: int, simulation: Simulation) -> None:
        start, probe = self._run.start, self._probe(place, simulation)
        if not place:
            made = first_state(start, probe, simulation.ids)
        elif self._states:
            before, coordinate = self._states[-1], place * self.unit
            made = next_state(start, before, place, coordinate, probe, simulation.ids)
        else:
            return
        self._states.append(made)

    def _add_point(self, place: int, simulation: Simulation) -> None:
        probe = self._probe(place, simulation)
        self._points.add(place, place * self.unit, probe, simulation.ids)

    def _probe(self, place: int, simulation: Simulation) -> Probe:
        """Return a probe of the simulation at a place, after changes there."""
        now = abs(self._place(simulation.t) - place) <= ROUNDING
        at = None if now else self._clock.time(place * self.unit)
        simulation.settle(at)
        return simulation.probe(at)

    def covers(self, t: float) -> bool:
        """Whether what a frame of the time `t` needs is known."""
        known = self._reached >= t and self._state_at(t) is not None
        return known and not self._missing(t)

    def goes_on(self, t: float) -> bool:
        """Whether the run is followed from the time `t` on."""
        return self._reached == t

    def first_missing(self, t: float) -> float:
        """Return the first time up to `t` of a point of a trail that is not known."""
        missing = self._missing(t)
        return min(t, self._clock.time(min(missing) * self.unit)) if missing else t

    def first_needed(self, t: float) -> float:
        """Return the first time of a point of a trail of a frame of the time `t`."""
        needed = self._points.needed(self._place(t), ROUNDING)
        return min(t, self._clock.time(min(needed) * self.unit)) if needed else t

    def _missing(self, t: float) -> list[int]:
        needed = self._points.needed(self._place(t), ROUNDING)
        return [k for k in needed if k not in self._points]

    def at(self, t: float) -> Trace | None:
        """Return what a frame of the time `t` takes; None where it is not known."""
        state = self._state_at(t)
        if state is None:
            return None
        share = min(max((self._place(t) - state.place) / self._stride, 0.0), 1.0)
        points = self._points.at(self._points.needed(self._place(t), ROUNDING))
        coordinate = self._clock.coordinate(t)
        return Trace(state, coordinate, share, points, self.unit)

    def _state_at(self, t: float) -> TraceState | None:
        place = math.floor((self._place(t) + ROUNDING) / self._stride) * self._stride
        place = place if self.followed else 0
        return next((s for s in reversed(self._states) if s.place == place), None)

    def _place(self, t: float) -> float:
        """Return where `t` is among the places."""
        return self._clock.coordinate(t) / self.unit
