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

from sim.frame import FrameRequest
from sim.measure.clusters import SAME_CLUSTER_COSINE
from sim.step_counter import STEP_TOLERANCE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sim.simulation import Simulation


@dataclass(frozen=True)
class Passage:
    """A condition on one observable.

    Attributes
    ----------
    observable : str
        The kind of the observable.
    holds : callable
        Whether its value fulfils the condition; False for NaN.
    of_directions : bool
        Whether it has a meaning for unit vectors alone.
    """

    observable: str
    holds: Callable[[float], bool]
    of_directions: bool = False


def _is_one(value: float) -> bool:
    return value == 1


def _is_aligned(value: float) -> bool:
    return value >= SAME_CLUSTER_COSINE


PASSAGES = {
    "time_to_one_cluster": Passage("clusters", _is_one),
    "time_to_mean_cosine": Passage("mean_cosine", _is_aligned, of_directions=True),
}
"""What can be measured of the past of a run, by the name of its column."""


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
        flat = run.scenario.space.euclidean
        self._open = {
            kind: PASSAGES[kind]
            for kind in kinds
            if not (flat and PASSAGES[kind].of_directions)
        }
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
        end = t + STEP_TOLERANCE * self._run.scenario.step
        times = {kind: self._found.get(kind, math.nan) for kind in self._kinds}
        return {kind: v if v <= end else math.nan for kind, v in times.items()}
