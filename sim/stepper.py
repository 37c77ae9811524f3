"""Steps along one law: a state, its clock, and what lies within the last step."""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.arrays import namespace
from sim.cuda_graph import recorded_step
from sim.instants import just_before, reached
from sim.integrators import Flow
from sim.numerics.hermite import hermite, on_chord
from sim.numerics.linear_flow import LinearFlow
from sim.state import Split, State, Velocity
from sim.step_counter import STEP_TOLERANCE, StepCounter

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.arrays import Array
    from sim.law_in_time import LawInTime

    Noise = Callable[[State], Array]

GLIDING = "kernels are launched one by one: a setting changes in every step"
MIN_ORDER_FOR_CUBIC = 2  # of an integrator: below, frames interpolate linearly


class Stepper:
    """Advances a state under the settings of one scenario.

    Parameters
    ----------
    law : LawInTime
        The law, with its space, integrator, clock and step.
    state : State
        Where to begin.
    noise : State -> Array, shape (..., n, d)
        Standard normal numbers for every time.

    Attributes
    ----------
    law : LawInTime
        As given.
    state : State
        The present.
    counter : StepCounter
        Its place on the clock.
    launch_mode : str
        How kernels are launched on a card, and why; empty without one.
    """

    def __init__(self, law: LawInTime, state: State, noise: Noise) -> None:
        self.law, self._noise = law, noise
        self.restart(state)
        here = law.at(state.t)
        self._step_graph, self.launch_mode = None, GLIDING
        if not law.glides(state.t):
            self._step_graph, self.launch_mode = recorded_step(
                here.scenario, here.field, state, self.integrated
            )

    def restart(self, state: State) -> None:
        """Go on from `state`, with no step before it."""
        self.state = self._previous_state = state
        self._current_velocity: tuple[State | None, Any] = (None, None)
        self._previous_velocity: tuple[State | None, Any] = (None, None)
        self._end_velocity: tuple[State | None, Any] = (None, None)
        self._middle = state.t
        self._jump = math.inf  # that no stage reaches: all see the law before it
        self.counter = self._counter_from(state.t)
        self._settle()

    def _settle(self) -> None:
        """Note what integrators make use of: a linear flow, or a split one."""
        self._glides, here = self.law.glides(self.t), self.law.at(self.t)
        linear = here.linear and not self._glides
        self._linear = LinearFlow(here.field.velocity, self.state) if linear else None
        self._split = here.field.split if here.splits else None

    @property
    def t(self) -> float:
        """The time."""
        return self.state.t

    @property
    def step_start(self) -> float:
        """The time at which the last step began; the present, if there was none."""
        return self._previous_state.t

    @property
    def tolerance(self) -> float:
        """A length of time that is rounding."""
        return self.counter.span * STEP_TOLERANCE

    def velocity(self, state: State) -> Velocity:
        """Return the tangent velocity at `state`; it is projected only here."""
        for known, velocity in (self._current_velocity, self._previous_velocity):
            if state is known:
                return velocity
        v = self._projected(self._before_jump(state))
        if state is self.state:
            self._current_velocity = (state, v)
        return v

    def span(self, limit: float = math.inf) -> float:
        """Return the time that a step takes, to an instant or `limit` if one is nearer.

        A limit that is not after the present is none.
        """
        ends = (self.next_instant(), limit)
        return min([self.counter.span, *(end - self.t for end in ends if end > self.t)])

    def next_instant(self) -> float:
        """Return the next time at which the law jumps or has a kink, ∞ if none."""
        return min(
            self._next_jump(self.t),
            self.law.at(self.t).field.next_kink(self.t),
            self.law.next_kink(self.t),
        )

    def step(self, limit: float) -> None:
        """Advance by one step; to an instant of the law, or to `limit`, within it."""
        span, instant = self.counter.span, self.next_instant()
        if not reached(instant, self.t + span):  # it is within the step
            limit = min(limit, instant)
        if limit < self.t + span * (1 - STEP_TOLERANCE):
            self.step_to(limit)
            return
        new = self._after_step(span)
        self.counter.steps += 1
        self._advance_to(dataclasses.replace(new, t=self.counter.t))

    def step_to(self, end: float) -> None:
        """Advance by one shorter step to the time `end`."""
        new = self._after_step(end - self.t)
        self._advance_to(dataclasses.replace(new, t=end))
        self.counter = self._counter_from(end)

    def error(self) -> float:
        """Return the largest difference between one step and two half steps."""
        h, xp = self.span(), namespace(self.state.x)
        whole, half = self._after_step(h), self._after_step(h / 2)
        end = self._after_step(h / 2, half)
        return max(
            float(xp.max(xp.abs(a - b)))
            for a, b in ((whole.x, end.x), (whole.p, end.p))
            if a.size  # there may be no momenta
        )

    def interpolated(self, at: float) -> State:
        """Return the state at a time within the last step, by a cubic.

        At its ends, the states themselves, to the bit.
        """
        a, b = self._previous_state, self.state
        h = b.t - a.t
        if h <= 0 or at >= b.t:
            return b
        if at <= a.t:
            return a
        u = (at - a.t) / h
        if self.law.at(a.t).scenario.integrator.order >= MIN_ORDER_FOR_CUBIC:
            va, vb = self.velocity(a), self._velocity_at_end()
            parts = (u, 1 - u, u * (1 - u), h)
            x = hermite(a.x, b.x, va.x, vb.x, *parts)
            p = hermite(a.p, b.p, va.p, vb.p, *parts)
        else:
            x, p = on_chord(a.x, b.x, u), on_chord(a.p, b.p, u)
        return self.law.at(a.t).space.at(a.t).return_to_space(State(at, x, p))

    def integrated(self, s: State, h: float) -> State:
        """Return the state after a time `h` from `s`, by the integrator.

        The law is the one up to the next jump after `s`, also at the step's end.
        """
        here, self._jump = self.law.at(s.t), self._next_jump(s.t)
        self._middle = s.t + h / 2
        try:
            with np.errstate(over="ignore", invalid="ignore"):  # frames report it
                return here.scenario.integrator.step(
                    self._flow(), here.space.at(s.t), s, h
                )
        finally:
            self._jump = math.inf

    def _flow(self) -> Flow:
        # Not kept: it refers to this stepper, whose memory must be free as soon as
        # another one takes its place.
        split = self._split
        if split is not None and self._glides:
            split = Split(self._drift, self._kick)
        whole = self._whole_step if self._law_steps() else None
        parts = (self._ambient, self.velocity, self._linear, split, self._noise)
        return Flow(*parts, whole)

    def _law_steps(self) -> bool:
        """Whether the law has a step of its own, of the tokens as they are."""
        here = self.law.at(self.t)
        if here.field.whole_step is None:
            return False
        return here.scenario.space.normalised_state(self.state) is self.state

    def _whole_step(self, state: State) -> State:
        state = self._before_jump(state)
        step = self.law.at(state.t).field.whole_step
        assert step is not None
        return step(state)

    def _ambient(self, state: State) -> Velocity:
        state = self._before_jump(state)
        law = self.law.at(state.t)
        return law.field.velocity(law.scenario.space.normalised_state(state))

    def _drift(self, state: State) -> Array:
        # Half-way, where a step is symmetric in time.
        split = self.law.at(self._middle).field.split
        assert split is not None
        return split.drift(state)

    def _kick(self, state: State, h: float) -> Array:
        split = self.law.at(state.t).field.split
        assert split is not None
        return split.kick(state, h)

    def _before_jump(self, state: State) -> State:
        """Return `state`, at a time when the law of the present step holds."""
        if not reached(state.t, self._jump):
            return state
        return dataclasses.replace(state, t=just_before(self._jump))

    def _projected(self, state: State) -> Velocity:
        return self.law.at(state.t).space.project_velocity(state, self._ambient(state))

    def _next_jump(self, t: float) -> float:
        law = self.law.at(t)
        return min(law.field.next_jump(t), law.scenario.space.next_jump(t))

    def _counter_from(self, t: float) -> StepCounter:
        s = self.law.at(t).scenario
        return StepCounter(s.clock, s.clock.coordinate(t), s.step)

    def _advance_to(self, state: State) -> None:
        self._previous_velocity = self._current_velocity
        self._previous_state, self.state = self.state, state
        if self._glides and not self.law.glides(state.t):
            self._settle()

    def _after_step(self, h: float, start: State | None = None) -> State:
        s = start or self.state
        if self._step_graph is not None and self._step_graph.h == h:
            return self._step_graph(s)
        return self.integrated(s, h)

    def _velocity_at_end(self) -> Velocity:
        """Return the velocity at the end of the last step, by the law within it."""
        jump = self._next_jump(self._previous_state.t)
        if not reached(self.t, jump):
            return self.velocity(self.state)
        if self._end_velocity[0] is not self.state:
            early = dataclasses.replace(self.state, t=just_before(jump))
            self._end_velocity = (self.state, self._projected(early))
        return self._end_velocity[1]
