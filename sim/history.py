"""Exact states of a run so far, in bounded memory: where a seek begins."""

from __future__ import annotations

import bisect
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.array_types import AnyArray
    from sim.schedule import Run
    from sim.trace import TraceState

MAX_BYTES = 256 * 2**20
OVERHEAD_BYTES = 1024  # of a checkpoint beside its arrays
ROUNDING = 1e-6  # of a gap: how much shorter a gap of as many steps may come out


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The exact state of a run at one time, before its changes at that time.

    Attributes
    ----------
    past : Run
        The start and the changes before `t`.
    t : float
        The time.
    x, p : array, shapes (n, d) and (m, d)
        Tokens and momenta, in host memory and in the run's precision.
    coordinate : float
        Where on its clock the run has counted steps from.
    steps : int
        How many steps it has counted from there.
    trace : TraceState, optional
        What pictures need of the run before.
    """

    past: Run
    t: float
    x: AnyArray
    p: AnyArray
    coordinate: float
    steps: int
    trace: TraceState | None = None

    @property
    def nbytes(self) -> int:
        """Memory that it takes, in bytes."""
        trace = 0 if self.trace is None else self.trace.nbytes
        return self.x.nbytes + self.p.nbytes + trace + OVERHEAD_BYTES

    def leads_to(self, run: Run) -> bool:
        """Whether `run` passes through this state."""
        return self.past.leads_to(run, self.t)


@dataclass(slots=True)
class _Stretch:
    """Checkpoints between two changes, in the order of time."""

    past: Run
    times: list[float] = field(default_factory=list[float])
    kept: list[Checkpoint] = field(default_factory=list[Checkpoint])


class History:
    """Checkpoints of runs; the newest run is kept longest.

    Parameters
    ----------
    budget : int
        Bytes that checkpoints may take.  When they are used up, gaps double; the first
        checkpoint after each change stays, so that every time can be reached.
    """

    def __init__(self, budget: int = MAX_BYTES) -> None:
        self._budget = budget
        self._stretches: list[_Stretch] = []
        self._size, self._gap = 0, 0.0

    def __len__(self) -> int:
        return sum(len(s.kept) for s in self._stretches)

    @property
    def size(self) -> int:
        """Bytes held."""
        return self._size

    def would_keep(self, past: Run, t: float) -> bool:
        """Whether a checkpoint at `t` would be kept."""
        stretch = self._stretch(past)
        return stretch is None or self._fits(stretch, t)

    def keep(self, checkpoint: Checkpoint) -> None:
        """Keep a checkpoint, unless one is near."""
        stretch = self._stretch(checkpoint.past)
        if stretch is None:
            stretch = _Stretch(checkpoint.past)
            self._stretches.append(stretch)
        elif not self._fits(stretch, checkpoint.t):
            return
        place = bisect.bisect_left(stretch.times, checkpoint.t)
        stretch.times.insert(place, checkpoint.t)
        stretch.kept.insert(place, checkpoint)
        self._size += checkpoint.nbytes
        while self._size > self._budget and self._thin():
            pass

    def before(self, run: Run, t: float) -> Checkpoint | None:
        """Return the latest state of `run` at or before `t`, if one is known."""
        best: Checkpoint | None = None
        for stretch in self._stretches:
            if not stretch.past.leads_to(run, 0.0):
                continue
            end = min(t, stretch.past.next_change(run))
            place = bisect.bisect_right(stretch.times, end)
            if place and (best is None or best.t < stretch.times[place - 1]):
                best = stretch.kept[place - 1]
        return best

    def _stretch(self, past: Run) -> _Stretch | None:
        """Return the stretch after the changes of `past`, if there is one."""
        done = len(past.changes)
        for stretch in reversed(self._stretches):
            # Numbers first: to compare two runs takes as long as they have changes.
            if len(stretch.past.changes) == done and stretch.past == past:
                return stretch
        return None

    def _fits(self, stretch: _Stretch, t: float) -> bool:
        """Whether `t` is as far from its neighbours as gaps are now."""
        times = stretch.times
        place = bisect.bisect_left(times, t)
        near = times[max(place - 1, 0) : place + 1]
        return all(abs(t - other) > self._gap for other in near)

    def _thin(self) -> bool:
        """Drop checkpoints of earlier runs, or every other one of this run."""
        newest = self._stretches[-1].past.start
        other = next((s for s in self._stretches if s.past.start != newest), None)
        if other is not None:
            self._stretches.remove(other)
        elif any(len(s.kept) > 1 for s in self._stretches):
            self._widen()
        elif len(self._stretches) > 1:
            last = self._stretches[-1]
            self._stretches = self._stretches[:-1:2]
            self._stretches.append(last)
        else:
            return False
        self._size = sum(c.nbytes for s in self._stretches for c in s.kept)
        return True

    def _widen(self) -> None:
        """Double the gaps between checkpoints, but keep the first of each stretch."""
        least = min(b - a for s in self._stretches for a, b in pairwise(s.times))
        self._gap = max(2 * self._gap, 2 * least * (1 - ROUNDING))
        for stretch in self._stretches:
            spaced = stretch.kept[:1]
            for checkpoint in stretch.kept[1:]:
                if checkpoint.t - spaced[-1].t > self._gap:
                    spaced.append(checkpoint)
            stretch.kept, stretch.times = spaced, [c.t for c in spaced]
