"""Sums in O(n): the weights of tokens on one circle or sphere have few harmonics."""

from __future__ import annotations

import abc
import math
from functools import lru_cache, partial
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from sim.jit.buffer_pool import BUFFER_POOL
from sim.jit.llvm import missing
from sim.sums import Problem, Sums, each
from sim.sums.costs import constants
from sim.sums.fallback import with_fallback
from sim.sums.harmonic.node_sums import sums_over_nodes
from sim.sums.harmonic.passes import (
    compile_for,
    moment_columns,
    moments_of_keys,
    sums_at_queries,
)
from sim.sums.methods import Method

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sim.array_types import AnyArray, Floats
    from sim.arrays import Array
    from sim.sums.harmonic.table import HarmonicTable


MAX_LENGTH_ULPS = 16.0  # by which tokens of one sphere may differ
NEGLIGIBLE = {"float32": 1e-12, "float64": 1e-17}
"""Degrees below are left out: parts of the largest weight."""
TINY_SCORE = 1e-9  # its square is nothing beside 1
RESCALE_ABOVE = 1e250  # before this, a recurrence is scaled back
MANY_KEYS = 1 << 16
ERROR_OF_FEW, ERROR_OF_MANY = 5e-14, 1e-12  # in float64, up to MANY_KEYS and above
ROUNDING = 24 * float(np.finfo(np.float64).eps)  # rounding errors seen are below


class HarmonicExpansion(Method, abc.ABC):
    """e^{z⟨a,b⟩} of unit vectors by moments of the keys, then a sum a query.

    Always in float64.  Rounding is a part of the whole sum, not of its terms: a token
    with little around it has few correct digits, and is done again by pairs where that
    is more than the bound.
    """

    width: ClassVar[int]
    max_score: ClassVar[float]
    """Largest score: above, there are too many harmonics."""
    _recent: tuple[Floats, int, Floats] | None = None
    """The last keys, held so that no others take their place, and their moments."""

    @staticmethod
    @abc.abstractmethod
    def table(top: int) -> HarmonicTable:
        """Return the harmonics of `top` degrees."""

    @staticmethod
    @abc.abstractmethod
    def count(top: int) -> int:
        """Return how many there are of `top` degrees."""

    @staticmethod
    @abc.abstractmethod
    def lifted(moments: Floats, top: int) -> Floats:
        """Return the moments of (1, x) from those of 1, of one degree more.

        (terms',) -> (terms, 1 + d), complex.
        """

    def moments(self, problem: Problem, table: HarmonicTable) -> AnyArray:
        """Return Σⱼ (1, yⱼ) hⱼ of all harmonics h: (terms, `moment_columns`)."""
        return moments_of_keys(problem, table)

    def evaluated(
        self, problem: Problem, table: HarmonicTable, factors: AnyArray
    ) -> tuple[Floats, Floats]:
        """Return masses (n, 1) and means (n, d), given factors (terms, 1 + d)."""
        return sums_at_queries(problem, table, factors)

    def terms(self, problem: Problem) -> int:
        """Return how many harmonics count."""
        return self.count(len(weights_by_degree(problem)))

    def refusal(self, problem: Problem) -> str | None:
        if why := missing():
            return why
        if problem.library != "numpy" or problem.kind not in NEGLIGIBLE:
            return f"works on NumPy's floats, not on {problem.library}'s"
        if problem.shape[2] != self.width:
            return f"is made for {self.width} dimensions, not {problem.shape[2]}"
        if not problem.full:
            return "does not support masks"
        a, most, b, far = problem.lengths
        apart = MAX_LENGTH_ULPS * float(np.finfo(problem.kind).eps)
        if not (a >= most * (1 - apart) and b >= far * (1 - apart) and a * b > 0):
            return f"needs queries on one {self.name} and keys on one {self.name}"
        if not problem.max_score <= self.max_score:
            return f"would need too many terms for scores of ±{problem.max_score:.3g}"
        return None

    def error(self, problem: Problem) -> float:
        if problem.kind == "float32":
            return float(np.finfo(np.float32).eps) * (16 + problem.max_score)
        return ERROR_OF_FEW if problem.shape[1] <= MANY_KEYS else ERROR_OF_MANY

    def cost(self, problem: Problem) -> float:
        n, m, _, depth = problem.shape
        known, terms = constants()[self.name], self.terms(problem)
        products = m * (1 + moment_columns(problem)) + n * (2 + depth)
        work = known["token"] * (n + m) + known["product"] * terms * products
        each = known["call"] + known["term"] * terms + work
        return 1e-9 * math.prod(problem.leading) * each

    def sums(self, problem: Problem) -> Sums:
        bound = self.error(problem)
        return with_fallback(
            problem, self._summed, ROUNDING, bound, pairs=sums_over_nodes
        )

    def laplacian_ratio(self, problem: Problem) -> Array | None:
        if not problem.symmetric:
            return None
        found: list[Floats] = []
        for one in each(problem):
            ratio = self._laplacian_ratio(one)
            if ratio is None:
                return None
            found.append(ratio)
        return np.stack(found).reshape(*problem.leading, -1, 1)

    def _laplacian_ratio(self, problem: Problem) -> Floats | None:
        parts, x, d = weights_by_degree(problem), problem.keys, self.width
        table, wide = self.table(len(parts)), self._wide_moments(problem, len(parts))
        moments = self.lifted(wide, len(parts))[:, :1]
        factors = table.factors(parts) * moments
        # Harmonics are eigenfunctions of the Laplacian.
        eigenvalue = -table.degree * (table.degree + d - 2)
        both = np.concatenate([factors, factors * eigenvalue[:, None]], axis=1)
        one = Problem(x, x, x[:, :1], problem.scale)
        mass, found = self.evaluated(one, table, both)
        largest = _largest(problem, table, moments)
        inexact = mass.min() < ROUNDING / self.error(problem) * largest
        return None if inexact else found

    def warm_up(self, problem: Problem) -> Sequence[Callable[[], None]]:
        return [partial(compile_for, problem)]

    def _summed(self, problem: Problem) -> tuple[Sums, float]:
        count = len(weights_by_degree(problem))
        if moment_columns(problem) == 1:
            found = self._wide_moments(problem, count)
        else:
            found = self.moments(problem, self.table(count))
        return self.sums_of_moments(problem, found)

    def running_moments(self, problem: Problem) -> AnyArray:
        """Return what `sums_of_moments` needs; that of more keys adds up."""
        more = moment_columns(problem) == 1
        table = self.table(len(weights_by_degree(problem)) + more)
        found = self.moments(problem, table)
        return found[:, 0] if more else found

    def sums_of_moments(self, problem: Problem, found: AnyArray) -> tuple[Sums, float]:
        """Return the sums, and the largest mass that there might be."""
        parts, n = weights_by_degree(problem), problem.shape[0]
        table, count, moments = self.table(len(parts)), len(parts), found
        if moment_columns(problem) == 1:
            moments = self.lifted(found, count)
            moments[:, 1:] *= problem.lengths[3]
        factors = table.factors(parts) * moments
        mass, mean = self.evaluated(problem, table, factors)
        top = BUFFER_POOL.full((n, 1), problem.max_score, problem.kind)
        return Sums(top, mass, mean), _largest(problem, table, moments)

    def _wide_moments(self, problem: Problem, count: int) -> Floats:
        """Return the moments of 1, of `count` + 1 degrees: complex, (terms',).

        Those of the last keys are known: velocity and divergence need the same ones.
        """
        keys, known = problem.keys, self._recent
        if known is not None and known[1] == count and same_memory(known[0], keys):
            return known[2]
        self._recent = None  # before: two of a million tokens need much memory
        found = self.moments(problem, self.table(count + 1))[:, 0]
        self._recent = keys, count, found
        return found


def same_memory(a: Floats, b: Floats) -> bool:
    """Return whether two arrays are the same numbers in memory."""
    layouts = [(c.ctypes.data, c.shape, c.strides, c.dtype) for c in (a, b)]
    return layouts[0] == layouts[1]


@lru_cache(maxsize=64)
def expansion_coefficients(z: float, d: int, small: float) -> Floats:
    """Return how much of e^{zt - |z|} each degree is at t = 1, as far as it counts.

    In d = 2 Iₖ(z), twice for k > 0 [1]_; in d = 3 (2k + 1) iₖ(z) [2]_; by Miller's
    recurrence fₖ₋₁ = fₖ₊₁ + (2k + d - 2)/z fₖ, downwards from where fₖ is nothing.

    References
    ----------
    .. [1] Abramowitz, Stegun, "Handbook of Mathematical Functions", eq. 9.6.34.
    .. [2] Same, eq. 10.2.36.
    """
    size = abs(z)
    if size < TINY_SCORE:
        return np.array([1 - size, z])
    found = [0.0, 1e-300]
    for k in range(int(size + 16 * (1 + size) ** 0.5) + 16, 0, -1):
        found.append(found[-2] + (2 * k + d - 2) / size * found[-1])
        if found[-1] > RESCALE_ABOVE:
            found = [v / RESCALE_ABOVE for v in found]
    out = np.array(found[::-1])
    out[1:] *= 2 if d == 2 else 2 * np.arange(1, len(out)) + 1  # noqa: PLR2004
    out /= math.fsum(out)
    out = out[: 1 + int(np.flatnonzero(out > small)[-1])]
    if z < 0:
        out[1::2] *= -1
    return out


def weights_by_degree(problem: Problem) -> Floats:
    """Return how much of the weights each degree is, as far as it counts."""
    z = math.copysign(problem.max_score, problem.scale)
    return expansion_coefficients(z, problem.shape[2], NEGLIGIBLE[problem.kind])


def _largest(problem: Problem, table: HarmonicTable, moments: Floats) -> float:
    """Return the mass of which errors are `PART` at most, at every token.

    By Cauchy and Schwarz, the sum over one degree is at most the root of the sum of
    squares of its moments; and these are sums of m terms, each rounded.  To all of
    these is added what the degrees left out are.
    """
    parts, m = weights_by_degree(problem), problem.shape[1]
    squares = table.square * np.abs(moments[:, 0]) ** 2
    size = np.sqrt(np.bincount(table.degree, squares)) + math.sqrt(m)
    return float(np.sum(np.abs(parts) * size)) + NEGLIGIBLE[problem.kind] / ROUNDING * m
