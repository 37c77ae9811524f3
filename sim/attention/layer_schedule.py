"""What attention is at every depth: matrices layer by layer, dropout, and β."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from sim.arrays import namespace
from sim.attention.depth import layer_at
from sim.attention.dropout_draws import uniform
from sim.weights.identity import Identity

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.arrays import Array
    from sim.attention.heads import Heads
    from sim.mlps import FeedForward
    from sim.ramps import Ramp
    from sim.seed import Seed

Key = TypeVar("Key")
Value = TypeVar("Value")

MAX_DROPOUT_PAIRS = 4096**2  # a layer's mask then takes 16 MiB
LAYERS_KEPT = 2  # the present one and the one before


@dataclass(frozen=True, slots=True)
class LayerWeights:
    """The matrices of one layer, as `Attention` has them.

    Attributes
    ----------
    query, key : Array, shape (h, e, d), or None for the identity
        Q and K.
    value : Array, shape (h, d, d)
        V.
    feed_forward : FeedForward, optional
        The perceptron inside or beside the heads.
    """

    query: Array | None
    key: Array | None
    value: Array
    feed_forward: FeedForward | None


def draw_layers(heads: Heads, like: Array, seed: Seed) -> tuple[LayerWeights, ...]:
    """Draw the matrices of every layer, and put them beside `like`: (..., n, d)."""
    xp, h, count = namespace(like), heads.count, heads.depth.layers
    q, k, v = (
        xp.asarray(m, dtype=like.dtype, copy=True)
        for m in heads.draw(like.shape[-1], seed)
    )
    perceptrons = heads.mlp.bind(count, h, like, seed)
    parts = [slice(i * h, (i + 1) * h) for i in range(count)]
    free_q, free_k = (m == Identity() for m in (heads.query, heads.key))
    return tuple(
        LayerWeights(
            None if free_q else q[part, :, :],
            None if free_k else k[part, :, :],
            v[part, :, :],
            perceptron,
        )
        for part, perceptron in zip(parts, perceptrons, strict=True)
    )


class LayerCache(Generic[Key, Value]):
    """The values made for the last two keys; the oldest is dropped first."""

    def __init__(self) -> None:
        self._values: dict[Key, Value] = {}

    def __len__(self) -> int:
        return len(self._values)

    def values(self) -> tuple[Value, ...]:
        """Return the values held, the oldest first."""
        return tuple(self._values.values())

    def get(self, key: Key, make: Callable[[Key], Value]) -> Value:
        """Return the value of `key`, made now if it is not one of the last two."""
        if key not in self._values:
            if len(self._values) == LAYERS_KEPT:
                del self._values[next(iter(self._values))]
            self._values[key] = make(key)
        return self._values[key]


@dataclass(frozen=True, slots=True)
class DropoutMask:
    """One layer's dropout.

    Attributes
    ----------
    kept : bool Array, shape (h, n, m)
        Which weights are kept.
    rate : float
        The probability q of the others.
    """

    kept: Array
    rate: float

    def apply(self, p: Array, rows: Array) -> Array:
        """Return p_ij b_ij/(1 − q), rows `rows` of it: (..., h or 1, r, m)."""
        xp = namespace(p)
        kept = xp.astype(xp.take(self.kept, rows, axis=-2), p.dtype)
        return p * kept / (1 - self.rate)


class Dropout:
    """Draws a mask for every layer, the same in any order of requests.

    Parameters
    ----------
    rate : float
        The probability q that a weight is dropped.
    heads, tokens : int
        h and n.
    keys : int, optional
        The number m of keys that tokens attend to; the tokens themselves if None.
    like : Array
        Where masks are to be.
    seed : Seed
        Of the run.

    Raises
    ------
    ValueError
        If there are too many pairs.
    """

    def __init__(
        self,
        rate: float,
        heads: int,
        tokens: int,
        keys: int | None,
        like: Array,
        seed: Seed,
    ) -> None:
        shape = (heads, tokens, tokens if keys is None else keys)
        if math.prod(shape) > MAX_DROPOUT_PAIRS:
            raise ValueError(
                "dropout draws a number for every pair of tokens and head, at most "
                f"{MAX_DROPOUT_PAIRS:,} a layer; got {' × '.join(map(str, shape))}. "
                "Lower n or the number of heads, or set dropout to 0."
            )
        self.rate, self._shape, self._keys = rate, shape, keys
        self._like, self._seed = like, seed
        self._drawn: LayerCache[int, DropoutMask] = LayerCache()

    def mask(self, layer: int) -> DropoutMask:
        """Return the mask of a layer, numbered from 0."""
        return self._drawn.get(layer, self._draw)

    def _draw(self, layer: int) -> DropoutMask:
        drawn = uniform(self._seed, float(layer), self._shape, self._keys)
        xp = namespace(self._like)
        return DropoutMask(xp.asarray(drawn >= self.rate), self.rate)


@dataclass(frozen=True, slots=True)
class LayerSchedule:
    """Which layer is in force when, and by what β is multiplied then.

    Attributes
    ----------
    layers : tuple of LayerWeights
        Taken in turn.
    thickness : float
        Time that one lasts.
    ramp : Ramp
        What β is multiplied by.
    dropout : Dropout, optional
        Draws masks.
    """

    layers: tuple[LayerWeights, ...]
    thickness: float
    ramp: Ramp
    dropout: Dropout | None

    @classmethod
    def of(
        cls,
        heads: Heads,
        layers: tuple[LayerWeights, ...],
        keys: int | None,
        like: Array,
        seed: Seed,
    ) -> LayerSchedule | None:
        """Return the schedule of `heads`; None if nothing changes.

        `like`, (..., n, d), says how many tokens there are, and where masks are to be;
        they attend to `keys` others, or to themselves if that is None.

        Raises
        ------
        ValueError
            If there are too many pairs for dropout.
        """
        depth, dropout = heads.depth, None
        if depth.constant:
            return None
        if depth.dropout:
            n = like.shape[-2]
            dropout = Dropout(depth.dropout, heads.count, n, keys, like, seed)
        return cls(layers, depth.thickness, depth.ramp, dropout)

    def next_jump(self, t: float) -> float:
        """Return the time after t at which another layer begins; ∞ with one alone."""
        if len(self.layers) == 1 and self.dropout is None:
            return math.inf
        return (layer_at(t, self.thickness) + 1) * self.thickness

    def next_kink(self, t: float) -> float:
        """Return the time after t at which β begins or ceases to change, or ∞."""
        return self.ramp.next_kink(t)

    def layer(self, t: float) -> int:
        """Return the number of the layer at the time t; equal ones have one number."""
        number = layer_at(t, self.thickness)
        return number if self.dropout is not None else number % len(self.layers)

    def beta_factor(self, t: float) -> float:
        """Return what β is multiplied by at the time t."""
        return self.ramp.factor(t)

    def weights(self, layer: int) -> LayerWeights:
        """Return the matrices of a layer."""
        return self.layers[layer % len(self.layers)]

    def dropped(self, layer: int) -> DropoutMask | None:
        """Return the dropout mask of a layer, if there is dropout."""
        return None if self.dropout is None else self.dropout.mask(layer)
