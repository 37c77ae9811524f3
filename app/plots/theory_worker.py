"""What theory predicts for a run, computed on a thread: the first times take long."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np

from sim.theory import Theory, applicable, inapplicable

if TYPE_CHECKING:
    from concurrent.futures import Future

    from sim.array_types import Floats
    from sim.scenario import Scenario
    from sim.theory import Curve

    Searched = tuple[dict[str, Curve], dict[str, str]]
    Points = dict[str, list[tuple[float, float]]]

MAX_TOKENS = 2000  # above, visiting all pairs of tokens takes too long
TOO_MANY = f"it needs {MAX_TOKENS:,} tokens at most"
TIME_STEPS = 256  # of the time axis at which theory is evaluated

_pool = ThreadPoolExecutor(1, "theory")


class TheoryWorker:
    """The theories that apply to a run, evaluated up to the time that it has reached.

    Attributes
    ----------
    found : dict of str to Theory
        The theory of each predicted observable; known soon after `begin`.
    missing : dict of str to list of str
        Why other theories of an observable do not apply, a line each.
    """

    def __init__(self) -> None:
        self.found: dict[str, type[Theory]] = {}
        self.missing: dict[str, list[str]] = {}
        self._curves: dict[str, Curve] = {}
        self._last_time = -1.0
        self._search: Future[Searched] | None = None
        self._work: Future[Points] | None = None

    def begin(self, scenario: Scenario, x: Floats) -> None:
        """Search the theories of a run of `scenario` from the tokens x: (n, d)."""
        self.end()
        self.found, self.missing = {}, {}
        if len(x) <= MAX_TOKENS:
            self._search = _pool.submit(_searched, scenario, np.array(x))
        else:
            self.missing = _reasons(dict.fromkeys(Theory.kinds(), TOO_MANY))

    def end(self) -> None:
        """Stop: theories hold only for runs whose settings do not change."""
        self._curves, self._last_time = {}, -1.0
        self._search = self._work = None

    def collect(self) -> bool:
        """Take what the search found; return whether there is anything new."""
        if self._search is None or not self._search.done():
            return False
        (curves, reasons), self._search = self._search.result(), None
        self.missing = _reasons(reasons)
        for kind, curve in curves.items():
            theory = Theory.member(kind)
            if theory.drawn and theory.predicts not in self.found:
                self.found[theory.predicts] = theory
                self._curves[theory.predicts] = curve
        return bool(self.found or self.missing)

    def evaluate(self, t: float, end: float) -> Points:
        """Evaluate theories up to time `t` of an axis to `end`; return new points.

        The points (t, y) are by observable and in the order of time.  The work goes on
        in the background: points come with a later call, each of them once.
        """
        known: Points = {}
        if self._work is not None and self._work.done():
            known, self._work = self._work.result(), None
        apart = end / TIME_STEPS
        first = math.floor(self._last_time / apart) + 1 if self._last_time >= 0 else 0
        times = [apart * k for k in range(first, math.floor(t / apart) + 1)]
        if self._work is None and self._curves and times:
            self._last_time = times[-1]
            self._work = _pool.submit(_along, dict(self._curves), times)
        return known


def _searched(scenario: Scenario, x: Floats) -> Searched:
    reasons = inapplicable(scenario, x)
    return applicable(scenario, x, reasons), reasons


def _reasons(by_kind: dict[str, str]) -> dict[str, list[str]]:
    """Return lines such as ``r(t): β is not 0`` of drawn theories, by observable."""
    out: dict[str, list[str]] = {}
    for kind, why in by_kind.items():
        theory = Theory.member(kind)
        if theory.drawn:
            out.setdefault(theory.predicts, []).append(f"{theory.label}: {why}")
    return out


def _along(curves: dict[str, Curve], times: list[float]) -> Points:
    no_tokens = np.empty((0, 0))  # theories that are drawn depend on t alone
    return {kind: [(t, c(t, no_tokens)) for t in times] for kind, c in curves.items()}
