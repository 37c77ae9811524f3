"""Softmax attention, bound to matrices on a device."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import combinations_with_replacement
from typing import TYPE_CHECKING

from sim.arrays import dot, namespace, transpose
from sim.attention.base import Attention
from sim.attention.interaction import (
    append_column,
    append_ones,
    interaction_problem,
    of_kind,
    of_tokens,
    row_energies,
)
from sim.jit.row_norms import squared_norm_range
from sim.sums import Problem, Sums
from sim.sums.cache import RecentSums
from sim.sums.choose import attend, choose
from sim.sums.row_tiles import softmax_weights

if TYPE_CHECKING:
    from sim.arrays import Array

MAX_TOKENS_BY_ROWS = 1 << 16  # above, a few hundred rows cost more than all sums
LENGTH_TOLERANCE_ULPS = 16  # units in the last place between equal lengths


@dataclass(frozen=True, slots=True)
class SoftmaxAttention(Attention):
    """p_ij ∝ mⱼ e^{s_ij} over the pairs that the mask allows."""

    cache: RecentSums = field(default_factory=RecentSums, init=False, compare=False)
    """The latest sums, shared by all quantities of the same tokens."""

    def sums(self, x: Array) -> Sums:
        """Return the sums over keys, head by head: (..., n, d) -> (..., h or 1, n, ·).

        The mean is Σⱼ p_ij xⱼ, and the mass Zᵢ = Σⱼ n mⱼ e^{s_ij} but for the shift.
        """
        return self.cache.of("collected", x, self._summed)

    def _summed(self, x: Array) -> Sums:
        p = self.problem(x)
        sums = self.cache.sums(p)
        if self.dropped is None:
            return sums
        return replace(sums, mean=self.row_sums_directly(x))

    def interaction_sums(self, x: Array) -> Sums:
        """Return the sums that F̂ is made of: (..., n, d) -> (..., n, ·).

        Those of the velocity where Q = K = I.
        """
        p = self.problem(x)
        if self.dropped is None and p.symmetric and p.scale == self.beta:
            return of_tokens(self.sums(x), x)
        return self.cache.of("met", x, self._interaction_sums)

    def _interaction_sums(self, x: Array) -> Sums:
        beta = self.inverse_temperature
        met = self.cache.sums(interaction_problem(x, beta, self.log_mass))
        return of_tokens(met, x)

    def interaction(self, x: Array) -> Array:
        """Return F̂: (..., n, d) -> (...)."""
        rows = self._row_energies(x)
        return namespace(rows).mean(rows, axis=(-2, -1)) / rows.shape[-2]

    def _row_energies(self, x: Array) -> Array:
        return self.cache.of("row energies", x, self._row_energies_afresh)

    def _row_energies_afresh(self, x: Array) -> Array:
        beta = self.inverse_temperature
        return row_energies(self.interaction_sums(x), beta, self.log_mass)

    def power(self, x: Array, v: Array) -> Array:
        """Return dF̂/dt of tokens x with velocities v: (..., n, d) each -> (...).

        2β Σ_ij mᵢmⱼ e^{β(⟨xᵢ,xⱼ⟩−1)} ⟨vᵢ,xⱼ⟩: the gradient times the velocity.
        """
        xp, s = namespace(x), self.interaction_sums(x)
        rows = self._row_energies(x) * dot(v, s.mean)
        return 2 * self.beta * xp.mean(rows, axis=(-2, -1)) / x.shape[-2]

    def problem(self, x: Array) -> Problem:
        """Return the sums that a velocity needs, not yet computed: (..., n, d)."""
        one = x[..., None, :, :]
        if self.log_mass is not None:
            return Problem(*self.score_factors(x), one, 1.0, self.mask)
        q = self.project(self.query, one)
        alike = self.query is self.key  # both the identity: one array says so
        k = q if alike else self.project(self.key, one)
        if self.betas is not None:
            return Problem(of_kind(self.betas, q) * q, k, one, 1.0, self.mask)
        return self.cache.with_known_lengths(Problem(q, k, one, self.beta, self.mask))

    def problems(self, x: Array) -> tuple[Problem, ...]:
        return self.problem(x), interaction_problem(x, self.beta, self.log_mass)

    def method(self, x: Array) -> tuple[str, str]:
        if self.dropped is not None:
            return "direct", "dropout needs whole rows of the attention matrix"
        choice = choose(self.problem(x))
        bound = f"means miss at most {choice.error:.0e} of the largest token"
        return choice.method.name, f"{bound}; {choice.reason}"

    def undropped_row_sums(self, x: Array) -> Array:
        return self.sums(x).mean

    def undropped_weights(self, x: Array, rows: Array) -> Array:
        xp, (q, k) = namespace(x), self.score_factors(x)
        allowed = self.mask.allow(rows, xp.arange(x.shape[-2]))
        return softmax_weights(xp.take(q, rows, axis=-2), k, allowed)

    def weights_among(self, x: Array, tokens: Array) -> Array | None:
        """Return p_ij = e^{s_ij}/Zᵢ for i and j among `tokens`, int (r,).

        Zᵢ is known from the sums of the velocity.  Shapes (..., h or 1, r, r).
        """
        xp, n, p = namespace(x), x.shape[-2], self.problem(x)
        expensive = tokens.shape[0] == n or not (p.symmetric or n > MAX_TOKENS_BY_ROWS)
        if expensive or self.dropped is not None:
            return None
        sums = self.sums(x)
        q, k = self._some_score_factors(x, tokens)
        top, mass = (xp.take(a, tokens, axis=-2) for a in (sums.top, sums.mass))
        weights = xp.exp(q @ transpose(k) - (top + xp.log(mass)))
        allowed = self.mask.allow(tokens, tokens)
        return weights if allowed is None else xp.where(allowed, weights, 0 * weights)

    def _some_score_factors(self, x: Array, tokens: Array) -> tuple[Array, Array]:
        """Return the rows of `score_factors` of `tokens`, and no others if it can."""
        xp = namespace(x)
        if self.query is self.key is self.positions is self.log_mass is None:
            return self.score_factors(xp.take(x, tokens, axis=-2))
        q, k = self.score_factors(x)
        return xp.take(q, tokens, axis=-2), xp.take(k, tokens, axis=-2)

    def columns_alone(self, x: Array, tokens: Array) -> Array | None:
        """Return p_ij = e^{s_ij}/Zᵢ for j among `tokens`, int (r,).

        Zᵢ is known from the sums of the velocity.  Shape (..., h or 1, n, r).
        """
        xp, (q, k) = namespace(x), self.score_factors(x)
        scores = q @ transpose(xp.take(k, tokens, axis=-2))
        weights = xp.exp(scores - self.sums(x).log_z)
        allowed = self.mask.allow(xp.arange(x.shape[-2]), tokens)
        return weights if allowed is None else xp.where(allowed, weights, 0 * weights)

    def entropy(self, x: Array) -> Array | None:
        """Return the entropy of every row, (..., h or 1, n, 1), or None with dropout.

        Hᵢ = log Zᵢ − Σⱼ p_ij s_ij, and the last sum is ⟨aᵢ, Σⱼ p_ij bⱼ⟩: nothing of
        size n × n is stored.
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
        second = symmetric_from_entries(self.second_moments(x), x.shape[-1])
        return first.log_z, first.mean, second

    def second_moments(self, x: Array) -> Array:
        """Return Σⱼ p_ij of `outer_entries`, (..., h or 1, n, d(d+1)/2)."""
        p, d = self.problem(x), x.shape[-1]
        pairs, length = outer_entries(x), common_squared_length(x)
        if length is not None and d > 1:  # the trace is known: one column fewer
            pairs = pairs[..., :-1]
        columns = pairs[..., None, :, :]
        found = attend(p.queries, p.keys, columns, p.mask, scale=p.scale).mean
        if length is None or d == 1:
            return found
        known = [i * d - i * (i - 1) // 2 for i in range(d - 1)]  # the diagonal
        last = length - sum(found[..., k : k + 1] for k in known)
        return namespace(x).concat([found, last], axis=-1)

    def row_divergence(self, unnormalised: Array, square: Array, sums: Sums) -> Array:
        """Return the divergence of each token's attention output: (..., n, 1).

        From that of the sum without its normalising factor, over that factor, and
        from the square of its derivative's share; see `sim.attention.divergence`.
        """
        return unnormalised - self.beta * square

    def output_and_jacobian(self, x: Array) -> tuple[Array, Array]:
        """Return the attention output, and its derivative by the score vector: Cov xⱼ.

        `jacobian` turns the latter into that of the velocity.
        Shapes (..., h or 1, n, d) and (..., h or 1, n, d, d).
        """
        return self.from_moments(*self.moments(x), x.shape[-2])

    def from_moments(
        self, log_z: Array, mean: Array, second: Array, n: int
    ) -> tuple[Array, Array]:
        """Return `output_and_jacobian` from `moments` over n tokens."""
        return mean, second - mean[..., :, None] * mean[..., None, :]

    def jacobian(self, a: Array, y: Array, x: Array) -> Array:
        """Return (1/h) Σ_h V β a_h Dᵀ: (..., h or 1, n, d, d) -> (..., n, d, d).

        D = QᵀK.  With a the covariance of xⱼ under p_ij it is the derivative of
        V Σⱼ p_ij xⱼ by the query token; with a perceptron, that of `residual_update`
        at tokens x, (..., n, d), whose attention output is y, (..., h or 1, n, d).
        """
        if self.key is not None:
            a = a @ transpose(self.key)[:, None, :, :]
        if self.query is not None:
            a = a @ self.query[:, None, :, :]
        turned = self.beta * (self.value[:, None, :, :] @ a)
        if self.feed_forward is not None:
            turned = self.feed_forward.chain_rule(turned, y @ transpose(self.value), x)
        return namespace(a).mean(turned, axis=-4)

    def score_factors(self, x: Array) -> tuple[Array, Array]:
        """Return a and b, (..., h or 1, n, ·), with ⟨aᵢ,bⱼ⟩ = s_ij + log n mⱼ."""
        q, k = self.queries(x), self.keys(x)
        return append_ones(q, self.log_mass), append_column(k, self.log_mass)


def common_squared_length(x: Array) -> float | None:
    """Return |x|² of tokens x, (..., n, d), that all have it but for rounding."""
    least, most = squared_norm_range(x)
    xp = namespace(x)
    tolerance = LENGTH_TOLERANCE_ULPS * float(xp.finfo(x.dtype).eps)
    return most if most - least <= tolerance * most else None


def outer_entries(x: Array) -> Array:
    """Return the entries of xⱼxⱼᵀ on and above the diagonal: (..., n, d(d+1)/2)."""
    rows = [x[..., i : i + 1] * x[..., i:] for i in range(x.shape[-1])]
    return namespace(x).concat(rows, axis=-1)


def symmetric_from_entries(entries: Array, d: int) -> Array:
    """Return the symmetric matrices with these `outer_entries`.

    Shapes (..., d(d+1)/2) -> (..., d, d).
    """
    xp = namespace(entries)
    upper = [*combinations_with_replacement(range(d), 2)]
    at = [upper.index((min(i, j), max(i, j))) for i in range(d) for j in range(d)]
    whole = xp.take(entries, xp.asarray(at), axis=-1)
    return xp.reshape(whole, (*entries.shape[:-1], d, d))
