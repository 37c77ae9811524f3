"""Tokens and their state on a device, bound to the law of a stage of a run."""

from __future__ import annotations

import copy
import math
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from sim.arrays import Array, Backend, namespace, to_host
from sim.glides import Stage
from sim.jit.buffer_pool import BUFFER_POOL
from sim.law_in_time import LawInTime
from sim.measure.operators import OperatorsCache
from sim.measure.probe import Probe
from sim.placement import place, projected
from sim.seed import Seed
from sim.state import State, is_finite, require_finite
from sim.stepper import Stepper
from sim.sums.choose import prepare, prepare_scales
from sim.tokens.present import TokenList, carried, edited, noise, tokens_after

if TYPE_CHECKING:
    from sim.array_types import AnyArray
    from sim.field import Field
    from sim.frame import Frame
    from sim.history import Checkpoint
    from sim.scenario import Scenario
    from sim.schedule import Run
    from sim.sums import Problem
    from sim.tokens.edits import TokenEdits


class BoundState:
    """Where tokens are, and the law that moves them; changed as a whole or not at all.

    Parameters
    ----------
    backend : Backend
        Where arrays are.

    Attributes
    ----------
    stage : Stage
        The settings.
    stepper : Stepper
        The state, and steps along the law.
    tokens : TokenList
        The tokens that there are.
    first : Array, shape (n, d)
        Where each began: graphs and random matrices are made from these places.
    """

    def __init__(self, backend: Backend) -> None:
        self.backend, self._spectra = backend, OperatorsCache()

    def __copy__(self) -> BoundState:
        """Return a copy that keeps its state as this one goes on, and the reverse."""
        new = object.__new__(type(self))
        new.__dict__.update(self.__dict__)
        new.stepper = copy.copy(self.stepper)
        return new

    @property
    def state(self) -> State:
        """The present."""
        return self.stepper.state

    @property
    def t(self) -> float:
        """The time."""
        return self.state.t

    @property
    def field(self) -> Field:
        """The law, bound to the tokens."""
        return self.stepper.law.at(self.t).field

    @property
    def scenario(self) -> Scenario:
        """The settings in force."""
        return self.stage.at(self.t)

    def begin(self, scenario: Scenario) -> None:
        """Place the tokens of `scenario` at time zero, and bind them to its law."""
        stage, start = Stage(0.0, scenario), place(scenario)
        started = TokenList.of(start)
        first = self._to_device(started.first, scenario.precision)
        law = self._law(stage, first, started)
        field = law.at(0.0).field
        state = field.begin(State(0.0, first, first[..., :0, :]), start.momenta)
        self._take(started, first)
        self._set_law(stage, law, state)
        prepare(*self._problems(state))

    def prepare_edits(self) -> None:
        """Compile in the background what sums of these tokens need at another β."""
        prepare_scales(*self._problems(self.state))

    def _problems(self, state: State) -> tuple[Problem, ...]:
        """Return the sums that the law in force needs in a state, if any."""
        attention = self.field.attention
        if attention is None:
            return ()
        seen = self.scenario.space.normalised_state(state)
        return attention.at(state.t).problems(seen.x)

    def place(self, scenario: Scenario) -> None:
        """Take the tokens of another start; `return_to` must follow."""
        started = TokenList.of(place(scenario))
        self._take(started, self._to_device(started.first, scenario.precision))

    def return_to(self, checkpoint: Checkpoint, stage: Stage) -> None:
        """Take the exact state of a checkpoint, under the settings of `stage`."""
        precision = stage.scenario.precision
        state = State(
            checkpoint.t,
            self._to_device(checkpoint.x, precision),
            self._to_device(checkpoint.p, precision),
        )
        edits = checkpoint.past.token_edits
        self._set_tokens(tokens_after(self._started, edits, math.inf))
        self._bind(stage, self._law(stage, self.first, self.tokens), state)
        counter = self.stepper.counter
        counter.start, counter.steps = checkpoint.coordinate, checkpoint.steps

    def adopt(self, stage: Stage, edits: TokenEdits) -> None:
        """Go on under other settings, with tokens edited first.

        The law is always bound to where tokens began and to the same draws, so that an
        edit changes neither the graph nor the random matrices of a run.
        """
        old, s = self.scenario, self.state
        scenario = stage.at(s.t)
        x, tokens, first = s.x, self.tokens, self.first
        if scenario.space != old.space:
            self.require_finite(s)
            x = self._to_device(projected(to_host(x), scenario.space.project_point))
        if edits:
            placed, tokens = edited(to_host(x), tokens, edits, scenario.space, s.t)
            x = self._to_device(placed)
            first = first if tokens is self.tokens else self._to_device(tokens.first)
        law = self._law(stage, first, tokens)
        field = law.at(s.t).field
        same = field.carries_as(self.field)
        state = State(s.t, x, x[..., :0, :])
        state = State(s.t, x, self._momenta(tokens)) if same else field.start(state)
        self._set_tokens(tokens)
        self._set_law(stage, law, state)

    def show(self, frame: Frame, run: Run, t: float) -> None:
        """Go back to a frame of `run`; `t` is the time of its changes there.

        Raises
        ------
        ValueError
            If its tokens are others than those of the run at that time.
        """
        tokens = tokens_after(self._started, run.token_edits, t)
        here = (len(tokens), self.state.x.shape[-1])
        if frame.x.shape != here or not np.array_equal(frame.ids, tokens.ids):
            raise ValueError(
                f"the frame has tokens {frame.x.shape}, the run {here}: it belongs to "
                "another run."
            )
        stage = run.stage_at(t)
        if tokens is not self.tokens or stage.glides or self.stage.glides:
            self._set_tokens(tokens)
            law = self._law(stage, self.first, tokens)
            start = law.at(frame.t).field.start(self._tokens_alone(frame))
            self._bind(stage, law, start)
        alone, p = self._tokens_alone(frame), self._to_device(frame.p)
        same = self.field.carries(frame.carrier, frame.edges)
        state = State(frame.t, alone.x, p) if same else self.field.start(alone)
        self.stepper.restart(state)

    def adopt_texts(self, scenario: Scenario) -> None:
        """Adopt what `scenario` says of the whole run, such as its title."""
        self.stage = replace(self.stage, scenario=scenario)

    def probe(self, state: State) -> Probe:
        """Return a probe, which measures lazily, of `state`."""
        law, groups = self.stepper.law.at(state.t), self.tokens.groups
        scenario, space = law.scenario, law.space.at(state.t)
        behaviour = scenario.dynamics.energy_behaviour(scenario.space)
        if self.stage.gliding(state.t):
            behaviour = "none"  # the energy itself changes with time
        return Probe(state, law.field, space, groups, behaviour, self._spectra)

    def is_finite(self, state: State) -> bool:
        """Whether no coordinate of `state` is infinite or NaN."""
        return is_finite(state)

    def require_finite(self, state: State) -> None:
        """Raise an error if a coordinate of `state` is infinite or NaN."""
        require_finite(state, self.scenario.step)

    def _take(self, started: TokenList, first: Array) -> None:
        BUFFER_POOL.clear()  # the number of tokens may have changed
        self._started, self.tokens, self.first = started, started, first

    def _set_tokens(self, tokens: TokenList) -> None:
        if tokens is not self.tokens:
            BUFFER_POOL.clear()  # their number may have changed
            self.tokens, self.first = tokens, self._to_device(tokens.first)

    def _tokens_alone(self, frame: Frame) -> State:
        x = self._to_device(frame.x)
        return State(frame.t, x, x[..., :0, :])

    def _momenta(self, tokens: TokenList) -> Array:
        """Return the momenta in force, for other tokens: zero for those added."""
        p = self.state.p
        if tokens is self.tokens or self.field.carrier != "tokens":
            return p
        return self._to_device(carried(to_host(p), self.tokens.ids, tokens.ids))

    @staticmethod
    def _law(stage: Stage, first: Array, tokens: TokenList) -> LawInTime:
        """Return the law of `stage`, bound to `tokens`, which began at `first`."""

        def bind(scenario: Scenario) -> Field:
            seed = Seed(scenario.seed)
            if tokens.changed:
                seed = Seed(scenario.seed, tokens.ids, tokens.started)
            return scenario.dynamics.bind(first, seed)

        return LawInTime(stage, bind)

    def _set_law(self, stage: Stage, law: LawInTime, state: State) -> None:
        here = law.at(state.t)
        if here.field.carrier == "tokens":  # the tangent spaces may have changed
            state = here.space.kick(State(state.t, state.x, 0 * state.p), state.p)
        self._bind(stage, law, state)

    def _bind(self, stage: Stage, law: LawInTime, state: State) -> None:
        self.stepper = Stepper(law, state, partial(_noise, stage, self.tokens))
        self.stage = stage

    def _to_device(self, host: AnyArray, precision: str = "") -> Array:
        xp = self.backend.xp
        kind = getattr(xp, precision) if precision else self.state.x.dtype
        return xp.asarray(np.array(host), dtype=kind)


def _noise(stage: Stage, tokens: TokenList, state: State) -> Array:
    """Return standard normal numbers for the time of `state`, one row a token."""
    seed, d = Seed(stage.scenario.seed), state.x.shape[-1]
    drawn = noise(seed, state.t, tokens, d)
    xp = namespace(state.x)
    return xp.asarray(drawn, dtype=state.x.dtype) + 0 * state.x
