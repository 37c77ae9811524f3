"""The interaction energy of tokens, from sums over pairs."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from sim.arrays import in_place, namespace
from sim.sums import MATRIX, Problem, Sums
from sim.sums.choose import attend

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.arrays import Array


def interaction(x: Array, beta: float | Array, log_mass: Array | None = None) -> Array:
    """Return F̂ = Σ_ij mᵢmⱼ e^{β(⟨xᵢ,xⱼ⟩−1)}: (..., n, d) -> (...).

    β is a number, or one for each run of a batch, (runs, 1, 1, 1), in float64.

    In (0, 1] on the sphere for β ≥ 0, and 1 exactly at consensus; 2F/n² in the notation
    F = ½ Σ e^{-β|xᵢ-xⱼ|²/2} where masses are equal.  Infinite where long tokens of the
    flat space overflow.
    """
    return interaction_energy(interaction_sums(x, beta, log_mass), beta, log_mass)


def interaction_sums(x: Array, beta: float | Array, log_mass: Array | None) -> Sums:
    """Return the sums over xⱼ, with weights n mⱼ e^{β⟨xᵢ,xⱼ⟩}: (..., n, ·)."""
    p = interaction_problem(x, beta, log_mass)
    return of_tokens(attend(p.queries, p.keys, p.values, scale=p.scale), x)


def interaction_problem(
    x: Array, beta: float | Array, log_mass: Array | None
) -> Problem:
    """Return the sums of `interaction_sums`, not yet computed: (..., n, d).

    Many runs have an axis of one head, as sums of a batch do.
    """
    x = x[..., None, :, :] if x.ndim > MATRIX else x
    if log_mass is None and isinstance(beta, float | int):
        return Problem(x, x, x, beta)
    q = append_ones(of_kind(beta, x) * x, log_mass)
    return Problem(q, append_column(x, log_mass), x)


def of_tokens(s: Sums, x: Array) -> Sums:
    """Return sums of one head without its axis, if they have one: as tokens `x`."""
    if s.top.ndim == x.ndim:
        return s
    return Sums(*(a[..., 0, :, :] for a in (s.top, s.mass, s.mean)))


def of_kind(beta: float | Array, like: Array) -> float | Array:
    """Return a number as it is, and those of a batch in the type of `like`."""
    if isinstance(beta, float | int):
        return beta
    return namespace(like).astype(beta, like.dtype)


def interaction_energy(s: Sums, beta: float | Array, log_mass: Array | None) -> Array:
    """Return F̂ from `interaction_sums`: (..., n, ·) -> (...)."""
    rows = row_energies(s, beta, log_mass)
    return namespace(rows).mean(rows, axis=(-2, -1)) / rows.shape[-2]


def row_energies(s: Sums, beta: float | Array, log_mass: Array | None) -> Array:
    """Return n mᵢ Σⱼ n mⱼ e^{β(⟨xᵢ,xⱼ⟩−1)}, infinite on overflow: (..., n, 1).

    In float64, since β < 0 soon leaves the range of float32.
    """
    xp, n = namespace(s.top), s.top.shape[-2]
    high = in_place("log", xp.astype(s.mass, xp.float64))  # n may be large
    high += s.top
    high -= beta if isinstance(beta, float | int) else beta[..., 0]
    if log_mass is not None:
        high = high + log_mass
    most = math.log(xp.finfo(high.dtype).max) - math.log(n) - 1
    if xp is np and high.max() <= most:  # a card would have to be waited for
        return in_place("exp", high)
    over = high > most
    rows = xp.exp(xp.where(over, 0 * high, high))
    return xp.where(over, xp.inf + 0 * high, rows)


def append_column(b: Array, column: Array | None) -> Array:
    """Return `b` with one more entry a row: (..., n, e), (n, 1) -> (..., n, e + 1)."""
    if column is None:
        return b
    last = 0 * b[..., :1] + column
    return namespace(b).concat([b + 0 * last, last], axis=-1)


def append_ones(a: Array, column: Array | None) -> Array:
    """Return `a` with a 1 after every row, the partner of a `column` of the keys.

    Shapes (..., n, e) -> (..., n, e + 1); `a` itself without a column.
    """
    return a if column is None else append_column(a, 1 + 0 * a[..., :1])


def one_or_each(
    beta: float | Sequence[float], divisor: float, like: Array
) -> tuple[float, Array | None]:
    """Return β over a divisor; NaN and an array where each run has its own."""
    if isinstance(beta, float | int):
        return beta / divisor, None
    xp, each = namespace(like), [b / divisor for b in beta]
    return math.nan, xp.asarray(each, dtype=xp.float64)[:, None, None, None]
