"""Merge events: when clusters merge or split, between the steps of a run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.frame import FrameRequest

if TYPE_CHECKING:
    from sim.simulation import Simulation

MAX_TOKENS = 200  # above, counting clusters at every step takes too long
TIME_ACCURACY = 1e-7  # of a step: how accurately the time of an event is found
CLUSTERS = FrameRequest(observables=frozenset(), clusters=True)


@dataclass(frozen=True, slots=True)
class ClusterChange:
    """The number of `clusters` from the time `t` on."""

    t: float
    clusters: int

    def __str__(self) -> str:
        one = self.clusters == 1
        many = "one cluster" if one else f"{self.clusters} clusters"
        return f"{many} from t = {self.t:.6g}"


class MergeEvents:
    """Follows a run step by step and locates merge events by its dense output."""

    def __init__(self, run: Simulation) -> None:
        self._run, self._t = run, run.t
        self._count = self._at(run.t)

    def changes(self) -> list[ClusterChange]:
        """Return how the number of clusters changed in the last step, in order."""
        found: list[ClusterChange] = []
        now = self._run.t
        end = self._at(now)
        while self._count != end:
            found.append(self._first(now))
            self._t, self._count = found[-1].t, found[-1].clusters
        self._t = now
        return found

    def _first(self, end: float) -> ClusterChange:
        """Return a change between the last known time and `end`, by bisection."""
        start, accuracy = self._t, TIME_ACCURACY * (end - self._t)
        many = self._at(end)
        while end - start > accuracy and start < (middle := (start + end) / 2) < end:
            if (count := self._at(middle)) == self._count:
                start = middle
            else:
                end, many = middle, count
        return ClusterChange(end, many)

    def _at(self, t: float) -> int:
        labels = self._run.frame(t, CLUSTERS).labels
        assert labels is not None
        return int(labels.max(initial=-1)) + 1
