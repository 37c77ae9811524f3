"""Sums on the circle in O(n√β): the kernel e^{z cos θ} has few Fourier modes."""

from __future__ import annotations

import math
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from sim.sums import Method, Problem, Sums
from sim.sums.costs import constants
from sim.sums.pool import share
from sim.sums.repair import repaired

if TYPE_CHECKING:
    Floats = np.ndarray[Any, Any]

ROUND = 16.0  # units in the last place by which tokens of one circle may differ
SMALL = 1e-17  # of e^z: modes below are left out
TINY = 1e-9  # its square is nothing beside 1
HUGE = 1e250  # before this, the recurrence is scaled back
EXACT, FAIR = 5e-14, 1e-12  # bounds in float64, for up to MANY tokens and above
MANY = 1 << 16
SAFETY = 16.0  # rounding errors seen are below this many units in the last place
FEW = 128  # tokens that are summed by the BLAS, one after the other
CHUNK = 1 << 15  # powers at a time: half a megabyte
EPS = float(np.finfo(np.float64).eps)


class Circle(Method):
    """e^{z cos θ} = Σₖ Iₖ(z) e^{ikθ}: moments of the keys, then a sum a query  [1]_.

    Always in float64.  Rounding is a part of the whole sum, not of its terms: a token
    with little around it has few correct digits, and is done again by pairs where that
    is more than the bound.

    References
    ----------
    .. [1] Abramowitz, Stegun, "Handbook of Mathematical Functions", eq. 9.6.34.
    """

    name: ClassVar[str] = "circle"

    def refusal(self, problem: Problem) -> str | None:
        if problem.library != "numpy" or problem.kind not in ("float32", "float64"):
            return f"works on NumPy's floats, not on {problem.library}'s"
        if problem.shape[2] != 2:  # noqa: PLR2004 - the plane
            return f"is made for 2 dimensions, not {problem.shape[2]}"
        if not problem.full:
            return "knows no mask"
        a, most, b, far = problem.lengths
        apart = ROUND * float(np.finfo(problem.kind).eps)
        if not (a >= most * (1 - apart) and b >= far * (1 - apart) and a * b > 0):
            return "needs queries on one circle and keys on one circle"
        if not math.isfinite(problem.reach):
            return "needs finite tokens"
        return None

    def error(self, problem: Problem) -> float:
        if problem.kind == "float32":
            return float(np.finfo(np.float32).eps) * (16 + problem.reach)
        return EXACT if problem.shape[1] <= MANY else FAIR

    def cost(self, problem: Problem) -> float:
        n, m, _, depth = problem.shape
        known = constants()[self.name]
        work = (n + m) * modes(_z(problem)) * (known["mode"] + known["column"] * depth)
        runs = math.prod(problem.leading)
        return 1e-9 * runs * (known["call"] + work)

    def sums(self, problem: Problem) -> Sums:
        return repaired(problem, _summed, SAFETY * EPS, self.error(problem))


def _z(problem: Problem) -> float:
    _, a, _, b = problem.lengths
    return problem.scale * a * b


@lru_cache(maxsize=64)
def coefficients(z: float) -> Floats:
    """Return e^{-|z|} Iₖ(z), twice for k > 0, as far as they count.

    By Miller's recurrence Iₖ₋₁ = Iₖ₊₁ + (2k/z) Iₖ, downwards from where Iₖ is nothing,
    and I₀ + 2 Σ Iₖ = e^{|z|}.
    """
    size = abs(z)
    if size < TINY:
        return np.array([1 - size, z])
    found = [0.0, 1e-300]
    for k in range(int(size + 16 * (1 + size) ** 0.5) + 16, 0, -1):
        found.append(found[-2] + 2 * k / size * found[-1])
        if found[-1] > HUGE:
            found = [v / HUGE for v in found]
    out = np.array(found[::-1])
    out[1:] *= 2
    out /= math.fsum(out)
    out = out[: 1 + int(np.flatnonzero(out > SMALL)[-1])]
    if z < 0:
        out[1::2] *= -1
    return out


def modes(z: float) -> int:
    """Return how many modes count: about 9√|z| for large z."""
    return len(coefficients(z))


def _summed(problem: Problem) -> tuple[Floats, Floats, float]:
    """Return |z|, Σⱼ w_ij (1, yⱼ) e^{-|z|}, and what rounding is a part of."""
    c = coefficients(_z(problem))
    n, m, _, depth = problem.shape
    columns = np.ones((m, 1 + depth))
    columns[:, 1:] = problem.values
    size = max(64, CHUNK // len(c))
    starts = range(0, m, size)
    moments = np.zeros((len(starts), 2 * len(c), 1 + depth))
    out = np.empty((n, 1 + depth))

    def collect(k: int, start: int) -> None:
        rows = slice(start, start + size)
        powers = _powers(problem.keys[rows], len(c))
        some = columns[rows]
        parts = [
            powers[a : a + FEW].T @ some[a : a + FEW] for a in range(0, len(some), FEW)
        ]
        moments[k] = pairwise(np.stack(parts))

    def hand_out(whole: Floats, start: int) -> None:
        rows = slice(start, start + size)
        np.matmul(_powers(problem.queries[rows], len(c)), whole, out=out[rows])

    share([partial(collect, k, start) for k, start in enumerate(starts)])
    found = pairwise(moments)
    size_of = np.hypot(found[0::2, 0], found[1::2, 0]) + math.sqrt(m)
    rounded = float(np.sum(np.abs(c) * (1 + np.arange(len(c)) / 2) * size_of))
    whole = found * np.repeat(c, 2)[:, None]
    share([partial(hand_out, whole, start) for start in range(0, n, size)])
    return np.full((n, 1), abs(_z(problem))), out, rounded


def pairwise(parts: Floats) -> Floats:
    """Return the sum over the first axis, with few roundings a term."""
    while len(parts) > 1:
        half = len(parts) // 2
        rest = parts[2 * half :]
        parts = np.concatenate([parts[:half] + parts[half : 2 * half], rest])
    return parts[0]


def _powers(x: Floats, count: int) -> Floats:
    """Return Re and Im of e^{ikθ}, k < count: (n, 2) -> (n, 2 count)."""
    z = np.empty((len(x), count), complex)
    z[:, 0] = 1
    if count > 1:
        one = x[:, 0] + 1j * x[:, 1].astype(np.float64)
        z[:, 1] = one / np.abs(one)
    have = 2
    while have < count:
        more = min(have - 1, count - have)
        last = z[:, have - 1 : have]
        np.multiply(z[:, 1 : 1 + more], last, out=z[:, have : have + more])
        have += more
    return z.view(np.float64)
