"""The fast Gauss transform: sums of e^{−|a−b|²/2} by their Fourier modes."""

from __future__ import annotations

import math

import numpy as np

from sim.arrays import Array, dot, namespace
from sim.jit.buffer_pool import BUFFER_POOL
from sim.jit.rowwise import rowwise
from sim.sums import Problem, Sums
from sim.sums.nonuniform import at_points, to_modes

SINGLE_TOLERANCE = 1e-6  # what single precision can do
COMPLEX = {"float32": "complex64", "float64": "complex128"}


def modes(problem: Problem, asked: float) -> tuple[int, ...]:
    """Return how many modes each dimension needs."""
    # No coordinate of √|c| x differs by more than twice the largest length.
    tail = math.sqrt(2 * math.log(1 / asked))
    period = 2 * math.sqrt(problem.max_score) + tail
    top = math.ceil(tail * period / (2 * math.pi))
    return (2 * top + 1,) * problem.shape[2]


def transformed(problem: Problem, asked: float) -> tuple[Sums, float]:
    """Return the sums of one run, and the largest mass."""
    xp, kind = (
        namespace(problem.queries),
        "float32" if asked == SINGLE_TOLERANCE else "float64",
    )
    a, b = _scaled(problem)
    long = _square(b)
    tall = float(xp.max(long))
    weight = xp.subtract(long, tall, out=_empty(b, long.shape, "float64"))
    weight *= 0.5
    xp.exp(weight, out=weight)
    tail = math.sqrt(2 * math.log(1 / asked))
    step = 2 * math.pi / (2 * math.sqrt(problem.max_score) + tail)
    sizes = modes(problem, asked)
    from_keys = _places(b, step, kind)
    at_queries = from_keys if b is a else _places(a, step, kind)
    moments = to_modes(
        from_keys, _as_complex_rows(problem.values, weight, kind), sizes, asked
    )
    _multiply_by_gaussian(moments, step)
    mass, mean = _masses_and_means(at_points(at_queries, moments, asked), problem)
    # The largest mass is among those found only where queries are the keys.
    largest = float(xp.max(mass) if a is b else xp.sum(weight))
    squares = long if a is b else _square(a)
    top = xp.add(squares, tall, out=_empty(a, mass.shape, problem.kind))
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


def _empty(like: Array, shape: tuple[int, ...], kind: str) -> Array:
    """Return an array of any content, of the library of `like`."""
    xp = namespace(like)
    return BUFFER_POOL.empty(shape, kind) if xp is np else xp.empty(shape, kind)


def _times(x: Array, factor: float) -> Array:
    out = _empty(x, x.shape, "float64")
    return namespace(x).multiply(x, factor, out=out, dtype="float64")


@rowwise
def _square(x: Array) -> Array:
    return dot(x, x)


def _places(x: Array, step: float, kind: str) -> list[Array]:
    xp, n = namespace(x), len(x)
    return [xp.multiply(column, step, out=_empty(x, (n,), kind)) for column in x.T]


def _as_complex_rows(values: Array, weight: Array, kind: str) -> Array:
    """Return the columns of values and 1, weighted, two a complex row."""
    xp, (m, depth) = namespace(values), values.shape
    pairs = _empty(values, (depth // 2 + 1, m), COMPLEX[kind])
    rows = pairs.view(kind).reshape(-1, m, 2)
    for k in range(depth):
        xp.multiply(values[:, k], weight[:, 0], out=rows[k // 2, :, k % 2])
    rows[depth // 2, :, depth % 2] = weight[:, 0]
    if depth % 2 == 0:
        rows[depth // 2, :, 1] = 0
    return pairs


def _masses_and_means(pairs: Array, problem: Problem) -> tuple[Array, Array]:
    """Return masses and means, in the type of `problem`: (n, 1) and (n, d)."""
    xp, n, depth = namespace(pairs), problem.shape[0], problem.shape[3]
    rows = pairs.view(pairs.real.dtype).reshape(-1, n, 2)
    mass = _empty(pairs, (n, 1), problem.kind)
    mean = _empty(pairs, (n, depth), problem.kind)
    mass[:, 0] = rows[depth // 2, :, depth % 2]
    with np.errstate(divide="ignore", invalid="ignore"):
        for k in range(depth):
            xp.divide(
                rows[k // 2, :, k % 2],
                rows[depth // 2, :, depth % 2],
                out=mean[:, k],
            )
    return mass, mean


def _multiply_by_gaussian(moments: Array, step: float) -> None:
    """Multiply by the modes of e^{-r²/2}."""
    xp, real = namespace(moments), moments.real.dtype
    for axis in range(1, moments.ndim):
        size = moments.shape[axis]
        k = step * (xp.arange(size) - size // 2)
        modes = xp.exp(-(k**2) / 2) * (step / math.sqrt(2 * math.pi))
        shape = [1] * moments.ndim
        shape[axis] = size
        moments *= modes.astype(real).reshape(shape)
