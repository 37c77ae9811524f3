"""Observables of a run, sampled at even times of its clock."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from sim.frame import FrameRequest
from sim.record import Partition, Samples
from sim.step_counter import STEP_TOLERANCE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sim.array_types import Bools, Floats, Ints
    from sim.schedule import Run
    from sim.simulation import Simulation

SAMPLES_PER_RUN = 500  # by the clock of the run, at whole steps
MAX_SAMPLES = 8192  # then every other one is dropped
MAX_PARTITIONED = 512  # tokens: of more, clusters are counted but not kept
CLUSTERS = "clusters"  # the observable with which clusters are kept


class Series:
    """Samples of a run on a fixed grid of its clock, whoever looks and however fast.

    Values are those of frames at the same times, bit for bit.  Parts of the grid that
    the run did not pass while a kind was wanted are filled in when it passes again.
    """

    def __init__(self, run: Run, spacing: float = 0.0) -> None:
        start = run.start
        self._clock = start.clock
        length = start.clock.coordinate(start.duration)
        steps = length / start.step / SAMPLES_PER_RUN
        self.spacing = spacing or start.step * max(1, round(steps))
        self._count = 0
        self._values: dict[str, Floats] = {}
        self._known: dict[str, Bools] = {}
        self._partitions: dict[int, Partition] = {}
        self._snapshot: Samples | None = None

    def __len__(self) -> int:
        return self._count

    @property
    def end(self) -> float:
        """The time of the last sample; −1 before the first."""
        return self._time(self._count - 1) if self._count else -1.0

    def snapshot(self) -> Samples:
        """Return what is known now."""
        if self._snapshot is None:
            t = np.array([self._time(k) for k in range(self._count)])
            values = {k: v[: self._count].copy() for k, v in self._values.items()}
            partitions = tuple(self._partitions.get(k) for k in range(self._count))
            self._snapshot = Samples(self.spacing, t, values, partitions)
        return self._snapshot

    def measure(
        self,
        simulation: Simulation,
        since: float,
        kinds: frozenset[str],
        *,
        now_too: bool = True,
    ) -> None:
        """Sample the grid after the time `since` and up to now, where it is not known.

        `since` must not be before the last step.  A sample of now is of the state after
        changes that are due, which ends frames of times before; without `now_too` it is
        left for `measure_now`.

        Raises
        ------
        FloatingPointError
            If a coordinate is infinite or NaN.
        """
        rounding = self._rounding(simulation)
        first = math.floor(self._place(since) + rounding) + 1
        end = self._place(simulation.t)
        last = math.floor(end + rounding) if now_too else math.ceil(end - rounding) - 1
        for k in range(first, last + 1):
            self._measure(k, simulation, kinds)

    def measure_now(self, simulation: Simulation, kinds: frozenset[str]) -> None:
        """Sample the present state if its time is on the grid; see `measure`."""
        k = round(now := self._place(simulation.t))
        if abs(now - k) <= self._rounding(simulation):
            self._measure(k, simulation, kinds)

    def _measure(self, k: int, simulation: Simulation, kinds: frozenset[str]) -> None:
        missing = frozenset(kind for kind in kinds if not self._has(k, kind))
        if missing:
            now = abs(self._place(simulation.t) - k) <= self._rounding(simulation)
            at = None if now else self._time(k)
            kept = CLUSTERS in missing and len(simulation.ids) <= MAX_PARTITIONED
            frame = simulation.frame(at, FrameRequest(missing, clusters=kept))
            self._set(k, frame.measures)
            if frame.labels is not None:
                self._keep_partition(k, frame.ids, frame.labels)
            if self._count > MAX_SAMPLES:
                self._halve()

    def _keep_partition(self, k: int, ids: Ints, labels: Ints) -> None:
        """Keep the clusters of a sample, as the same object while they are the same."""
        last = self._partitions.get(k - 1)
        same = last is not None and last.same(ids, labels)
        new = Partition(ids, labels.astype(np.int16))
        self._partitions[k] = last if same and last is not None else new

    def _place(self, t: float) -> float:
        """Return where `t` is on the grid."""
        return self._clock.coordinate(t) / self.spacing

    def _rounding(self, simulation: Simulation) -> float:
        return STEP_TOLERANCE * simulation.scenario.step / self.spacing

    def truncate(self, t: float) -> None:
        """Forget the samples at `t` and later."""
        count = min(self._count, math.ceil(max(0.0, self._place(t) - STEP_TOLERANCE)))
        for known in self._known.values():
            known[count:] = False
        for values in self._values.values():
            values[count:] = math.nan
        for k in [k for k in self._partitions if k >= count]:
            del self._partitions[k]
        self._count, self._snapshot = count, None

    def copy(self, until: float) -> Series:
        """Return a series of the same samples before the time `until`."""
        out: Series = object.__new__(Series)
        out._clock, out.spacing, out._count = self._clock, self.spacing, self._count
        out._values = {k: v.copy() for k, v in self._values.items()}
        out._known = {k: v.copy() for k, v in self._known.items()}
        out._partitions = dict(self._partitions)
        out._snapshot = None
        if until < math.inf:
            out.truncate(until)
        return out

    def adopt(self, other: Series) -> None:
        """Copy samples of the same run that are missing here, up to the end."""
        step = round(self.spacing / other.spacing)
        for kind, values in other._values.items():
            places = np.arange(0, min(self._count * step, other._count), step)
            known = other._known[kind][places]
            self._columns(kind)
            missing = known & ~self._known[kind][: len(places)]
            self._values[kind][: len(places)][missing] = values[places][missing]
            self._known[kind][: len(places)] |= known
        for k, partition in other._partitions.items():
            if k % step == 0 and k // step < self._count:
                self._partitions.setdefault(k // step, partition)
        self._snapshot = None

    def missing(self, kinds: Iterable[str]) -> frozenset[str]:
        """Return those of `kinds` that are not known everywhere up to the end."""
        return frozenset(
            kind
            for kind in kinds
            if kind not in self._known or not self._known[kind][: self._count].all()
        )

    def _time(self, k: int) -> float:
        return self._clock.time(k * self.spacing)

    def _has(self, k: int, kind: str) -> bool:
        known = self._known.get(kind)
        return known is not None and k < self._count and bool(known[k])

    def _set(self, k: int, measures: Mapping[str, float]) -> None:
        self._count = max(self._count, k + 1)
        for kind in {*self._values, *measures}:  # also of kinds not wanted now
            values, known = self._columns(kind)
            if kind in measures:
                values[k], known[k] = measures[kind], True
        self._snapshot = None

    def _columns(self, kind: str) -> tuple[Floats, Bools]:
        """Return the values of a kind, and whether they are known, of enough length."""
        if kind not in self._values:
            self._values[kind] = np.full(0, math.nan)
            self._known[kind] = np.zeros(0, bool)
        short = self._count - len(self._values[kind])
        if short > 0:
            more = max(short, self._count)
            old, known = self._values[kind], self._known[kind]
            self._values[kind] = np.append(old, np.full(more, math.nan))
            self._known[kind] = np.append(known, np.zeros(more, bool))
        return self._values[kind], self._known[kind]

    def _halve(self) -> None:
        """Drop every other sample."""
        for kind in self._values:
            self._columns(kind)
            self._values[kind] = self._values[kind][: self._count : 2].copy()
            self._known[kind] = self._known[kind][: self._count : 2].copy()
        kept = {k // 2: v for k, v in self._partitions.items() if k % 2 == 0}
        self._partitions, self._snapshot = kept, None
        self._count, self.spacing = (self._count + 1) // 2, 2 * self.spacing
