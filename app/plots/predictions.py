"""What theory predicts of a run: the points that are known so far."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from app.plots.theory_worker import TheoryWorker

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.array_types import Floats
    from sim.scenario import Scenario
    from sim.theory import Theory

CHANGED = "it needs a run without changes"


class Predictions:
    """Curves of theory for a run without changes, which grow with the run.

    Attributes
    ----------
    first : (float, shape (n, d)) or None
        The tokens at the start of a run without changes.
    """

    def __init__(self) -> None:
        self.first: Floats | None = None
        self._worker = TheoryWorker()
        self._points: dict[str, list[tuple[float, float]]] = {}

    @property
    def found(self) -> dict[str, type[Theory]]:
        """The theory of each predicted observable."""
        return self._worker.found

    def why_not(self, kind: str) -> str:
        """Return why theory has no curve for an observable, in lines; "" if it has."""
        if kind in self.found:
            return ""
        missing = self._worker.missing.get(kind, [])
        return CHANGED if missing and self.first is None else "\n".join(missing)

    def restart(self, scenario: Scenario | None) -> None:
        """Search theories again, if the run had no changes."""
        self._points = {}
        if self.first is not None and scenario is not None:
            self._worker.begin(scenario, self.first)

    def end(self) -> None:
        """Stop: the run has changes, or is another."""
        self.first = None
        self._worker.end()

    def collect(self) -> bool:
        """Take what the search found; return whether there is anything new."""
        return self._worker.collect()

    def extend(self, t: float, axis: float) -> None:
        """Add the points up to the time `t` that are known, of an axis to `axis`."""
        for kind, points in self._worker.evaluate(t, axis).items():
            self._points.setdefault(kind, []).extend(points)

    def curves(self, end: float) -> Iterator[tuple[str, Floats, Floats]]:
        """Yield observables with their times and values up to the time `end`."""
        for kind, points in self._points.items():
            if points:
                t, y = np.array(points).T
                yield kind, t[t <= end], y[t <= end]
