"""The direct sum, in tiles of bounded memory: works always, and is the reference."""

from __future__ import annotations

from math import isqrt, log, prod
from typing import TYPE_CHECKING, ClassVar

from sim.arrays import namespace, sum_of, transpose
from sim.sums import Method, Problem, Sums
from sim.sums.costs import cost_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.arrays import Array
    from sim.masks import Rule

TILE = 1 << 20  # entries of a tile: 8 MiB in float64, about a core's share of cache
ON_A_CARD = 1 << 25  # 256 MiB: a launch takes as long as the numbers of a small tile


class Direct(Method):
    """Row-wise softmax, a tile of rows at a time; the reference for the others.

    A mirrored sum of more than one tile weighs each pair once, for both of its tokens.
    """

    name: ClassVar[str] = "direct"

    def refusal(self, problem: Problem) -> str | None:
        return None

    def error(self, problem: Problem) -> float:
        eps = float(namespace(problem.queries).finfo(problem.queries.dtype).eps)
        # The BLAS adds many keys one after the other.
        return eps * (16 + 4 * problem.reach + problem.shape[1] ** 0.5)

    def cost(self, problem: Problem) -> float:
        return cost_of(self.name, problem, 0.5 if problem.mirrored else 1.0)

    def sums(self, problem: Problem) -> Sums:
        side = isqrt(tile_of(problem.queries) // max(1, prod(problem.leading)))
        if problem.mirrored and problem.shape[0] > side and _tame(problem):
            return _mirrored(problem.queries, problem.scale, problem.reach, side)
        scaled = problem.scale * problem.queries
        return attend(scaled, problem.keys, problem.values, problem.mask)


def tile_of(like: Array) -> int:
    """Return how many entries a tile has where `like` is."""
    return ON_A_CARD if namespace(like).__name__ == "cupy" else TILE


def attend(
    queries: Array, keys: Array, values: Array, mask: Rule | None = None
) -> Sums:
    """Return what each query collects from the keys.

    Parameters
    ----------
    queries : Array, shape (..., n, e)
        aᵢ; β and any scaling are in them already.
    keys : Array, shape (..., m, e)
        bⱼ.
    values : Array, shape (..., m, d)
        yⱼ.
    mask : Rule, optional
        Which pairs count; all by default.

    Notes
    -----
    Memory is O(n + tile); rounding errors are those of a plain row-wise softmax, a few
    units in the last place of the result, whatever the size of the scores.
    """
    xp = namespace(queries)
    parts = [
        _tile(queries[..., rows, :], keys, values, allowed)
        for rows, allowed in _tiles(queries, keys, mask)
    ]
    if len(parts) == 1:
        return parts[0]
    return Sums(
        xp.concat([p.top for p in parts], axis=-2),
        xp.concat([p.mass for p in parts], axis=-2),
        xp.concat([p.mean for p in parts], axis=-2),
    )


def _tame(problem: Problem) -> bool:
    """Whether every weight is a normal number after one shift for all."""
    smallest = namespace(problem.queries).finfo(problem.queries.dtype).smallest_normal
    return 2 * problem.reach < -log(float(smallest))


def _mirrored(x: Array, scale: float, top: float, side: int) -> Sums:
    """Return what tokens collect from one another, in square tiles: (..., n, d).

    A tile off the diagonal serves both for its rows and, transposed, its columns.
    """
    xp, n = namespace(x), x.shape[-2]
    y = xp.concat([1 + 0 * x[..., :1], x], axis=-1)
    total = 0 * y
    parts = [slice(a, min(a + side, n)) for a in range(0, n, side)]
    for k, rows in enumerate(parts):
        for columns in parts[k:]:
            w = (scale * x[..., rows, :]) @ transpose(x[..., columns, :])
            w -= top
            w = xp.exp(w)
            total[..., rows, :] += w @ y[..., columns, :]
            if columns is not rows:
                total[..., columns, :] += transpose(w) @ y[..., rows, :]
    mass = total[..., :1]
    return Sums(0 * mass + top, mass, total[..., 1:] / mass)


def weights(queries: Array, keys: Array, allowed: Array | None = None) -> Array:
    """Return rows of the attention matrix: (..., r, e), (..., n, e) -> (..., r, n)."""
    _, shifted, mass = _exponentials(queries, keys, allowed)
    return shifted / mass


def _tiles(
    queries: Array, keys: Array, mask: Rule | None
) -> Iterator[tuple[slice, Array | None]]:
    xp, n, m = namespace(queries), queries.shape[-2], keys.shape[-2]
    runs = prod(queries.shape[:-2])
    size = max(1, tile_of(queries) // max(1, m * runs))
    for a in range(0, n, size):
        b = min(a + size, n)
        allowed = None if mask is None else mask.allow(xp.arange(a, b), xp.arange(m))
        yield slice(a, b), allowed


def _tile(queries: Array, keys: Array, values: Array, allowed: Array | None) -> Sums:
    top, shifted, mass = _exponentials(queries, keys, allowed)
    return Sums(top, mass, (shifted @ values) / mass)


def _exponentials(
    queries: Array, keys: Array, allowed: Array | None
) -> tuple[Array, Array, Array]:
    xp = namespace(queries)
    scores = queries @ transpose(keys)
    if allowed is not None:
        never = xp.asarray(-xp.inf, dtype=scores.dtype)
        scores = xp.where(allowed, scores, never)
    top = xp.max(scores, axis=-1, keepdims=True)
    scores -= top
    shifted = xp.exp(scores)
    return top, shifted, sum_of(shifted, -1, keepdims=True)
