"""Merge events: when clusters merge or split, between the steps of a run."""

from __future__ import annotations

import copy
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.simulation import Simulation

MAX_TOKENS = 200  # above, counting clusters at every step takes too long
TIME_ACCURACY = 1e-7  # of a step: how accurately the time of an event is found


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
        self._count = run.probe().cluster_count

    def changes(self) -> list[ClusterChange]:
        """Return how the number of clusters changed in the last step, in order."""
        found = _changes_within_step(self._run, self._t, self._count)
        self._t = self._run.t
        self._count = found[-1].clusters if found else self._count
        return found


class LastMergeEvents:
    """Follows a run step by step and locates its last merge events alone.

    Counting takes little time, locating takes two dozen counts an event.
    """

    def __init__(self, run: Simulation, most: int) -> None:
        self._run, self._t, self._most = run, run.t, most
        self._count = run.probe().cluster_count
        self._steps: deque[tuple[Simulation, float, int]] = deque(maxlen=most)

    def follow(self) -> None:
        """Remember the last step if the number of clusters changed in it."""
        count = self._run.probe().cluster_count
        if count != self._count:
            self._steps.append((copy.copy(self._run), self._t, self._count))
        self._t, self._count = self._run.t, count

    def changes(self) -> list[ClusterChange]:
        """Return the last changes of the number of clusters, in order."""
        found = [c for step in self._steps for c in _changes_within_step(*step)]
        return found[-self._most :]


class EventReporter:
    """Reports merge events of a run: all as they happen, or the last ones at its end.

    Parameters
    ----------
    run : Simulation
        Followed if it has at most 200 tokens.
    report : callable, optional
        Takes the events; None reports nothing.
    last : int, optional
        Number of events to report at the end; all as they happen by default.
    """

    def __init__(
        self,
        run: Simulation,
        report: Callable[[ClusterChange], None] | None,
        last: int | None,
    ) -> None:
        self._report = report
        self._all = self._last = None
        if report is None or len(run.ids) > MAX_TOKENS:
            return
        if last is None:
            self._all = MergeEvents(run)
        else:
            self._last = LastMergeEvents(run, last)

    def follow(self) -> None:
        """Take note of the last step."""
        if self._last is not None:
            self._last.follow()
        self._send(self._all)

    def finish(self) -> None:
        """Report the last events, if those were asked for."""
        self._send(self._last)

    def _send(self, events: MergeEvents | LastMergeEvents | None) -> None:
        if events is not None and self._report is not None:
            for change in events.changes():
                self._report(change)


def _changes_within_step(run: Simulation, t: float, count: int) -> list[ClusterChange]:
    """Return the changes from `count` clusters at time `t` to those of `run` now."""
    found: list[ClusterChange] = []
    now = run.probe().cluster_count
    while count != now:
        found.append(_change(run, t, count))
        t, count = found[-1].t, found[-1].clusters
    return found


def _change(run: Simulation, start: float, count: int) -> ClusterChange:
    """Return a change from `count` clusters between `start` and now, by bisection."""
    end, accuracy = run.t, TIME_ACCURACY * (run.t - start)
    many = run.probe().cluster_count
    while end - start > accuracy and start < (middle := (start + end) / 2) < end:
        if (found := run.probe(middle).cluster_count) == count:
            start = middle
        else:
            end, many = middle, found
    return ClusterChange(end, many)
