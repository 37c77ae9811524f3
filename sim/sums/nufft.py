"""Sums in up to three dimensions in O(n), by a fast Gauss transform."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from sim.arrays import dot, namespace
from sim.shelf import SHELF
from sim.sums import Method, Problem, Sums
from sim.sums.costs import constants
from sim.sums.repair import TooPoor, repaired
from sim.sums.rows import rowwise
from sim.sums.transforms import LIBRARIES, collected, handed_out, missing
from sim.sums.trial import failed

if TYPE_CHECKING:
    from sim.arrays import Array

FARTHEST = 400.0  # largest score: above, the weights e^{|b|²/2} leave nothing exact
GRID = 1 << 24  # modes: half a gigabyte once finufft has doubled every side
SAFETY = 4.0  # errors seen are up to this many times what finufft is asked for
FEW = 0.002  # of the queries may be done again by pairs
TARGET = {"float32": 1e-5, "float64": 1e-9}
"""What the means may miss, relative to the largest |y|."""
QUICK, GENTLE = 1e-6, 4.0
"""What single precision can do, and the reach from which it does it."""
EASY = 1e-7
"""What is enough for float32 below: half the time of `CAREFUL`."""
CAREFUL = {"float32": 1e-9, "float64": 1e-12}
COMPLEX = {"float32": "complex64", "float64": "complex128"}
ON_A_CARD = {"call": 5e6, "token": 10.0, "mode": 1.0}
"""Nanoseconds, as no card was at hand: a tenth of the speed that [2]_ tells of."""


class Nufft(Method):
    """e^{⟨a,b⟩} = e^{|a|²/2} e^{|b|²/2} e^{−|a−b|²/2}, the last factor by its modes.

    A non-uniform Fourier transform of type 1, a product, and one of type 2 [1]_; two
    real sums travel as one complex sum.  Errors are a part of the largest sum: a query
    with little around it is done again more carefully, or by pairs.

    References
    ----------
    .. [1] Barnett, Magland, af Klinteberg, "A parallel nonuniform fast Fourier
           transform library", SIAM J. Sci. Comput. 41, 2019.
    .. [2] Shih, Wright, Andén, Blaschke, Barnett, "cuFINUFFT: a load-balanced GPU
           library for general-purpose nonuniform FFTs", arXiv:2102.08463.
    """

    name: ClassVar[str] = "nufft"

    def refusal(self, problem: Problem) -> str | None:
        if problem.library not in LIBRARIES or problem.kind not in TARGET:
            return f"works on floats of NumPy and CuPy, not on {problem.library}'s"
        if why := missing(problem.library):
            return why
        if problem.shape[2] > 3:  # noqa: PLR2004 - dimensions that finufft knows
            return f"is made for at most 3 dimensions, not {problem.shape[2]}"
        if not problem.full:
            return "knows no mask"
        if not problem.reach < FARTHEST:
            return f"weights would overflow at scores of ±{problem.reach:.3g}"
        if not problem.reach > 0:
            return "needs scores that differ"
        if math.prod(_modes(problem, CAREFUL[problem.kind])) > GRID:
            return "would need too many modes"
        if problem.library == "numpy":
            return None
        return failed(self, problem.kind, problem.shape[2])

    def error(self, problem: Problem) -> float:
        return TARGET[problem.kind]

    def cost(self, problem: Problem) -> float:
        n, m, width, depth = problem.shape
        known = ON_A_CARD
        if problem.library == "numpy":
            known = constants()[f"{self.name} {problem.kind}"]
        vectors = (depth + 2) // 2
        work = known["token"] * (n + m) * width**2
        work += known["mode"] * 2 * modes_of(problem)
        return 1e-9 * math.prod(problem.leading) * (known["call"] + vectors * work)

    def sums(self, problem: Problem) -> Sums:
        bound, first = self.error(problem), _first(problem)
        careful = CAREFUL[problem.kind]
        if first > careful:
            try:
                quick = partial(_summed, asked=first)
                return repaired(problem, quick, SAFETY * first, bound, FEW)
            except TooPoor:
                pass
        exact = partial(_summed, asked=careful)
        return repaired(problem, exact, SAFETY * careful, bound, 1.0)


def _first(problem: Problem) -> float:
    """Return the accuracy to try first."""
    if problem.kind == "float64":
        return CAREFUL[problem.kind]
    return QUICK if problem.reach >= GENTLE else EASY


def modes_of(problem: Problem) -> int:
    """Return how many modes are used, if the first try is exact enough."""
    return math.prod(_modes(problem, _first(problem)))


def _modes(problem: Problem, asked: float) -> tuple[int, ...]:
    """Return how many modes each dimension needs."""
    # No coordinate of √|c| x differs by more than twice the largest length.
    tail = math.sqrt(2 * math.log(1 / asked))
    period = 2 * math.sqrt(problem.reach) + tail
    top = math.ceil(tail * period / (2 * math.pi))
    return (2 * top + 1,) * problem.shape[2]


def _summed(problem: Problem, asked: float) -> tuple[Sums, float]:
    """Return the sums of one run, and the largest mass."""
    xp, kind = namespace(problem.queries), "float32" if asked == QUICK else "float64"
    a, b = _scaled(problem)
    long = _square(b)
    tall = float(xp.max(long))
    weight = xp.subtract(long, tall, out=_room(b, long.shape, "float64"))
    weight *= 0.5
    xp.exp(weight, out=weight)
    tail = math.sqrt(2 * math.log(1 / asked))
    step = 2 * math.pi / (2 * math.sqrt(problem.reach) + tail)
    sizes = _modes(problem, asked)
    from_keys = _places(b, step, kind)
    at_queries = from_keys if b is a else _places(a, step, kind)
    moments = collected(from_keys, _paired(problem.values, weight, kind), sizes, asked)
    _multiply(moments, step)
    mass, mean = _parted(handed_out(at_queries, moments, asked), problem)
    # Only where tokens meet themselves is the largest mass among those found.
    largest = float(xp.max(mass) if a is b else xp.sum(weight))
    squares = long if a is b else _square(a)
    top = xp.add(squares, tall, out=_room(a, mass.shape, problem.kind))
    top *= 0.5
    return Sums(top, mass, mean), largest


def _scaled(problem: Problem) -> tuple[Array, Array]:
    """Return a, b with c⟨q,k⟩ = ⟨a,b⟩ and equally long longest rows."""
    _, q, _, k = problem.lengths
    root = math.sqrt(abs(problem.scale))
    even = math.sqrt(k / q)
    a = _times(problem.queries, root * even)
    if problem.queries is problem.keys and problem.scale > 0:
        return a, a
    sign = math.copysign(root, problem.scale)
    return a, _times(problem.keys, sign / even)


def _room(like: Array, shape: tuple[int, ...], kind: str) -> Array:
    """Return an array of any content, of the library of `like`."""
    xp = namespace(like)
    return SHELF.empty(shape, kind) if xp is np else xp.empty(shape, kind)


def _times(x: Array, factor: float) -> Array:
    out = _room(x, x.shape, "float64")
    return namespace(x).multiply(x, factor, out=out, dtype="float64")


@rowwise
def _square(x: Array) -> Array:
    return dot(x, x)


def _places(x: Array, step: float, kind: str) -> list[Array]:
    xp, n = namespace(x), len(x)
    return [xp.multiply(column, step, out=_room(x, (n,), kind)) for column in x.T]


def _paired(values: Array, weight: Array, kind: str) -> Array:
    """Return the columns of values and 1, weighted, two a complex row."""
    xp, (m, depth) = namespace(values), values.shape
    pairs = _room(values, (depth // 2 + 1, m), COMPLEX[kind])
    rows = pairs.view(kind).reshape(-1, m, 2)
    for k in range(depth):
        xp.multiply(values[:, k], weight[:, 0], out=rows[k // 2, :, k % 2])
    rows[depth // 2, :, depth % 2] = weight[:, 0]
    if depth % 2 == 0:
        rows[depth // 2, :, 1] = 0
    return pairs


def _parted(pairs: Array, problem: Problem) -> tuple[Array, Array]:
    """Return masses and means, in the type of `problem`: (n, 1) and (n, d)."""
    xp, n, depth = namespace(pairs), problem.shape[0], problem.shape[3]
    rows = pairs.view(pairs.real.dtype).reshape(-1, n, 2)
    mass = _room(pairs, (n, 1), problem.kind)
    mean = _room(pairs, (n, depth), problem.kind)
    mass[:, 0] = rows[depth // 2, :, depth % 2]
    with np.errstate(divide="ignore", invalid="ignore"):
        for k in range(depth):
            xp.divide(
                rows[k // 2, :, k % 2],
                rows[depth // 2, :, depth % 2],
                out=mean[:, k],
            )
    return mass, mean


def _multiply(moments: Array, step: float) -> None:
    """Multiply by the modes of e^{-r²/2}."""
    xp, real = namespace(moments), moments.real.dtype
    for axis in range(1, moments.ndim):
        size = moments.shape[axis]
        k = step * (xp.arange(size) - size // 2)
        modes = xp.exp(-(k**2) / 2) * (step / math.sqrt(2 * math.pi))
        shape = [1] * moments.ndim
        shape[axis] = size
        moments *= modes.astype(real).reshape(shape)
