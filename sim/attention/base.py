"""Attention bound to matrices on a device: what all laws of attention share."""

from __future__ import annotations

import abc
import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, ClassVar, Self

from sim.arrays import namespace
from sim.attention.interaction import one_or_each
from sim.attention.layer_schedule import LayerCache, LayerSchedule, draw_layers
from sim.attention.projections import Projections
from sim.sums.row_tiles import TILE_ENTRIES
from sim.weights.identity import Identity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.arrays import Array
    from sim.attention.heads import Heads
    from sim.attention.layer_schedule import DropoutMask
    from sim.masks import Rule
    from sim.mlps import FeedForward
    from sim.positions import PositionCode
    from sim.seed import Seed
    from sim.sums import Problem


@dataclass(frozen=True, slots=True)
class Attention(Projections, abc.ABC):
    """Attention weights p_ij, from scores s_ij = β⟨Qxᵢ, Kxⱼ⟩ and masses mⱼ.

    Attributes
    ----------
    beta : float
        Inverse temperature, times 1/√d_k where scores are scaled; NaN with `betas`.
    query, key : Array, shape (h, e, d), or None for the identity
        Q and K.
    value : Array, shape (h, d, d)
        V.
    mask : Rule
        Which pairs attend.
    log_mass : Array, shape (n, 1), or None for equal masses
        log n mⱼ.
    value_scale : float, optional
        c where V = c · I in every head, which saves a product with V.
    feed_forward : FeedForward, optional
        The perceptron inside or beside the heads.
    positions : PositionCode, optional
        The position code in the scores.
    schedule : LayerSchedule, optional
        How all this changes with depth; the other attributes are then those of the
        first layer.
    dropped : DropoutMask, optional
        Which weights dropout has left.
    betas : Array, float64, shape (runs, 1, 1, 1), optional
        β of each run of a batch, where they differ.
    """

    beta: float
    query: Array | None
    key: Array | None
    value: Array
    mask: Rule
    log_mass: Array | None
    value_scale: float | None = None
    feed_forward: FeedForward | None = None
    positions: PositionCode | None = None
    schedule: LayerSchedule | None = None
    dropped: DropoutMask | None = None
    betas: Array | None = None

    by_layer: LayerCache[tuple[int, float], Self] = field(
        default_factory=LayerCache, init=False, compare=False, repr=False
    )
    """The attention in force at the latest depths, by layer and β."""

    normalised: ClassVar[bool] = True
    """Whether every row consists of probabilities, before dropout."""

    has_beta: ClassVar[bool] = True
    """Whether the law has a β, and F̂ with it."""

    @classmethod
    def of(
        cls,
        heads: Heads,
        beta: float | Sequence[float],
        like: Array,
        seed: Seed,
        *,
        keys: int | None = None,
    ) -> Self:
        """Draw the matrices of `heads` and put them beside `like`: (..., n, d).

        `beta` is one number, or one for each run of a batch.  `keys` is the number of
        keys to attend to, n by default.
        """
        xp, (n, d) = namespace(like), like.shape[-2:]
        layers, share = draw_layers(heads, like, seed), heads.masses.shares(n)
        log_mass = None
        if share is not None:
            log_mass = xp.log(xp.asarray(n * share[:, None], dtype=like.dtype))
        first = layers[0]
        width = d if first.key is None else first.key.shape[-2]
        divisor = width**0.5 if heads.scaled else 1.0
        one, betas = one_or_each(beta, divisor, like)
        return cls(
            one,
            first.query,
            first.key,
            first.value,
            heads.mask.bind(like),
            log_mass,
            heads.value.scale if isinstance(heads.value, Identity) else None,
            first.feed_forward,
            heads.positions.bind(max(n, keys or n), d, width, like),
            LayerSchedule.of(heads, layers, keys, like, seed),
            betas=betas,
        )

    def at(self, t: float) -> Self:
        """Return the attention in force at the depth t.

        The same object within one layer with one β, so that velocity, energy and
        entropy find the sums that one of them has made.
        """
        if self.schedule is None:
            return self
        factor = self.schedule.beta_factor(t) if self.has_beta else 1.0
        key = self.schedule.layer(t), self.beta * factor
        return self.by_layer.get(key, self._in_layer)

    def _in_layer(self, key: tuple[int, float]) -> Self:
        """Return the attention in a layer of the schedule, with the β that it has."""
        assert self.schedule is not None
        layer, beta = key
        weights = self.schedule.weights(layer)
        return replace(
            self,
            beta=beta,
            query=weights.query,
            key=weights.key,
            value=weights.value,
            feed_forward=weights.feed_forward,
            dropped=self.schedule.dropped(layer),
            schedule=None,
        )

    def next_jump(self, t: float) -> float:
        """Return the time after t at which velocities jump to another layer, or ∞."""
        return math.inf if self.schedule is None else self.schedule.next_jump(t)

    def next_kink(self, t: float) -> float:
        """Return the time after t at which β begins or ceases to change, or ∞."""
        if self.schedule is None or not self.has_beta:
            return math.inf
        return self.schedule.next_kink(t)

    @property
    def shares(self) -> Array | None:
        """The masses mⱼ, of sum 1: (n, 1); None where all are 1/n."""
        if self.log_mass is None:
            return None
        xp = namespace(self.log_mass)
        return xp.exp(self.log_mass) / self.log_mass.shape[-2]

    @property
    def differentiable(self) -> bool:
        """Whether the derivative of the output by the query token is known."""
        whole = self.schedule is None or self.schedule.dropout is None
        return whole and self.positions is None

    @property
    def stochastic(self) -> bool:
        """Whether every row consists of probabilities."""
        return self.normalised and self.dropped is None

    @abc.abstractmethod
    def undropped_weights(self, x: Array, rows: Array) -> Array:
        """Return `attention_weights` before dropout, (..., h or 1, r, n)."""

    def attention_weights(self, x: Array, rows: Array) -> Array:
        """Return rows of the matrix p_ij: (..., n, d) -> (..., h or 1, r, n).

        `rows`, int (r,), are the tokens that attend.
        """
        p = self.undropped_weights(x, rows)
        return p if self.dropped is None else self.dropped.apply(p, rows)

    def weights_among(self, x: Array, tokens: Array) -> Array | None:
        """Return p_ij for i and j among `tokens`, int (r,): (..., h or 1, r, r).

        None where that is no cheaper than whole rows.
        """
        return None

    def columns_alone(self, x: Array, tokens: Array) -> Array | None:
        """Return p_ij for all i and j among `tokens`, int (r,): (..., h or 1, n, r).

        Before dropout; None where that is no cheaper than the whole matrix.
        """
        return None

    def velocity(self, x: Array) -> Array:
        """Return the ambient velocity of tokens: (..., n, d) -> (..., n, d)."""
        return self.residual_update(self.attention_output(x), x)

    def attention_output(self, x: Array) -> Array:
        """Return what V is applied to: (..., n, d) -> (..., h or 1, n, d).

        Σⱼ p_ij xⱼ, or the same times the sum of the row where it is not normalised.
        """
        return self.row_sums(x)

    def row_sums(self, x: Array) -> Array:
        """Return Σⱼ p_ij xⱼ, head by head: (..., n, d) -> (..., h or 1, n, d)."""
        if self.dropped is None:
            return self.undropped_row_sums(x)
        return self.row_sums_directly(x)

    def undropped_row_sums(self, x: Array) -> Array:
        """Return `row_sums` without dropout: (..., n, d) -> (..., h or 1, n, d)."""
        return self.row_sums_directly(x)

    def row_sums_directly(self, x: Array) -> Array:
        """Return `row_sums` from rows of the matrix, a few at a time.

        Shapes (..., n, d) -> (..., h or 1, n, d).
        """
        xp, n = namespace(x), x.shape[-2]
        values = self.values(x)
        # Not by the runs of a batch: how many there are changes no bit of them.
        size = max(1, TILE_ENTRIES // max(1, values.shape[-2] * self.head_count))
        parts = [
            self.attention_weights(x, xp.arange(a, min(a + size, n))) @ values
            for a in range(0, n, size)
        ]
        return parts[0] if len(parts) == 1 else xp.concat(parts, axis=-2)

    def entropy(self, x: Array) -> Array | None:
        """Return −Σⱼ p_ij log p_ij, (..., h or 1, n, 1), if rows are probabilities."""
        return None

    def problems(self, x: Array) -> tuple[Problem, ...]:
        """Return the sums that will be needed first, to choose methods: (..., n, d)."""
        return ()

    def method(self, x: Array) -> tuple[str, str]:
        """Return the method that sums a velocity, and why: (..., n, d)."""
        return "direct", "this law needs whole rows of the attention matrix"
