"""Sums in O(n): the weights of tokens on one circle or sphere have few harmonics."""

from __future__ import annotations

import abc
import math
from functools import lru_cache, partial
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from sim.jit.buffer_pool import SHELF
from sim.jit.llvm import missing
from sim.sums import Problem, Sums, each
from sim.sums.costs import constants
from sim.sums.fallback import repaired
from sim.sums.harmonic.passes import collected, columns, compiled, handed_out
from sim.sums.methods import Method

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sim.array_types import Floats
    from sim.arrays import Array
    from sim.sums.harmonic.table import Table


ROUND = 16.0  # units in the last place by which tokens of one sphere may differ
SMALL = {"float32": 1e-12, "float64": 1e-17}
"""Degrees below are left out: parts of the largest weight."""
TINY = 1e-9  # its square is nothing beside 1
HUGE = 1e250  # before this, a recurrence is scaled back
EXACT, FAIR = 5e-14, 1e-12  # bounds in float64, for up to MANY tokens and above
MANY = 1 << 16
PART = 24 * float(np.finfo(np.float64).eps)  # rounding errors seen are below


class Series(Method, abc.ABC):
    """e^{z⟨a,b⟩} of unit vectors by moments of the keys, then a sum a query.

    Always in float64.  Rounding is a part of the whole sum, not of its terms: a token
    with little around it has few correct digits, and is done again by pairs where that
    is more than the bound.
    """

    width: ClassVar[int]
    farthest: ClassVar[float]
    """Largest score: above, there are too many harmonics."""

    @staticmethod
    @abc.abstractmethod
    def table(top: int) -> Table:
        """Return the harmonics of `top` degrees."""

    @staticmethod
    @abc.abstractmethod
    def lifted(moments: Floats, top: int) -> Floats:
        """Return the moments of (1, x) from those of 1, of one degree more.

        (terms',) -> (terms, 1 + d), complex.
        """

    def terms(self, problem: Problem) -> int:
        """Return how many harmonics count."""
        return len(self.table(len(_parts(problem))).b)

    def refusal(self, problem: Problem) -> str | None:
        if why := missing():
            return why
        if problem.library != "numpy" or problem.kind not in SMALL:
            return f"works on NumPy's floats, not on {problem.library}'s"
        if problem.shape[2] != self.width:
            return f"is made for {self.width} dimensions, not {problem.shape[2]}"
        if not problem.full:
            return "knows no mask"
        a, most, b, far = problem.lengths
        apart = ROUND * float(np.finfo(problem.kind).eps)
        if not (a >= most * (1 - apart) and b >= far * (1 - apart) and a * b > 0):
            return f"needs queries on one {self.name} and keys on one {self.name}"
        if not problem.reach <= self.farthest:
            return f"would need too many terms for scores of ±{problem.reach:.3g}"
        return None

    def error(self, problem: Problem) -> float:
        if problem.kind == "float32":
            return float(np.finfo(np.float32).eps) * (16 + problem.reach)
        return EXACT if problem.shape[1] <= MANY else FAIR

    def cost(self, problem: Problem) -> float:
        n, m, _, depth = problem.shape
        known, terms = constants()[self.name], self.terms(problem)
        products = m * (1 + columns(problem)) + n * (2 + depth)
        work = known["token"] * (n + m) + known["product"] * terms * products
        each = known["call"] + known["term"] * terms + work
        return 1e-9 * math.prod(problem.leading) * each

    def sums(self, problem: Problem) -> Sums:
        return repaired(problem, self._summed, PART, self.error(problem))

    def bent(self, problem: Problem) -> Array | None:
        if not problem.mirrored:
            return None
        found: list[Floats] = []
        for one in each(problem):
            bent = self._bent(one)
            if bent is None:
                return None
            found.append(bent)
        return np.stack(found).reshape(*problem.leading, -1, 1)

    def _bent(self, problem: Problem) -> Floats | None:
        parts, x, d = _parts(problem), problem.keys, self.width
        table = self.table(len(parts))
        moments = collected(problem, table)
        factors = table.factors(parts) * moments
        bend = -table.degree * (table.degree + d - 2)  # harmonics are eigenfunctions
        both = np.concatenate([factors, factors * bend[:, None]], axis=1)
        one = Problem(x, x, x[:, :1], problem.scale)
        mass, found = handed_out(one, table, both)
        largest = _largest(problem, table, moments)
        poor = mass.min() < PART / self.error(problem) * largest
        return None if poor else found

    def errands(self, problem: Problem) -> Sequence[Callable[[], None]]:
        return [partial(compiled, problem)]

    def _summed(self, problem: Problem) -> tuple[Sums, float]:
        parts, n = _parts(problem), problem.shape[0]
        table, count = self.table(len(parts)), len(parts)
        if columns(problem) == 1:
            wide = self.table(count + 1)
            moments = self.lifted(collected(problem, wide)[:, 0], count)
            moments[:, 1:] *= problem.lengths[3]
        else:
            moments = collected(problem, table)
        factors = table.factors(parts) * moments
        mass, mean = handed_out(problem, table, factors)
        top = SHELF.full((n, 1), problem.reach, problem.kind)
        return Sums(top, mass, mean), _largest(problem, table, moments)


@lru_cache(maxsize=64)
def series(z: float, d: int, small: float) -> Floats:
    """Return how much of e^{zt - |z|} each degree is at t = 1, as far as it counts.

    In d = 2 Iₖ(z), twice for k > 0 [1]_; in d = 3 (2k + 1) iₖ(z) [2]_; by Miller's
    recurrence fₖ₋₁ = fₖ₊₁ + (2k + d - 2)/z fₖ, downwards from where fₖ is nothing.

    References
    ----------
    .. [1] Abramowitz, Stegun, "Handbook of Mathematical Functions", eq. 9.6.34.
    .. [2] Same, eq. 10.2.36.
    """
    size = abs(z)
    if size < TINY:
        return np.array([1 - size, z])
    found = [0.0, 1e-300]
    for k in range(int(size + 16 * (1 + size) ** 0.5) + 16, 0, -1):
        found.append(found[-2] + (2 * k + d - 2) / size * found[-1])
        if found[-1] > HUGE:
            found = [v / HUGE for v in found]
    out = np.array(found[::-1])
    out[1:] *= 2 if d == 2 else 2 * np.arange(1, len(out)) + 1  # noqa: PLR2004
    out /= math.fsum(out)
    out = out[: 1 + int(np.flatnonzero(out > small)[-1])]
    if z < 0:
        out[1::2] *= -1
    return out


def _parts(problem: Problem) -> Floats:
    z = math.copysign(problem.reach, problem.scale)
    return series(z, problem.shape[2], SMALL[problem.kind])


def _largest(problem: Problem, table: Table, moments: Floats) -> float:
    """Return the mass of which errors are `PART` at most, at every token.

    By Cauchy and Schwarz, the sum over one degree is at most the root of the sum of
    squares of its moments; and these are sums of m terms, each rounded.  To all of
    these is added what the degrees left out are.
    """
    parts, m = _parts(problem), problem.shape[1]
    squares = table.square * np.abs(moments[:, 0]) ** 2
    size = np.sqrt(np.bincount(table.degree, squares)) + math.sqrt(m)
    return float(np.sum(np.abs(parts) * size)) + SMALL[problem.kind] / PART * m
