"""When clusters merge or come apart: events between the steps of a run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.frame import FrameRequest

if TYPE_CHECKING:
    from sim.simulation import Simulation

MOST = 200  # tokens: above, counting clusters at every step takes too long
CLOSE = 1e-7  # of a step: how closely an event is placed
COUNT = FrameRequest(observables=frozenset(), clusters=True)


@dataclass(frozen=True, slots=True)
class Change:
    """From the time `t` on there are so many `clusters`."""

    t: float
    clusters: int

    def __str__(self) -> str:
        one = self.clusters == 1
        many = "one cluster" if one else f"{self.clusters} clusters"
        return f"{many} from t = {self.t:.6g}"


class Mergers:
    """Watches a run step by step, and places what happens by its dense output."""

    def __init__(self, run: Simulation) -> None:
        self._run, self._t = run, run.t
        self._count = self._at(run.t)

    def look(self) -> list[Change]:
        """Return how the number of clusters changed in the last step, in order."""
        found: list[Change] = []
        now = self._run.t
        end = self._at(now)
        while self._count != end:
            found.append(self._first(now))
            self._t, self._count = found[-1].t, found[-1].clusters
        self._t = now
        return found

    def _first(self, end: float) -> Change:
        """Return a change between the last time looked at and `end`, by bisection."""
        start, close = self._t, CLOSE * (end - self._t)
        many = self._at(end)
        while end - start > close and start < (middle := (start + end) / 2) < end:
            if (count := self._at(middle)) == self._count:
                start = middle
            else:
                end, many = middle, count
        return Change(end, many)

    def _at(self, t: float) -> int:
        labels = self._run.frame(t, COUNT).labels
        assert labels is not None
        return int(labels.max(initial=-1)) + 1
