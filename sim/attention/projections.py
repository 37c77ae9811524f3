"""What the matrices of attention do to tokens: Q, K, V, and the mean of the heads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.arrays import namespace, transpose, turned
from sim.attention.interaction import of_kind

if TYPE_CHECKING:
    from sim.arrays import Array
    from sim.masks import Rule
    from sim.mlps import FeedForward
    from sim.positions import PositionCode


class Projections:
    """Queries, keys and values of tokens, and what becomes of the sums over them.

    The attributes are those of `Attention`.
    """

    __slots__ = ()

    if TYPE_CHECKING:
        beta: float
        betas: Array | None
        query: Array | None
        key: Array | None
        value: Array
        mask: Rule
        value_scale: float | None
        feed_forward: FeedForward | None
        positions: PositionCode | None

    @property
    def inverse_temperature(self) -> float | Array:
        """β, or that of each run of a batch: (runs, 1, 1, 1)."""
        return self.beta if self.betas is None else self.betas

    @property
    def head_count(self) -> int:
        """Number of heads h."""
        return self.value.shape[0]

    def queries(self, x: Array) -> Array:
        """Return βQxᵢ: (..., n, d) -> (..., h or 1, n, e)."""
        beta = of_kind(self.inverse_temperature, x)
        return beta * self.project(self.query, x[..., None, :, :])

    def keys(self, x: Array) -> Array:
        """Return Kxⱼ: (..., n, d) -> (..., h or 1, n, e)."""
        return self.project(self.key, x[..., None, :, :])

    def values(self, x: Array) -> Array:
        """Return what is summed over, xⱼ: (..., n, d) -> (..., 1, n, d)."""
        return x[..., None, :, :]

    def project(self, matrix: Array | None, tokens: Array) -> Array:
        """Return Qxᵢ or Kxⱼ with positions: (..., 1, n, d) -> (..., h or 1, n, e).

        `tokens` itself where nothing changes: methods of summation look for that.
        """
        if self.positions is None:
            return tokens if matrix is None else tokens @ transpose(matrix)
        coded = self.positions.encode_tokens(tokens)
        projected = coded if matrix is None else coded @ transpose(matrix)
        return self.positions.encode_projected(projected)

    def scores(self, x: Array, rows: Array) -> tuple[Array, Array | None]:
        """Return rows of s_ij and of the mask: (..., h or 1, r, n), bool (r, n).

        `rows`, int (r,), are the tokens that attend; the mask is None if all pairs do.
        """
        xp = namespace(x)
        picked = xp.take(self.queries(x), rows, axis=-2)
        allowed = self.mask.allow(rows, xp.arange(x.shape[-2]))
        return picked @ transpose(self.keys(x)), allowed

    def residual_update(self, y: Array, x: Array) -> Array:
        """Return the velocity of tokens x whose attention output is y.

        Shapes (..., h or 1, n, d) and (..., n, d) -> (..., n, d).
        """
        if self.feed_forward is None:
            return self.combine_heads(y)
        mean = namespace(y).mean(self.head_updates(y), axis=-3)
        return mean + self.feed_forward.beside_heads(x)

    def head_updates(self, y: Array) -> Array:
        """Return V_h y_h, through the perceptron if one is inside the heads.

        Shapes (..., h or 1, n, d) -> (..., h, n, d).
        """
        u = self.value_projection(y)
        return u if self.feed_forward is None else self.feed_forward.inside_heads(u)

    def value_projection(self, y: Array) -> Array:
        """Return V_h y_h: (..., h or 1, n, d) -> (..., h, n, d)."""
        return turned(y, self.value)

    def combine_heads(self, y: Array) -> Array:
        """Return (1/h) Σ_h V_h y_h: (..., h or 1, n, d) -> (..., n, d)."""
        c = self.value_scale
        heads = y if c is not None else self.value_projection(y)
        one = heads.shape[-3] == 1  # which is its own mean
        mean = heads[..., 0, :, :] if one else namespace(y).mean(heads, axis=-3)
        return mean if c in (None, 1.0) else c * mean
