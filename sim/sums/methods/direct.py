"""The direct sum, in tiles of bounded memory: works always, and is the reference."""

from __future__ import annotations

from math import isqrt, log, prod
from typing import TYPE_CHECKING, ClassVar

from sim.arrays import namespace, transpose
from sim.sums import Problem, Sums
from sim.sums.costs import cost_of
from sim.sums.methods import Method
from sim.sums.row_tiles import tile_entries, tiled_sums

if TYPE_CHECKING:
    from sim.arrays import Array


MIN_SYMMETRIC_WIDTH = 32  # of keys: below, scaling scores costs more than it saves


class Direct(Method):
    """Row-wise softmax, a tile of rows at a time; the reference for the others.

    A mirrored sum of more than one tile weighs each pair once, for both of its tokens.
    """

    name: ClassVar[str] = "direct"
    rank: ClassVar[int] = 0

    def refusal(self, problem: Problem) -> str | None:
        return None

    def error(self, problem: Problem) -> float:
        eps = float(namespace(problem.queries).finfo(problem.queries.dtype).eps)
        # The BLAS adds many keys one after the other.
        return eps * (16 + 4 * problem.max_score + problem.shape[1] ** 0.5)

    def cost(self, problem: Problem) -> float:
        return cost_of(self.name, problem, 0.5 if problem.symmetric else 1.0)

    def sums(self, problem: Problem) -> Sums:
        side = isqrt(tile_entries(problem.queries) // max(1, prod(problem.leading)))
        if (
            problem.symmetric
            and problem.shape[0] > side
            and _one_shift_serves_all(problem)
        ):
            return _symmetric_sums(
                problem.queries, problem.scale, problem.max_score, side
            )
        q, k = problem.queries, problem.keys
        if q is k and problem.shape[2] >= MIN_SYMMETRIC_WIDTH:
            # The BLAS computes half of the product of a matrix with its transpose.
            return tiled_sums(q, k, problem.values, problem.mask, scale=problem.scale)
        scaled = problem.scale * q
        return tiled_sums(scaled, k, problem.values, problem.mask)


def _one_shift_serves_all(problem: Problem) -> bool:
    """Whether every weight is a normal number after one shift for all."""
    smallest = namespace(problem.queries).finfo(problem.queries.dtype).smallest_normal
    return 2 * problem.max_score < -log(float(smallest))


def _symmetric_sums(x: Array, scale: float, top: float, side: int) -> Sums:
    """Return the sums of tokens over each other, in square tiles: (..., n, d).

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
