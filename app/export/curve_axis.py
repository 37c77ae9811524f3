"""The quantity that a film plots, and its axis, fixed for the whole film."""

from __future__ import annotations

import math
import statistics
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.widgets import axis_scale
from sim.clocks.steady import Steady
from sim.frame import FrameRequest
from sim.simulation import Simulation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from app.document.document import Document
    from sim.clocks import Clock
    from sim.schedule import Run

    Values = dict[str, list[tuple[float, float]]]

KINDS = {"f_hat": "F\u0302(μ)", "energy": "E", "order": "Order |x\u0304|"}
"""Observables that may be plotted, the first that can be shown; and their names."""
CURVES = FrameRequest(observables=frozenset(KINDS), clusters=False)
SECOND_BEST = "order"  # where no energy can be shown
MAX_GROWTH = 1e6  # over the median: a curve that grows further is a spike
MAX_MEASURED = 600  # times at which the run is measured before the film
STEPS = (1.0, 2.0, 2.5, 5.0, 10.0, 20.0)  # of a power of ten, between ticks
MIN_INTERVALS, MAX_INTERVALS = 2, 4
ZERO_SHARE = 0.6  # of the top: a lower lowest value starts the axis at 0
TINY = 1e-9


@dataclass(frozen=True, slots=True)
class CurveAxis:
    """What is plotted, the ends and ticks of its axis, and the clock of the other."""

    kind: str
    name: str
    ticks: tuple[float, ...]
    clock: Clock = field(default_factory=Steady)

    @property
    def low(self) -> float:
        """The lowest value of the axis."""
        return self.ticks[0]

    @property
    def high(self) -> float:
        """The highest."""
        return self.ticks[-1]


def measured(
    document: Document,
    times: Sequence[float],
    backend: str,
    report: Callable[[float], None],
) -> tuple[CurveAxis, list[tuple[float, float]]]:
    """Run the document once; return an axis that holds its curve, and the curve.

    Parameters
    ----------
    document : Document
        The run.
    times : sequence of float
        Those of the film's frames.
    backend : str
        See `sim.Simulation`.
    report : callable
        Receives the share that is done.
    """
    values = measured_values(document.run, times, backend, report)
    kind = kind_of([values])
    return axis_of(kind, [values], [document.run]), values[kind]


def kind_of(runs: Sequence[Values]) -> str:
    """Return what is plotted: the first energy that most runs have, else the order."""
    counts = {kind: sum(bool(values[kind]) for values in runs) for kind in KINDS}
    best = max((k for k in KINDS if k != SECOND_BEST), key=counts.__getitem__)
    return best if counts[best] or not counts[SECOND_BEST] else SECOND_BEST


def measured_values(
    run: Run,
    times: Sequence[float],
    backend: str,
    report: Callable[[float], None],
) -> Values:
    """Run once; return times and values of what may be plotted, where it is finite.

    Nothing of what grows beyond all bounds, as energies without a layer norm do.
    """
    simulation = Simulation(run, backend)
    every = max(1, math.ceil(len(times) / MAX_MEASURED))
    chosen = [*times[:-1:every], times[-1]]
    values: Values = {kind: [] for kind in KINDS}
    for k, t in enumerate(chosen):
        simulation.reach(t)
        measures = simulation.frame(t, CURVES).measures
        for kind, known in values.items():
            if math.isfinite(value := measures.get(kind, math.nan)):
                known.append((t, value))
        report((k + 1) / len(chosen))
    return {kind: [] if _explodes(known) else known for kind, known in values.items()}


def _explodes(known: Sequence[tuple[float, float]]) -> bool:
    sizes = [abs(value) for _, value in known] or [0.0]
    return max(sizes) > MAX_GROWTH * max(statistics.median(sizes), 1.0)


def axis_of(kind: str, found: Iterable[Values], runs: Sequence[Run]) -> CurveAxis:
    """Return the axis that holds the values of this kind that were found in runs."""
    ticks = ticks_around(value for values in found for _, value in values[kind])
    return CurveAxis(kind, _name(kind, runs), ticks, runs[0].start.clock)


def _name(kind: str, runs: Sequence[Run]) -> str:
    """Return the name of the curve: that of the energy of the law, if it is one."""
    laws = {stage.scenario.dynamics.energy_name for run in runs for stage in run.stages}
    laws |= {run.start.dynamics.energy_name for run in runs}
    return laws.pop() if kind == "energy" and len(laws) == 1 else KINDS[kind]


def ticks_around(values: Iterable[float]) -> tuple[float, ...]:
    """Return two to four equal intervals of round numbers that hold all values."""
    known = list(values) or [0.0, 1.0]
    low, high = min(known), max(known)
    if 0 <= low < ZERO_SHARE * high:
        low = 0.0
    size = max(abs(low), abs(high))
    if high - low < axis_scale.FIRST_RANGE * size or not size:  # rounding stays small
        middle, half = (low + high) / 2, axis_scale.FIRST_RANGE * size or 0.5
        low, high = middle - half, middle + half
    return round_ticks(low, high)


def round_ticks(low: float, high: float, *, inside: bool = False) -> tuple[float, ...]:
    """Return round numbers from at or below `low` to at or above `high`.

    With `inside` those between them.
    """
    power = 10.0 ** math.floor(math.log10((high - low) / MAX_INTERVALS))
    for step in (k * power for k in STEPS):
        first, last = _ends(low / step, high / step, inside)
        if last - first <= MAX_INTERVALS:
            return tuple(k * step for k in range(first, max(last, first + 1) + 1))
    raise AssertionError("twenty times the power holds the range in four intervals")


def _ends(low: float, high: float, inside: bool) -> tuple[int, int]:
    if inside:
        return math.ceil(low - TINY), math.floor(high + TINY)
    return math.floor(low + TINY), math.ceil(high - TINY)
