"""Steps along one law: a state, its clock, and what lies within the last step."""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.arrays import namespace
from sim.attention.depth import just_before
from sim.cuda_graph import recorded_step
from sim.integrators import Flow
from sim.numerics.hermite import hermite
from sim.numerics.linear_flow import LinearFlow
from sim.state import State, Velocity
from sim.step_counter import STEP_TOLERANCE, StepCounter

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.arrays import Array
    from sim.field import Field
    from sim.scenario import Scenario

    Noise = Callable[[State], Array]

MIN_ORDER_FOR_CUBIC = 2  # of an integrator: below, frames interpolate linearly


class Stepper:
    """Advances a state under the settings of one scenario.

    Parameters
    ----------
    scenario : Scenario
        Its space, integrator, clock and step are used.
    field : Field
        Its law, bound to the tokens.
    state : State
        Where to begin.
    noise : State -> Array, shape (..., n, d)
        Standard normal numbers for every time.

    Attributes
    ----------
    field : Field
        As given.
    space : Space
        Where states live: the space, or its tangent bundle.
    state : State
        The present.
    counter : StepCounter
        Its place on the clock.
    launch_mode : str
        How kernels are launched on a card, and why; empty without one.
    """

    def __init__(
        self, scenario: Scenario, field: Field, state: State, noise: Noise
    ) -> None:
        space, tied = scenario.space, field.carrier == "tokens"
        self._scenario, self.field = scenario, field
        self.space = space.tangent_bundle() if tied else space
        linear = field.linear and space.euclidean
        self._linear = LinearFlow(field.velocity, state) if linear else None
        self._split = field.split if tied or space.euclidean else None
        self._noise = noise
        self.restart(state)
        recorded = recorded_step(scenario, field, state, self.integrated)
        self._step_graph, self.launch_mode = recorded

    def restart(self, state: State) -> None:
        """Go on from `state`, with no step before it."""
        self.state = self._previous_state = state
        self._current_velocity: tuple[State | None, Any] = (None, None)
        self._previous_velocity: tuple[State | None, Any] = (None, None)
        self._layer_end_velocity: tuple[State | None, Any] = (None, None)
        self._layer_end = math.inf
        self.counter = self._counter_from(state.t)

    @property
    def t(self) -> float:
        """The time."""
        return self.state.t

    @property
    def tolerance(self) -> float:
        """A length of time that is rounding."""
        return self.counter.span * STEP_TOLERANCE

    def velocity(self, state: State) -> Velocity:
        """Return the tangent velocity at `state`; it is projected only here."""
        for known, velocity in (self._current_velocity, self._previous_velocity):
            if state is known:
                return velocity
        v = self.space.project_velocity(state, self._ambient(state))
        if state is self.state:
            self._current_velocity = (state, v)
        return v

    def span(self, limit: float) -> float:
        """Return the time that a step takes, which ends at `limit` if that is nearer.

        A limit that is not after the present is none.
        """
        span = self.counter.span
        return min(span, limit - self.t) if limit > self.t else span

    def step(self, limit: float) -> None:
        """Advance by one step, or to the time `limit` if that is within it."""
        span = self.counter.span
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
        h, xp = self.counter.span, namespace(self.state.x)
        whole, half = self._after_step(h), self._after_step(h / 2)
        end = self._after_step(h / 2, half)
        return max(
            float(xp.max(xp.abs(a - b)))
            for a, b in ((whole.x, end.x), (whole.p, end.p))
            if a.size  # there may be no momenta
        )

    def interpolated(self, at: float) -> State:
        """Return the state at a time within the last step, by a cubic."""
        a, b = self._previous_state, self.state
        h = b.t - a.t
        if h <= 0 or at >= b.t:
            return b
        u = max(0.0, (at - a.t) / h)
        if self._scenario.integrator.order >= MIN_ORDER_FOR_CUBIC:
            va, vb = self.velocity(a), self._velocity_at_layer_end()
            parts = (u, 1 - u, u * (1 - u), h)
            x = hermite(a.x, b.x, va.x, vb.x, *parts)
            p = hermite(a.p, b.p, va.p, vb.p, *parts)
        else:
            x, p = a.x + u * (b.x - a.x), a.p + u * (b.p - a.p)
        return self.space.return_to_space(State(at, x, p))

    def integrated(self, s: State, h: float) -> State:
        """Return the state after a time `h` from `s`, by the integrator."""
        integrator = self._scenario.integrator
        self._layer_end = s.t + h  # a layer that ends there applies up to its end
        try:
            with np.errstate(over="ignore", invalid="ignore"):  # frames report it
                return integrator.step(self._flow(), self.space, s, h)
        finally:
            self._layer_end = math.inf

    def _flow(self) -> Flow:
        # Not kept: it refers to this stepper, whose memory must be free as soon as
        # another one takes its place.
        return Flow(
            self._ambient, self.velocity, self._linear, self._split, self._noise
        )

    def _ambient(self, state: State) -> Velocity:
        if self.field.jumps and state.t >= self._layer_end:
            state = dataclasses.replace(state, t=just_before(self._layer_end))
        return self.field.velocity(self._scenario.space.normalised_state(state))

    def _counter_from(self, t: float) -> StepCounter:
        s = self._scenario
        return StepCounter(s.clock, s.clock.coordinate(t), s.step)

    def _advance_to(self, state: State) -> None:
        self._previous_velocity = self._current_velocity
        self._previous_state, self.state = self.state, state

    def _after_step(self, h: float, start: State | None = None) -> State:
        s = start or self.state
        if self._step_graph is not None and self._step_graph.h == h:
            return self._step_graph(s)
        return self.integrated(s, h)

    def _velocity_at_layer_end(self) -> Velocity:
        """Return the velocity at the end of the last step, by the law of its layer."""
        if not self.field.jumps:
            return self.velocity(self.state)
        if self._layer_end_velocity[0] is not self.state:
            early = dataclasses.replace(self.state, t=just_before(self.state.t))
            self._layer_end_velocity = (self.state, self.velocity(early))
        return self._layer_end_velocity[1]
