"""Samples of what a run has already passed, measured again in the background."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import numpy as np

from sim.series import Series
from sim.simulation import Simulation
from sim.thread_priority import lower_priority

if TYPE_CHECKING:
    from sim.arrays import Backend
    from sim.playback import Playback
    from sim.schedule import Run

Task = tuple["Run", float, float, frozenset[str]]


class SeriesFiller:
    """Runs a second simulation to sample observables that were asked for later.

    Parameters
    ----------
    backend : Backend
        Where it computes.
    """

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._task: Task | None = None
        self._series: Series | None = None
        self._lock, self._left = threading.Lock(), threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def running(self) -> bool:
        """Whether it is at work."""
        return self._thread is not None and self._thread.is_alive()

    def fill(self, playback: Playback) -> bool:
        """Start, continue or end the work; return whether samples were added."""
        run, kinds = playback.simulation.run, playback.kinds
        got = self._take(playback, run)
        missing = playback.series.missing(kinds)
        if not missing:
            self.close()
            return got
        task = (run, playback.series.spacing, playback.series.end, missing)
        if not self._covers(task):
            self.close()
            self._task, self._left = task, threading.Event()
            arguments = (task, self._left)
            self._thread = threading.Thread(
                target=self._work, args=arguments, name="series", daemon=True
            )
            self._thread.start()
        return got

    def close(self) -> None:
        """Stop what is under way."""
        with self._lock:
            self._left.set()
            self._task, self._series = None, None

    def _covers(self, task: Task) -> bool:
        """Whether what is under way, or was done in vain, is what is missing now."""
        known = self._task
        if known is None:
            return False
        run, spacing, end, kinds = known
        same = run.divergence(task[0]) > end and spacing == task[1]
        return same and kinds >= task[3] and (self.running or end >= task[2])

    def _take(self, playback: Playback, run: Run) -> bool:
        with self._lock:  # another thread may close it
            if self._task is None or self._series is None:
                return False
            if self._task[0].divergence(run) <= self._series.end:
                return False
            before = playback.series.missing(playback.kinds)
            playback.series.adopt(self._series)
        return bool(before)

    def _work(self, task: Task, left: threading.Event) -> None:
        lower_priority()
        run, spacing, end, kinds = task
        with np.errstate(all="ignore"):
            try:
                self._sample(run, Series(run, spacing), end, kinds, left)
            except Exception:  # what cannot be measured stays unknown
                return

    def _sample(
        self,
        run: Run,
        series: Series,
        end: float,
        kinds: frozenset[str],
        left: threading.Event,
    ) -> None:
        simulation = Simulation(run, self._backend)
        series.measure_now(simulation, kinds)
        with self._lock:
            if not left.is_set():
                self._series = series
        while series.end < end and not left.is_set():
            since = simulation.t
            simulation.step()
            with self._lock:
                series.measure(simulation, since, kinds)
