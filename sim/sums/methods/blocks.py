"""Causal sums on a circle or sphere below n²: pairs in a block, harmonics before it."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from sim.jit.buffer_pool import BUFFER_POOL
from sim.masks.causal import Causal
from sim.sums import Problem, Sums, assembled, each
from sim.sums.costs import constants
from sim.sums.fallback import with_fallback
from sim.sums.harmonic.expansion import ROUNDING
from sim.sums.harmonic.node_sums import sums_over_nodes
from sim.sums.methods import Method
from sim.sums.methods.circle import Circle
from sim.sums.methods.fused import Fused
from sim.sums.methods.sphere import Sphere

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sim.array_types import AnyArray, Floats
    from sim.sums.harmonic.expansion import HarmonicExpansion

ROWS = 1536  # tokens of a block: whole blocks of the kernels over harmonics
FEWEST = 4 * ROWS  # tokens: below, pairs are as quick
SERIES: dict[int, HarmonicExpansion] = {s.width: s for s in (Circle(), Sphere())}


class CausalBlocks(Method):
    """Token i attends to j ≤ i: by pairs in its own block, by harmonics before that.

    The moments of harmonics of all blocks before are one running sum.
    """

    name: ClassVar[str] = "blocks"
    rank: ClassVar[int] = 8

    def refusal(self, problem: Problem) -> str | None:
        n, m, width, _ = problem.shape
        series = SERIES.get(width)
        if series is None:
            return f"is made for 2 or 3 dimensions, not {width}"
        if not isinstance(problem.mask, Causal) or n != m:
            return "is made for the causal mask alone"
        if n < FEWEST:
            return f"needs {FEWEST} tokens, got {n}"
        return series.refusal(replace(problem, mask=None)) or Fused().refusal(problem)

    def error(self, problem: Problem) -> float:
        # Means of both parts are weighed; rounding of either is far below its bound.
        return max(Fused().error(problem), SERIES[problem.shape[2]].error(problem))

    def cost(self, problem: Problem) -> float:
        n, _, width, _ = problem.shape
        q, k, y = (_rows(a, 0, ROWS) for a in _arrays(problem))
        one = Problem(q, k, y, problem.scale, None, problem.lengths)
        series, count = SERIES[width], n / ROWS
        known = constants()[series.name]
        call = 1e-9 * (known["call"] + known["term"] * series.terms(problem))
        whole = series.cost(replace(problem, mask=None))
        return whole + count * (Fused().cost(one) + call * math.prod(problem.leading))

    def sums(self, problem: Problem) -> Sums:
        return assembled(problem, [self._of_one(p) for p in each(problem)])

    def warm_up(self, problem: Problem) -> Sequence[Callable[[], None]]:
        series = SERIES[problem.shape[2]].warm_up(replace(problem, mask=None))
        return [*series, *Fused().warm_up(problem)]

    def _of_one(self, problem: Problem) -> Sums:
        n, _, width, depth = problem.shape
        series, total = SERIES[width], None
        out = Sums(
            BUFFER_POOL.full((n, 1), problem.max_score, problem.kind),
            BUFFER_POOL.empty((n, 1), problem.kind),
            BUFFER_POOL.empty((n, depth), problem.kind),
        )
        for start in range(0, n, ROWS):
            block = _part(problem, start, start + ROWS)
            found = _shifted(Fused().sums(block), problem.max_score)
            if total is not None:
                before = _before(problem, block, start, series, total)
                found = _joined(before, found)
            out.mass[start : start + ROWS], out.mean[start : start + ROWS] = found
            moments = series.running_moments(block)
            total = moments if total is None else total + moments
        return out


def _before(
    problem: Problem,
    block: Problem,
    start: int,
    series: HarmonicExpansion,
    total: AnyArray,
) -> tuple[Floats, Floats]:
    """Return mass and mean of the rows of `block` over all keys before `start`."""
    _, k, y = _arrays(problem)
    keys = _rows(k, 0, start)
    values = keys if y is k else _rows(y, 0, start)
    earlier = Problem(block.queries, keys, values, problem.scale, None, problem.lengths)

    def by_moments(one: Problem) -> tuple[Sums, float]:
        return series.sums_of_moments(one, total)

    bound = series.error(problem)
    found = with_fallback(earlier, by_moments, ROUNDING, bound, pairs=sums_over_nodes)
    return _shifted(found, problem.max_score)


def _shifted(found: Sums, top: float) -> tuple[Floats, Floats]:
    """Return mass and mean, of weights e^{s - top}, in float64."""
    return found.mass * np.exp(found.top.astype(float) - top), found.mean


def _joined(
    a: tuple[Floats, Floats], b: tuple[Floats, Floats]
) -> tuple[Floats, Floats]:
    """Return mass and mean of two sets of keys together."""
    mass = a[0] + b[0]
    return mass, b[1] + a[0] / mass * (a[1] - b[1])


def _part(problem: Problem, start: int, stop: int) -> Problem:
    """Return the causal sums of some tokens among themselves."""
    arrays = _arrays(problem)
    some = {id(a): _rows(a, start, stop) for a in arrays}
    q, k, y = (some[id(a)] for a in arrays)
    return Problem(q, k, y, problem.scale, problem.mask, problem.lengths)


def _arrays(problem: Problem) -> tuple[Floats, Floats, Floats]:
    return problem.queries, problem.keys, problem.values


def _rows(a: Floats, start: int, stop: int) -> Floats:
    return a[..., start:stop, :]
