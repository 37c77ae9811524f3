"""First-passage times of many runs at once.

A condition is measured in those runs alone that may fulfil it.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from sim.sweeps.batch_measures import measured
from sim.sweeps.first_passage import PASSAGES, known_by, meaningful

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.state import State
    from sim.sweeps.batch import Batch


class BatchPassages:
    """Looks at all runs of a batch after each of their steps.

    Parameters
    ----------
    kinds : sequence of str
        Names in `PASSAGES`.
    batch : Batch
        The runs, at their start.
    """

    def __init__(self, kinds: Sequence[str], batch: Batch) -> None:
        self._batch, self._kinds = batch, kinds
        every = range(len(batch.results))
        self._open = {k: set(every) for k in meaningful(kinds, batch.scenario)}
        self._found: dict[tuple[str, int], float] = {}
        self.look()

    def look(self) -> None:
        """Note which conditions hold now for the first time."""
        if not any(self._open.values()):
            return
        state = self._batch.stepper.state
        running = set(self._batch.running(state))
        for kind, left in self._open.items():
            left &= running
            if left:
                self._look_for(kind, left, state)

    def _look_for(self, kind: str, left: set[int], state: State) -> None:
        passage = PASSAGES[kind]
        x = self._batch.scenario.space.normalised(state.x)
        some = sorted(left.intersection(np.flatnonzero(passage.may_hold(x)).tolist()))
        found = measured(self._batch, state, [passage.observable], some)
        for k, values in zip(some, found, strict=True):
            if passage.holds(values[passage.observable]):
                self._found[kind, k] = state.t
                left.remove(k)

    def until(self, k: int, t: float) -> dict[str, float]:
        """Return the first-passage times of run k up to `t`, NaN where none."""
        times = {kind: self._found.get((kind, k), math.nan) for kind in self._kinds}
        return known_by(times, t, self._batch.scenario.step)
