"""Runs that differ by seed and numbers, advanced at once: one array (runs, n, d).

The law, the space and the integrator are those of a single run, and work on the leading
axis of runs; the sums are those of `sim.sums.methods.batched`.  No number of a run
depends on the runs beside it, to the last bit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.glides import Stage
from sim.integrators import no_noise
from sim.law_in_time import LawInTime
from sim.measure.operators import OperatorsCache
from sim.measure.probe import Probe
from sim.played_run import overflow_ignored
from sim.seed import Seed
from sim.state import State, require_finite
from sim.step_counter import STEP_TOLERANCE
from sim.stepper import Stepper
from sim.sweeps.single_run import message

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sim.dynamics import Dynamics
    from sim.field import Field
    from sim.initial import Start
    from sim.law_in_time import BoundLaw
    from sim.observables import Observable
    from sim.scenario import Scenario

    Result = dict[str, Any]


class Batch:
    """Runs of one shape under one law.

    Parameters
    ----------
    scenario : Scenario
        What they have in common.
    starts : sequence of Start
        Where the tokens of each begin.
    results : sequence of dict
        The result of each, whose ``error`` is written where it ends early.
    seeds : sequence of int
        The seed of each.
    laws : sequence of Dynamics
        The law of each; they differ in `Dynamics.numbers_of_runs` alone.
    """

    def __init__(
        self,
        scenario: Scenario,
        starts: Sequence[Start],
        results: Sequence[Result],
        seeds: Sequence[int],
        laws: Sequence[Dynamics],
    ) -> None:
        self.scenario, self.results, self._laws = scenario, results, laws
        self._groups = [start.groups for start in starts]
        self._seeds = [Seed(seed) for seed in seeds]
        self._first = np.array([start.x for start in starts], dtype=scenario.precision)
        law = LawInTime(Stage(0.0, scenario), self._bound)
        self.stepper = Stepper(law, self._begun(law.at(0.0), starts), no_noise)
        self._alone: dict[int, Field] = {}
        self._spectra = OperatorsCache()

    def reach(self, t: float, look: Callable[[], None]) -> None:
        """Step until the time is at least `t`, and look after each step."""
        while self.stepper.t < t - self.stepper.tolerance:
            self.stepper.step(float("inf"))
            look()

    def state_at(self, t: float) -> State:
        """Return the state at a time within the last step."""
        stepper = self.stepper
        if abs(stepper.t - t) <= STEP_TOLERANCE * self.scenario.step:
            return stepper.state
        return stepper.interpolated(t)

    def running(self, state: State) -> list[int]:
        """Return the runs that go on; those whose tokens ran away have an error now."""
        finite = np.isfinite(state.x).all(axis=(-2, -1))
        for k in np.flatnonzero(~finite).tolist():
            if not self.results[k]["error"]:
                try:
                    require_finite(self._one(k, state), self.scenario.step)
                except FloatingPointError as error:
                    self.results[k]["error"] = message(error)
        return [k for k, r in enumerate(self.results) if not r["error"]]

    def measured(
        self, k: int, state: State, kinds: Mapping[str, Observable]
    ) -> dict[str, float]:
        """Return observables of one run, by kind."""
        here = self.stepper.law.at(state.t)
        probe = Probe(
            self._one(k, state),
            self._field_of(k),
            here.space.at(state.t),
            self._groups[k],
            self._laws[k].energy_behaviour(self.scenario.space),
            self._spectra,
        )
        with overflow_ignored():
            return {kind: o.measure(probe) for kind, o in kinds.items()}

    def _bound(self, scenario: Scenario) -> Field:
        return self._laws[0].bind_runs(self._first, self._seeds, self._laws)

    def _begun(self, law: BoundLaw, starts: Sequence[Start]) -> State:
        """Return the state at time zero, with momenta where the law has them."""
        alone = State(0.0, self._first, self._first[..., :0, :])
        state = law.field.start(alone)
        if law.field.carrier != "tokens" or starts[0].momenta is None:
            return state
        given = np.array([start.momenta for start in starts], dtype=state.x.dtype)
        if given.shape != state.p.shape:
            law.field.begin(State(0.0, alone.x[0], alone.p[0]), starts[0].momenta)
        return law.space.kick(State(0.0, state.x, 0 * state.p), given)

    def _field_of(self, k: int) -> Field:
        """Return the law of one run; its draws are those of the run."""
        if k not in self._alone:
            self._alone[k] = self._laws[k].bind(self._first[k], self._seeds[k])
        return self._alone[k]

    @staticmethod
    def _one(k: int, state: State) -> State:
        return State(state.t, state.x[k], state.p[k])
