"""What all attention laws share once bound: matrices on a device, and whole rows."""

from __future__ import annotations

import abc
from dataclasses import dataclass, field, replace
from math import prod
from typing import TYPE_CHECKING, ClassVar, Self

from sim.arrays import namespace, transpose, turned
from sim.attention.layer_schedule import LayerCache, LayerSchedule, draw_layers
from sim.sums.row_tiles import TILE_ENTRIES
from sim.weights.identity import Identity

if TYPE_CHECKING:
    from sim.arrays import Array
    from sim.attention.heads import Heads
    from sim.attention.layer_schedule import DropoutMask
    from sim.masks import Rule
    from sim.mlps import FeedForward
    from sim.positions import Places
    from sim.seed import Seed
    from sim.sums import Problem


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
    block : FeedForward, optional
        The perceptron among or beside the heads.
    places : Places, optional
        The positions that scores see.
    schedule : LayerSchedule, optional
        How all this changes with depth; the other attributes are then those of the
        first layer.
    dropped : DropoutMask, optional
        Which weights dropout has left.
    """

    beta: float
    query: Array | None
    key: Array | None
    value: Array
    mask: Rule
    log_mass: Array | None
    scale: float | None = None
    block: FeedForward | None = None
    places: Places | None = None
    schedule: LayerSchedule | None = None
    dropped: DropoutMask | None = None

    by_layer: LayerCache[tuple[int, float], Self] = field(
        default_factory=LayerCache, init=False, compare=False, repr=False
    )
    """The attention in force at the last depths asked for, by layer and β."""

    normalised: ClassVar[bool] = True
    """Whether every row is made of probabilities, before dropout."""

    tempered: ClassVar[bool] = True
    """Whether β means something, and F̂ with it."""

    @classmethod
    def of(
        cls,
        heads: Heads,
        beta: float,
        like: Array,
        seed: Seed,
        *,
        among: int | None = None,
    ) -> Self:
        """Draw the matrices of `heads` and put them beside `like`: (..., n, d).

        `among` is how many there are to attend to, n by default.
        """
        xp, (n, d) = namespace(like), like.shape[-2:]
        layers, share = draw_layers(heads, like, seed), heads.masses.share(n)
        log_mass = None
        if share is not None:
            log_mass = xp.log(xp.asarray(n * share[:, None], dtype=like.dtype))
        first = layers[0]
        width = d if first.key is None else first.key.shape[-2]
        return cls(
            beta / width**0.5 if heads.scaled else beta,
            first.query,
            first.key,
            first.value,
            heads.mask.bound(like),
            log_mass,
            heads.value.scale if isinstance(heads.value, Identity) else None,
            first.block,
            heads.positions.bound(max(n, among or n), d, width, like),
            LayerSchedule.of(heads, layers, (n, among or n), like, seed),
        )

    def at(self, t: float) -> Self:
        """Return the attention in force at the depth t.

        The same object within one layer with one β, so that velocity, energy and
        entropy find the sums that one of them has made.
        """
        if self.schedule is None:
            return self
        factor = self.schedule.beta_factor(t) if self.tempered else 1.0
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
            block=weights.block,
            dropped=self.schedule.dropped(layer),
            schedule=None,
        )

    @property
    def jumps(self) -> bool:
        """Whether it is another one from layer to layer."""
        return self.schedule is not None and self.schedule.jumps

    @property
    def smooth(self) -> bool:
        """Whether it is known how what a token collects changes with its place."""
        whole = self.schedule is None or self.schedule.dropout is None
        return whole and self.places is None

    @property
    def stochastic(self) -> bool:
        """Whether every row is made of probabilities."""
        return self.normalised and self.dropped is None

    @abc.abstractmethod
    def weights(self, x: Array, which: Array) -> Array:
        """Return `rows` before dropout."""

    def rows(self, x: Array, which: Array) -> Array:
        """Return rows of the attention matrix: (..., n, d) -> (..., h or 1, r, n)."""
        p = self.weights(x, which)
        return p if self.dropped is None else self.dropped.apply(p, which)

    def among(self, x: Array, which: Array) -> Array | None:
        """Return `rows` in the columns `which` alone: (..., h or 1, r, r).

        None where that is no cheaper than whole rows.
        """
        return None

    def collect(self, x: Array) -> Array:
        """Return Σⱼ p_ij xⱼ, head by head: (..., n, d) -> (..., h or 1, n, d)."""
        return self.gathered(x) if self.dropped is None else self.by_rows(x)

    def pulled(self, x: Array) -> Array:
        """Return what a velocity is made of, head by head: (..., h or 1, n, d)."""
        return self.collect(x)

    def gathered(self, x: Array) -> Array:
        """Return what `collect` does where nothing is dropped."""
        return self.by_rows(x)

    def by_rows(self, x: Array) -> Array:
        """Return what `collect` does, from rows of the matrix, a few at a time."""
        xp, n = namespace(x), x.shape[-2]
        values = self.values(x)
        runs = prod(x.shape[:-2]) * self.heads
        size = max(1, TILE_ENTRIES // max(1, values.shape[-2] * runs))
        parts = [
            self.rows(x, xp.arange(a, min(a + size, n))) @ values
            for a in range(0, n, size)
        ]
        return parts[0] if len(parts) == 1 else xp.concat(parts, axis=-2)

    def entropy(self, x: Array) -> Array | None:
        """Return −Σⱼ p_ij log p_ij, (..., h or 1, n, 1), if rows are probabilities."""
        return None

    def problems(self, x: Array) -> tuple[Problem, ...]:
        """Return the sums that will be asked for first: (..., n, d)."""
        return ()

    def method(self, x: Array) -> tuple[str, str]:
        """Say how the sums of a velocity are computed, and why: (..., n, d)."""
        return "direct", "this law looks at whole rows of the attention matrix"

    @property
    def heads(self) -> int:
        """Number of heads."""
        return self.value.shape[0]

    def queries(self, x: Array) -> Array:
        """Return βQxᵢ: (..., n, d) -> (..., h or 1, n, e)."""
        return self.beta * self.projected(self.query, x[..., None, :, :])

    def keys(self, x: Array) -> Array:
        """Return Kxⱼ: (..., n, d) -> (..., h or 1, n, e)."""
        return self.projected(self.key, x[..., None, :, :])

    def values(self, x: Array) -> Array:
        """Return what is collected, xⱼ: (..., n, d) -> (..., 1, n, d)."""
        return x[..., None, :, :]

    def projected(self, matrix: Array | None, one: Array) -> Array:
        """Return Qxᵢ or Kxⱼ as scores have them: (..., 1, n, d) -> (..., h or 1, n, e).

        `one` itself where nothing is to be done, which methods of summation look at.
        """
        if self.places is None:
            return one if matrix is None else one @ transpose(matrix)
        one = self.places.before(one)
        return self.places.after(one if matrix is None else one @ transpose(matrix))

    def scores(self, x: Array, which: Array) -> tuple[Array, Array | None]:
        """Return rows of s_ij, (..., h or 1, r, n), and which count (None for all)."""
        xp = namespace(x)
        picked = xp.take(self.queries(x), which, axis=-2)
        allowed = self.mask.allow(which, xp.arange(x.shape[-2]))
        return picked @ transpose(self.keys(x)), allowed

    def push(self, y: Array, x: Array) -> Array:
        """Return what moves tokens x that collect y, the block included.

        Shapes (..., h or 1, n, d) and (..., n, d) -> (..., n, d).
        """
        if self.block is None:
            return self.mix(y)
        return namespace(y).mean(self.pulls(y), axis=-3) + self.block.beside(x)

    def pulls(self, y: Array) -> Array:
        """Return V_h y_h, the block's part in it included: (..., h, n, d)."""
        u = turned(y, self.value)
        return u if self.block is None else self.block.heads(u)

    def mix(self, y: Array) -> Array:
        """Return (1/h) Σ_h V_h y_h: (..., h or 1, n, d) -> (..., n, d)."""
        pulls = y if self.scale is not None else turned(y, self.value)
        one = pulls.shape[-3] == 1  # which is its own mean
        mean = pulls[..., 0, :, :] if one else namespace(y).mean(pulls, axis=-3)
        return mean if self.scale in (None, 1.0) else self.scale * mean
