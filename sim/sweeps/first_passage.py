"""First-passage times: when a run first fulfils a condition.

A run is looked at at its start and after every whole step, on a grid that depends on
the scenario alone: neither on the times at which rows are measured nor on the machine.
The first-passage time is the first time of that grid at which the condition holds, to
the last bit.  The flow itself passes later than one step before it, unless it left the
condition again within a step.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.frame import FrameRequest
from sim.measure.clusters import SAME_CLUSTER_COSINE, SAME_CLUSTER_DISTANCE
from sim.step_counter import STEP_TOLERANCE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sim.array_types import Bools, Floats
    from sim.scenario import Scenario
    from sim.simulation import Simulation

MARGIN = 1e-5  # of a quick look, far above the rounding of float32


@dataclass(frozen=True)
class Passage:
    """A condition on one observable.

    Attributes
    ----------
    observable : str
        The kind of the observable.
    holds : callable
        Whether its value fulfils the condition; False for NaN.
    may_hold : callable
        A quick look at many runs, (runs, n, d) -> bool (runs,): False only where the
        condition does not hold.
    of_directions : bool
        Whether it has a meaning for unit vectors alone.
    """

    observable: str
    holds: Callable[[float], bool]
    may_hold: Callable[[Floats], Bools]
    of_directions: bool = False


def _is_one(value: float) -> bool:
    return value == 1


def _is_aligned(value: float) -> bool:
    return value >= SAME_CLUSTER_COSINE


def _may_be_one(x: Floats) -> Bools:
    """Return whether the distances from the first token have no gap: (runs,).

    In one cluster each token is joined to the first by steps below the threshold, and
    no step changes the distance from it by more than its length.
    """
    away = x - x[:, :1, :]
    lengths = np.sort(np.sqrt(np.einsum("...nd,...nd->...n", away, away)), axis=-1)
    gaps = np.diff(lengths, axis=-1)
    return (gaps < SAME_CLUSTER_DISTANCE * (1 + MARGIN)).all(axis=-1)


def _may_be_aligned(x: Floats) -> Bools:
    """Return whether the mean cosine of unit vectors may be large enough: (runs,)."""
    n = x.shape[-2]
    total = x.sum(axis=-2, dtype=np.float64)
    mean = (np.einsum("rd,rd->r", total, total) - n) / max(1, n * (n - 1))
    return mean >= SAME_CLUSTER_COSINE - MARGIN


PASSAGES = {
    "time_to_one_cluster": Passage("clusters", _is_one, _may_be_one),
    "time_to_mean_cosine": Passage(
        "mean_cosine", _is_aligned, _may_be_aligned, of_directions=True
    ),
}
"""What can be measured of the past of a run, by the name of its column."""


def meaningful(kinds: Sequence[str], scenario: Scenario) -> list[str]:
    """Return those of `kinds`, names in `PASSAGES`, that the scenario's space has."""
    flat = scenario.space.euclidean
    return [k for k in kinds if not (flat and PASSAGES[k].of_directions)]


def known_by(times: dict[str, float], t: float, step: float) -> dict[str, float]:
    """Return the first-passage times up to `t`, NaN for later ones."""
    end = t + STEP_TOLERANCE * step
    return {kind: v if v <= end else math.nan for kind, v in times.items()}


class FirstPassages:
    """Looks at a run after each of its steps.

    Parameters
    ----------
    kinds : sequence of str
        Names in `PASSAGES`.
    run : Simulation
        The run, at its start.
    """

    def __init__(self, kinds: Sequence[str], run: Simulation) -> None:
        self._run, self._kinds = run, kinds
        self._found: dict[str, float] = {}
        self._open = {k: PASSAGES[k] for k in meaningful(kinds, run.scenario)}
        self.look()

    def look(self, _done: float = 0.0) -> None:
        """Note which conditions hold now for the first time."""
        if not self._open:
            return
        wanted = frozenset(passage.observable for passage in self._open.values())
        measures = self._run.frame(None, FrameRequest(wanted, clusters=False)).measures
        for kind, passage in [*self._open.items()]:
            if passage.holds(measures[passage.observable]):
                self._found[kind] = self._run.t
                del self._open[kind]

    def until(self, t: float) -> dict[str, float]:
        """Return the first-passage times up to `t`, NaN where there was none."""
        times = {kind: self._found.get(kind, math.nan) for kind in self._kinds}
        return known_by(times, t, self._run.scenario.step)
