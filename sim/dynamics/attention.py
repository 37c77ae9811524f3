"""Softmax attention, bound to matrices on a device."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.arrays import dot, namespace, transpose
from sim.dynamics.matrix import Attention
from sim.sums import Problem, Sums
from sim.sums.choose import attend, choose
from sim.sums.direct import weights

if TYPE_CHECKING:
    from sim.arrays import Array


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
            return Problem(*self.pair(x), one, 1.0, self.mask)
        q, k = self.projected(self.query, one), self.projected(self.key, one)
        return Problem(q, k, one, self.beta, self.mask)

    def method(self, x: Array) -> tuple[str, str]:
        choice = choose(self.problem(x))
        return choice.method.name, choice.reason

    def collect(self, x: Array) -> Array:
        return self.sums(x).mean

    def rows(self, x: Array, which: Array) -> Array:
        xp, (q, k) = namespace(x), self.pair(x)
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
        sums = attend(*self.pair(x), both[..., None, :, :], self.mask)
        second = sums.mean[..., d:]
        second = xp.reshape(second, (*second.shape[:-1], d, d))
        return sums.log_z, sums.mean[..., :d], second

    def steer(self, a: Array, y: Array, x: Array) -> Array:
        """Return (1/h) Σ_h V β a_h Dᵀ: (..., h or 1, n, d, d) -> (..., n, d, d).

        D = QᵀK.  With a the covariance of xⱼ under p_ij it is the derivative of
        V Σⱼ p_ij xⱼ by the place of the query; with a block, that of `push` at tokens
        x that collect y.
        """
        if self.key is not None:
            a = a @ transpose(self.key)[:, None, :, :]
        if self.query is not None:
            a = a @ self.query[:, None, :, :]
        turned = self.beta * (self.value[:, None, :, :] @ a)
        if self.block is not None:
            turned = self.block.chain(turned, y @ transpose(self.value), x)
        return namespace(a).mean(turned, axis=-4)

    def pair(self, x: Array) -> tuple[Array, Array]:
        """Return aᵢ and bⱼ with ⟨aᵢ,bⱼ⟩ = s_ij + log n mⱼ."""
        q, k = self.queries(x), self.keys(x)
        return with_one(q, self.log_mass), with_column(k, self.log_mass)


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
