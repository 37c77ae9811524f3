"""Softmax attention, bound to matrices on a device."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from itertools import combinations_with_replacement
from typing import TYPE_CHECKING

from sim.arrays import dot, namespace, transpose
from sim.attention.base import Attention
from sim.jit.row_norms import squared_norm_range
from sim.sums import Problem, Sums
from sim.sums.cache import RecentSums
from sim.sums.choose import attend, choose
from sim.sums.row_tiles import softmax_weights

if TYPE_CHECKING:
    from sim.arrays import Array

LONG = 1 << 16  # tokens: above, a few hundred whole rows cost more than all sums
ROUND = 16  # units in the last place by which equal lengths may differ


@dataclass(frozen=True, slots=True)
class Soft(Attention):
    """p_ij ∝ mⱼ e^{s_ij} over the pairs that the mask allows."""

    recent: RecentSums = field(default_factory=RecentSums, init=False, compare=False)
    """Sums that were made, for all who need them of the same tokens."""

    def sums(self, x: Array) -> Sums:
        """Return what every token collects, head by head: (..., h or 1, n, ·).

        Its mass is Zᵢ = Σⱼ n mⱼ e^{s_ij}, but for the shift.
        """
        return self.recent.of("collected", x, self._summed)

    def _summed(self, x: Array) -> Sums:
        p = self.problem(x)
        sums = self.recent.sums(p)
        return sums if self.dropped is None else replace(sums, mean=self.by_rows(x))

    def meetings(self, x: Array) -> Sums:
        """Return the sums of `met`; where Q = K = I, those of the velocity."""
        p = self.problem(x)
        if self.dropped is None and p.symmetric and p.scale == self.beta:
            s = self.sums(x)
            return Sums(*(a[..., 0, :, :] for a in (s.top, s.mass, s.mean)))
        return self.recent.of("met", x, self._met)

    def _met(self, x: Array) -> Sums:
        return self.recent.sums(meeting(x, self.beta, self.log_mass))

    def interaction(self, x: Array) -> Array:
        return energy_of(self.meetings(x), self.beta, self.log_mass)

    def power(self, x: Array, v: Array) -> Array:
        """Return dF̂/dt where tokens x move with velocity v: (..., n, d) -> (...).

        2β Σ_ij mᵢmⱼ e^{β(⟨xᵢ,xⱼ⟩−1)} ⟨vᵢ,xⱼ⟩: the velocity along the gradient.
        """
        xp, s = namespace(x), self.meetings(x)
        rows = heights(s, self.beta, self.log_mass) * dot(v, s.mean)
        return 2 * self.beta * xp.mean(rows, axis=(-2, -1)) / x.shape[-2]

    def problem(self, x: Array) -> Problem:
        """Return the sums that a velocity needs: (..., n, d)."""
        one = x[..., None, :, :]
        if self.log_mass is not None:
            return Problem(*self.pair(x), one, 1.0, self.mask)
        q = self.projected(self.query, one)
        alike = self.query is self.key  # both the identity: one array says so
        k = q if alike else self.projected(self.key, one)
        return self.recent.with_known_lengths(Problem(q, k, one, self.beta, self.mask))

    def problems(self, x: Array) -> tuple[Problem, ...]:
        return self.problem(x), meeting(x, self.beta, self.log_mass)

    def method(self, x: Array) -> tuple[str, str]:
        if self.dropped is not None:
            return "direct", "dropout looks at whole rows of the attention matrix"
        choice = choose(self.problem(x))
        bound = f"means miss at most {choice.error:.0e} of the largest token"
        return choice.method.name, f"{bound}; {choice.reason}"

    def gathered(self, x: Array) -> Array:
        return self.sums(x).mean

    def weights(self, x: Array, which: Array) -> Array:
        xp, (q, k) = namespace(x), self.pair(x)
        allowed = self.mask.allow(which, xp.arange(x.shape[-2]))
        return softmax_weights(xp.take(q, which, axis=-2), k, allowed)

    def among(self, x: Array, which: Array) -> Array | None:
        """Return e^{s_ij} / Zᵢ among `which`: Z is of the sums that F̂ needs anyway."""
        xp, n, p = namespace(x), x.shape[-2], self.problem(x)
        dear = which.shape[0] == n or not (p.symmetric or n > LONG)
        if dear or self.dropped is not None:
            return None
        q, k = (xp.take(a, which, axis=-2) for a in self.pair(x))
        log_z = xp.take(self.sums(x).log_z, which, axis=-2)
        weights = xp.exp(q @ transpose(k) - log_z)
        allowed = self.mask.allow(which, which)
        return weights if allowed is None else xp.where(allowed, weights, 0 * weights)

    def entropy(self, x: Array) -> Array | None:
        """Return the entropy of every row of the attention matrix.

        H_i = log Z_i − Σ_j p_ij s_ij, and the last sum is ⟨a_i, Σ_j p_ij b_j⟩: nothing
        of size n × n is stored.
        """
        if not self.stochastic:
            return None
        p = self.problem(x)
        if p.values is p.keys:
            sums = self.sums(x)
        else:
            sums = attend(p.queries, p.keys, p.keys, self.mask, scale=p.scale)
        return sums.log_z - p.scale * dot(p.queries, sums.mean)

    def moments(self, x: Array) -> tuple[Array, Array, Array]:
        """Return log Zᵢ, Σⱼ p_ij xⱼ and Σⱼ p_ij xⱼxⱼᵀ, head by head.

        Shapes (..., h or 1, n, 1), (..., h or 1, n, d) and (..., h or 1, n, d, d).
        """
        first = self.sums(x)
        return first.log_z, first.mean, square(self.seconds(x), x.shape[-1])

    def seconds(self, x: Array) -> Array:
        """Return Σⱼ p_ij of `products`, head by head: (..., h or 1, n, d(d+1)/2)."""
        p, d = self.problem(x), x.shape[-1]
        pairs, length = products(x), equal_length(x)
        if length is not None and d > 1:  # the trace is known: a column less
            pairs = pairs[..., :-1]
        columns = pairs[..., None, :, :]
        found = attend(p.queries, p.keys, columns, p.mask, scale=p.scale).mean
        if length is None or d == 1:
            return found
        known = [i * d - i * (i - 1) // 2 for i in range(d - 1)]  # the diagonal
        last = length - sum(found[..., k : k + 1] for k in known)
        return namespace(x).concat([found, last], axis=-1)

    def swelling(self, turned: Array, lost: Array, sums: Sums) -> Array:
        """Return the divergence of a row from its parts; see `gathering.divergence`."""
        return turned - self.beta * lost

    def spread(self, x: Array) -> tuple[Array, Array]:
        """Return what tokens collect, and its derivative that `steer` turns: Cov xⱼ.

        Shapes (..., h or 1, n, d) and (..., h or 1, n, d, d).
        """
        _, mean, second = self.moments(x)
        return mean, second - mean[..., :, None] * mean[..., None, :]

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
    return energy_of(met(x, beta, log_mass), beta, log_mass)


def met(x: Array, beta: float, log_mass: Array | None) -> Sums:
    """Return the sums over xⱼ, with weights n mⱼ e^{β⟨xᵢ,xⱼ⟩}: (..., n, d)."""
    p = meeting(x, beta, log_mass)
    return attend(p.queries, p.keys, p.values, scale=p.scale)


def meeting(x: Array, beta: float, log_mass: Array | None) -> Problem:
    """Return what `met` asks for."""
    if log_mass is None:
        return Problem(x, x, x, beta)
    return Problem(with_one(beta * x, log_mass), with_column(x, log_mass), x)


def energy_of(s: Sums, beta: float, log_mass: Array | None) -> Array:
    """Return F̂ from the sums of `met`: (...)."""
    rows = heights(s, beta, log_mass)
    return namespace(rows).mean(rows, axis=(-2, -1)) / rows.shape[-2]


def heights(s: Sums, beta: float, log_mass: Array | None) -> Array:
    """Return n mᵢ Σⱼ n mⱼ e^{β(⟨xᵢ,xⱼ⟩−1)}, infinite beyond numbers: (..., n, 1)."""
    high = s.log_z - beta
    if log_mass is not None:
        high = high + log_mass
    xp, n = namespace(high), high.shape[-2]
    over = high > math.log(xp.finfo(high.dtype).max) - math.log(n) - 1
    rows = xp.exp(xp.where(over, 0 * high, high))
    return xp.where(over, xp.inf + 0 * high, rows)


def equal_length(x: Array) -> float | None:
    """Return |x|² where all tokens have it but for rounding, such as on the sphere."""
    least, most = squared_norm_range(x)
    xp = namespace(x)
    return most if most - least <= ROUND * float(xp.finfo(x.dtype).eps) * most else None


def products(x: Array) -> Array:
    """Return the entries of xⱼxⱼᵀ on and above the diagonal: (..., n, d(d+1)/2)."""
    rows = [x[..., i : i + 1] * x[..., i:] for i in range(x.shape[-1])]
    return namespace(x).concat(rows, axis=-1)


def square(entries: Array, d: int) -> Array:
    """Return the symmetric matrices whose `products` are given: (..., d, d)."""
    xp = namespace(entries)
    upper = [*combinations_with_replacement(range(d), 2)]
    at = [upper.index((min(i, j), max(i, j))) for i in range(d) for j in range(d)]
    whole = xp.take(entries, xp.asarray(at), axis=-1)
    return xp.reshape(whole, (*entries.shape[:-1], d, d))
