"""Scores and the attention matrix, bound to matrices on a device."""

from __future__ import annotations

import abc
import math
from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, ClassVar, Self

from sim.arrays import dot, namespace, transpose
from sim.sums import Problem, Sums
from sim.sums.choose import attend, choose
from sim.sums.direct import TILE, weights
from sim.weights.identity import Identity

if TYPE_CHECKING:
    from sim.arrays import Array
    from sim.dynamics.heads import Heads
    from sim.masks import Rule
    from sim.seed import Seed


@dataclass(frozen=True, slots=True)
class Attention(abc.ABC):
    """Who attends to whom, from scores s_ij = β⟨Qxᵢ, Kxⱼ⟩ and masses mⱼ.

    Attributes
    ----------
    beta : float
        Inverse temperature, with the factor 1/√d_k in it if that is asked for.
    query, key : Array, shape (h, e, d), or None for the identity
        Q and K.
    value : Array, shape (h, d, d)
        V.
    mask : Rule
        Which pairs attend.
    log_mass : Array, shape (n, 1), or None for equal masses
        log n mⱼ.
    scale : float, optional
        c where V = c · I in every head, which spares a product with V.
    """

    beta: float
    query: Array | None
    key: Array | None
    value: Array
    mask: Rule
    log_mass: Array | None
    scale: float | None = None

    stochastic: ClassVar[bool] = True
    """Whether every row is made of probabilities."""

    tempered: ClassVar[bool] = True
    """Whether β means something, and F̂ with it."""

    @classmethod
    def of(cls, heads: Heads, beta: float, like: Array, seed: Seed) -> Self:
        """Draw the matrices of `heads` and put them beside `like`: (..., n, d)."""
        xp, (n, d) = namespace(like), like.shape[-2:]
        drawn = heads.draw(d, seed)
        q, k, v = (xp.asarray(m, dtype=like.dtype, copy=True) for m in drawn)
        share, plain = heads.masses.share(n), Identity()
        log_mass = None
        if share is not None:
            log_mass = xp.log(xp.asarray(n * share[:, None], dtype=like.dtype))
        return cls(
            beta / k.shape[-2] ** 0.5 if heads.scaled else beta,
            None if heads.query == plain else q,
            None if heads.key == plain else k,
            v,
            heads.mask.bound(like),
            log_mass,
            heads.value.scale if isinstance(heads.value, Identity) else None,
        )

    @abc.abstractmethod
    def rows(self, x: Array, which: Array) -> Array:
        """Return rows of the attention matrix: (..., n, d) -> (..., h or 1, r, n)."""

    def collect(self, x: Array) -> Array:
        """Return Σⱼ p_ij xⱼ, head by head: (..., n, d) -> (..., h or 1, n, d)."""
        xp, n = namespace(x), x.shape[-2]
        runs = prod(x.shape[:-2]) * self.heads
        size = max(1, TILE // max(1, n * runs))
        values = x[..., None, :, :]
        parts = [
            self.rows(x, xp.arange(a, min(a + size, n))) @ values
            for a in range(0, n, size)
        ]
        return parts[0] if len(parts) == 1 else xp.concat(parts, axis=-2)

    def entropy(self, x: Array) -> Array | None:
        """Return −Σⱼ p_ij log p_ij, (..., h or 1, n, 1), if rows are probabilities."""
        return None

    def method(self, x: Array) -> tuple[str, str]:
        """Say how the sums of a velocity are computed, and why: (..., n, d)."""
        return "direct", "this law looks at whole rows of the attention matrix"

    @property
    def heads(self) -> int:
        """Number of heads."""
        return self.value.shape[0]

    def queries(self, x: Array) -> Array:
        """Return βQxᵢ: (..., n, d) -> (..., h or 1, n, e)."""
        return self.beta * _apply(self.query, x)

    def keys(self, x: Array) -> Array:
        """Return Kxⱼ: (..., n, d) -> (..., h or 1, n, e)."""
        return _apply(self.key, x)

    def scores(self, x: Array, which: Array) -> tuple[Array, Array | None]:
        """Return rows of s_ij, (..., h or 1, r, n), and which count (None for all)."""
        xp = namespace(x)
        picked = xp.take(self.queries(x), which, axis=-2)
        allowed = self.mask.allow(which, xp.arange(x.shape[-2]))
        return picked @ transpose(self.keys(x)), allowed

    def mix(self, y: Array) -> Array:
        """Return (1/h) Σ_h V_h y_h: (..., h or 1, n, d) -> (..., n, d)."""
        xp = namespace(y)
        if self.scale is not None:
            return self.scale * xp.mean(y, axis=-3)
        return xp.mean(y @ transpose(self.value), axis=-3)


@dataclass(frozen=True, slots=True)
class Soft(Attention):
    """p_ij ∝ mⱼ e^{s_ij} over the pairs that the mask allows."""

    def sums(self, x: Array) -> Sums:
        """Return what every token collects, head by head: (..., h or 1, n, ·).

        Its mass is Zᵢ = Σⱼ n mⱼ e^{s_ij}, but for the shift.
        """
        p = self.problem(x)
        return attend(p.queries, p.keys, p.values, p.mask, scale=p.scale)

    def problem(self, x: Array) -> Problem:
        """Return the sums that a velocity needs: (..., n, d)."""
        one = x[..., None, :, :]
        if self.log_mass is not None:
            return Problem(*self._pair(x), one, 1.0, self.mask)
        q, k = _turned(self.query, one), _turned(self.key, one)
        return Problem(q, k, one, self.beta, self.mask)

    def method(self, x: Array) -> tuple[str, str]:
        choice = choose(self.problem(x))
        return choice.method.name, choice.reason

    def collect(self, x: Array) -> Array:
        return self.sums(x).mean

    def rows(self, x: Array, which: Array) -> Array:
        xp, (q, k) = namespace(x), self._pair(x)
        allowed = self.mask.allow(which, xp.arange(x.shape[-2]))
        return weights(xp.take(q, which, axis=-2), k, allowed)

    def entropy(self, x: Array) -> Array | None:
        """Return the entropy of every row of the attention matrix.

        H_i = log Z_i − Σ_j p_ij s_ij, and the last sum is ⟨a_i, Σ_j p_ij b_j⟩: nothing
        of size n × n is stored.
        """
        p = self.problem(x)
        sums = attend(p.queries, p.keys, p.keys, self.mask, scale=p.scale)
        return sums.log_z - p.scale * dot(p.queries, sums.mean)

    def moments(self, x: Array) -> tuple[Array, Array, Array]:
        """Return log Zᵢ, Σⱼ p_ij xⱼ and Σⱼ p_ij xⱼxⱼᵀ, head by head.

        Shapes (..., h or 1, n, 1), (..., h or 1, n, d) and (..., h or 1, n, d, d).
        """
        xp, d = namespace(x), x.shape[-1]
        pairs = xp.reshape(x[..., :, None] * x[..., None, :], (*x.shape[:-1], d * d))
        both = xp.concat([x, pairs], axis=-1)
        sums = attend(*self._pair(x), both[..., None, :, :], self.mask)
        second = sums.mean[..., d:]
        second = xp.reshape(second, (*second.shape[:-1], d, d))
        return sums.log_z, sums.mean[..., :d], second

    def steer(self, a: Array) -> Array:
        """Return (1/h) Σ_h V β a_h Dᵀ: (..., h or 1, n, d, d) -> (..., n, d, d).

        D = QᵀK.  With a the covariance of xⱼ under p_ij it is the derivative of
        V Σⱼ p_ij xⱼ by the place of the query.
        """
        if self.key is not None:
            a = a @ transpose(self.key)[:, None, :, :]
        if self.query is not None:
            a = a @ self.query[:, None, :, :]
        turned = self.beta * (self.value[:, None, :, :] @ a)
        return namespace(a).mean(turned, axis=-4)

    def _pair(self, x: Array) -> tuple[Array, Array]:
        """Return aᵢ and bⱼ with ⟨aᵢ,bⱼ⟩ = s_ij + log n mⱼ."""
        q, k = self.queries(x), self.keys(x)
        return with_one(q, self.log_mass), with_column(k, self.log_mass)


def _apply(matrix: Array | None, x: Array) -> Array:
    return _turned(matrix, x[..., None, :, :])


def _turned(matrix: Array | None, one: Array) -> Array:
    return one if matrix is None else one @ transpose(matrix)


def with_column(b: Array, column: Array | None) -> Array:
    """Return `b` with one more entry a row: (..., n, e), (..., n, 1)."""
    if column is None:
        return b
    last = 0 * b[..., :1] + column
    return namespace(b).concat([b + 0 * last, last], axis=-1)


def with_one(a: Array, column: Array | None) -> Array:
    """Return `a` with a 1 after every row, to pick up a `column` of the keys."""
    return a if column is None else with_column(a, 1 + 0 * a[..., :1])


def interaction(x: Array, beta: float, log_mass: Array | None = None) -> Array:
    """Return F̂ = Σ_ij mᵢmⱼ e^{β(⟨xᵢ,xⱼ⟩−1)}: (..., n, d) -> (...).

    In (0, 1] on the sphere for β ≥ 0, and 1 exactly at consensus; 2F/n² in the notation
    F = ½ Σ e^{-β|xᵢ-xⱼ|²/2} where masses are equal.  Infinite where long tokens of the
    flat space leave the range of numbers.
    """
    xp, n = namespace(x), x.shape[-2]
    if log_mass is None:
        s = attend(x, x, x, scale=beta)
    else:
        a, b = with_one(beta * x, log_mass), with_column(x, log_mass)
        s = attend(a, b, x[..., :1])
    high = s.log_z - beta
    if log_mass is not None:
        high = high + log_mass
    over = high > math.log(xp.finfo(x.dtype).max) - math.log(n) - 1
    rows = xp.exp(xp.where(over, 0 * high, high))
    rows = xp.where(over, xp.inf + 0 * high, rows)
    return xp.mean(rows, axis=(-2, -1)) / n
