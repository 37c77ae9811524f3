"""What theory says of a run, computed beside the window: its first times take long."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np

from sim.theory import Theory, applicable

if TYPE_CHECKING:
    from concurrent.futures import Future

    from sim.array_types import Floats
    from sim.scenario import Scenario
    from sim.theory import Curve

    Points = dict[str, list[tuple[float, float]]]

MOST = 2000  # tokens: of more, looking at all pairs takes too long
STEPS = 256  # of the time axis: theory is asked at each, as far as the run has come

_pool = ThreadPoolExecutor(1, "theory")


class Theories:
    """The theories that apply to a run, asked for the times that it has reached.

    Attributes
    ----------
    found : dict of str to Theory
        By the observable that each predicts; known soon after `begin`.
    """

    def __init__(self) -> None:
        self.found: dict[str, type[Theory]] = {}
        self._curves: dict[str, Curve] = {}
        self._asked = -1.0  # the last time
        self._search: Future[dict[str, Curve]] | None = None
        self._work: Future[Points] | None = None

    def begin(self, scenario: Scenario, x: Floats) -> None:
        """Look for theories of a run of `scenario` from the tokens x: (n, d)."""
        self.end()
        self.found = {}
        if len(x) <= MOST:
            self._search = _pool.submit(applicable, scenario, np.array(x))

    def end(self) -> None:
        """Say nothing more: the run is no longer what it began as."""
        self._curves, self._asked = {}, -1.0
        self._search = self._work = None

    def settle(self) -> bool:
        """Take what was found; return whether that is new."""
        if self._search is None or not self._search.done():
            return False
        curves, self._search = self._search.result(), None
        for kind, curve in curves.items():
            theory = Theory.member(kind)
            if theory.drawn and theory.predicts not in self.found:
                self.found[theory.predicts] = theory
                self._curves[theory.predicts] = curve
        return bool(self.found)

    def reach(self, t: float, end: float) -> Points:
        """Ask for the times up to `t`, of an axis to `end`; return what is known now.

        By observable, in the order of time; every point is returned once.
        """
        known: Points = {}
        if self._work is not None and self._work.done():
            known, self._work = self._work.result(), None
        apart = end / STEPS
        first = math.floor(self._asked / apart) + 1 if self._asked >= 0 else 0
        times = [apart * k for k in range(first, math.floor(t / apart) + 1)]
        if self._work is None and self._curves and times:
            self._asked = times[-1]
            self._work = _pool.submit(_along, dict(self._curves), times)
        return known


def _along(curves: dict[str, Curve], times: list[float]) -> Points:
    nobody = np.empty((0, 0))  # theories that are drawn look at t alone
    return {kind: [(t, c(t, nobody)) for t in times] for kind, c in curves.items()}
