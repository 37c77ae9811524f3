"""Sums in O(n): the weights of tokens on one circle or sphere have few harmonics."""

from __future__ import annotations

import abc
import math
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from sim.shelf import SHELF
from sim.sums import Method, Problem, Sums, each
from sim.sums.costs import constants
from sim.sums.fused import missing
from sim.sums.pool import share
from sim.sums.repair import repaired

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sim.arrays import Array
    from sim.sums.harmonics import Plan
    from sim.sums.vector import Kernel

    Floats = np.ndarray[Any, Any]

ROUND = 16.0  # units in the last place by which tokens of one sphere may differ
SMALL = {"float32": 1e-12, "float64": 1e-17}
"""Degrees below are left out: parts of the largest weight."""
TINY = 1e-9  # its square is nothing beside 1
HUGE = 1e250  # before this, a recurrence is scaled back
EXACT, FAIR = 5e-14, 1e-12  # bounds in float64, for up to MANY tokens and above
MANY = 1 << 16
PART = 24 * float(np.finfo(np.float64).eps)  # rounding errors seen are below
PARTS = 32  # independent parts of a sum, whatever the number of threads
SHORT = 1 << 9  # tokens of a part, at least
MEMORY = 1 << 23  # numbers that the parts may hold together


@dataclass(frozen=True)
class Table:
    """Harmonics, in the order of `sim.sums.harmonics`.

    Attributes
    ----------
    degree : Array, shape (terms,)
        Of each harmonic.
    square : Array, shape (terms,)
        Makes Σ square · |harmonic|², over those of one degree, 1 at every token.
    b : Array, shape (terms,)
        The numbers of the recurrence.
    """

    degree: Floats
    square: Floats
    b: Floats

    @property
    def top(self) -> int:
        """How many degrees there are."""
        return int(self.degree[-1]) + 1


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
        products = m * (1 + _columns(problem)) + n * (2 + depth)
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
        parts, (_, m, d, _) = _parts(problem), problem.shape
        table, x = self.table(len(parts)), problem.keys
        moments = _collected(problem, table)
        factors = (parts[table.degree] * table.square)[:, None] * moments[:, :1]
        bend = -table.degree * (table.degree + d - 2)  # harmonics are eigenfunctions
        both = np.concatenate([factors, factors * bend[:, None]], axis=1)
        one = Problem(x, x, x[:, :1], problem.scale)
        mass, found = _handed_out(one, table, both)
        rounded = _rounded(parts, table, moments, m) + SMALL[problem.kind] / PART * m
        poor = mass.min() < PART / self.error(problem) * rounded
        return None if poor else found

    def errands(self, problem: Problem) -> Sequence[Callable[[], None]]:
        return [partial(_compile, problem)]

    def _summed(self, problem: Problem) -> tuple[Sums, float]:
        parts, (n, m, _, _) = _parts(problem), problem.shape
        table, count = self.table(len(parts)), len(parts)
        if _columns(problem) == 1:
            wide = self.table(count + 1)
            moments = self.lifted(_collected(problem, wide)[:, 0], count)
            moments[:, 1:] *= problem.lengths[3]
        else:
            moments = _collected(problem, table)
        factors = (parts[table.degree] * table.square)[:, None] * moments
        mass, mean = _handed_out(problem, table, factors)
        top = SHELF.full((n, 1), problem.reach, problem.kind)
        left_out = SMALL[problem.kind] / PART * m
        return Sums(top, mass, mean), _rounded(parts, table, moments, m) + left_out


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


def _columns(problem: Problem) -> int:
    """Return how many columns of moments are summed up: the tokens' own follow."""
    return 1 if problem.values is problem.keys else 1 + problem.shape[3]


def _plan(problem: Problem, columns: int) -> Plan:
    from sim.sums.harmonics import Plan

    return Plan(problem.shape[2], columns)


def _collector(problem: Problem) -> tuple[Kernel, Plan]:
    from sim.sums.harmonics import collect

    plan = _plan(problem, _columns(problem))
    return collect(problem.kind, plan), plan


def _distributor(problem: Problem) -> tuple[Kernel, Plan]:
    from sim.sums.harmonics import hand_out

    plan = _plan(problem, 1 + problem.shape[3])
    return hand_out(problem.kind, plan), plan


def _compile(problem: Problem) -> None:
    _collector(problem)
    _distributor(problem)


def _collected(problem: Problem, table: Table) -> Floats:
    """Return Σⱼ (1, yⱼ) hⱼ of all harmonics h: (terms, 1 + d), complex."""
    from sim.sums.layout import aligned, room

    (kernel, plan), (_, m, _, _) = _collector(problem), problem.shape
    keys, values = map(np.ascontiguousarray, (problem.keys, problem.values))
    rows = _rows(m, plan, MEMORY // (len(table.b) * plan.columns * 2 * plan.lanes))
    shape = (len(rows), len(table.b), plan.columns, 2, plan.lanes)
    found = aligned(shape, "float64")
    arrays = (keys, values, table.b)
    held = tuple(a.ctypes.data for a in arrays)

    def part(k: int) -> None:
        work = room("harmonics", plan.room, "float64").address
        some = (rows[k], min(rows[k] + rows.step, m))
        kernel(*held, found[k].ctypes.data, work, *some, m, table.top)

    share([partial(part, k) for k in range(len(rows))])
    return found.sum(axis=(0, -1)).view(complex)[..., 0]


def _handed_out(
    problem: Problem, table: Table, factors: Floats
) -> tuple[Floats, Floats]:
    """Return masses (n, 1) and means (n, d)."""
    from sim.sums.layout import room, up

    (kernel, plan), (n, _, _, depth) = _distributor(problem), problem.shape
    rows = _rows(n, plan)
    mass = SHELF.empty((up(n, plan.rows), 1), problem.kind)
    mean = SHELF.empty((len(mass), depth), problem.kind)
    queries, factors = map(np.ascontiguousarray, (problem.queries, factors))
    arrays = (queries, table.b, factors, mass, mean)
    held = tuple(a.ctypes.data for a in arrays)

    def part(start: int) -> None:
        work = room("harmonics", plan.room, "float64").address
        kernel(*held, work, start, min(start + rows.step, n), n, table.top)

    share([partial(part, start) for start in rows])
    return mass[:n], mean[:n]


def _rows(count: int, plan: Plan, most: int = PARTS) -> range:
    """Return where the parts of so many rows begin, at most `most` of them."""
    from sim.sums.layout import up

    parts = max(1, min(PARTS, most))
    return range(0, count, up(max(SHORT, -(-count // parts)), plan.rows))


def _rounded(parts: Floats, table: Table, moments: Floats, m: int) -> float:
    """Return what rounding errors are a part of, at every token.

    By Cauchy and Schwarz, the sum over one degree is at most the root of the sum of
    squares of its moments; and these are sums of m terms.
    """
    squares = table.square * np.abs(moments[:, 0]) ** 2
    size = np.sqrt(np.bincount(table.degree, squares)) + math.sqrt(m)
    return float(np.sum(np.abs(parts) * size))
