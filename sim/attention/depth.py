"""What changes with depth: matrices layer by layer, dropout, and β."""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Annotated, TypeVar

from sim.arrays import namespace
from sim.ramps import Ramp
from sim.ramps.none import NoRamp
from sim.settings.knobs import Knob, Settings
from sim.weights.identity import Identity

if TYPE_CHECKING:
    from sim.arrays import Array
    from sim.attention.base import Attention
    from sim.attention.heads import Heads
    from sim.mlps import Block
    from sim.seed import Seed

    Some = TypeVar("Some", bound=Attention)

PAIRS = 4096**2  # that dropout draws a number for; a layer's mask then takes 16 MiB
SAME = 8 * sys.float_info.epsilon  # of a depth: closer times are the same
KEPT = 2  # layers and masks remembered: of this layer and of the one before


@dataclass(frozen=True)
class Depth(Settings):
    """Layers of attention, dropout, and a β that changes."""

    layers: Annotated[
        int,
        Knob(
            "layers",
            1,
            64,
            scale="log",
            help="Layers with matrices of their own, taken in turn and then again from "
            "the first; 1 shares one layer at every depth.",
        ),
    ] = 1
    thickness: Annotated[
        float,
        Knob(
            "thickness",
            1e-3,
            1000,
            scale="log",
            help="Time that a layer lasts, for its own matrices and for dropout; best "
            "a multiple of the step h.  Thicker layers drive tokens longer each.",
        ),
    ] = 1.0
    dropout: Annotated[
        float,
        Knob(
            "dropout",
            0,
            0.9,
            help="Share q of attention weights that every layer sets to 0 by chance; "
            "the others grow by 1/(1 − q), so that the mean stays.  More is noisier.",
        ),
    ] = 0.0
    ramp: Ramp = field(default_factory=NoRamp)

    def idle(self) -> frozenset[str]:
        alike = self.layers == 1 and not self.dropout
        return frozenset({"thickness"}) if alike else frozenset()

    @property
    def still(self) -> bool:
        """Whether the law is the same at every depth."""
        return self.layers == 1 and not self.dropout and self.ramp.still


@dataclass(frozen=True, slots=True)
class Layer:
    """The matrices of one layer, as `Attention` has them."""

    query: Array | None
    key: Array | None
    value: Array
    block: Block | None


def layered(heads: Heads, like: Array, seed: Seed) -> tuple[Layer, ...]:
    """Draw the matrices of every layer, and put them beside `like`: (..., n, d)."""
    xp, h, count = namespace(like), heads.count, heads.depth.layers
    q, k, v = (
        xp.asarray(m, dtype=like.dtype, copy=True)
        for m in heads.draw(like.shape[-1], seed)
    )
    blocks = heads.mlp.bind(count, h, like, seed)
    parts = [slice(i * h, (i + 1) * h) for i in range(count)]
    free_q, free_k = (m == Identity() for m in (heads.query, heads.key))
    return tuple(
        Layer(
            None if free_q else q[part, :, :],
            None if free_k else k[part, :, :],
            v[part, :, :],
            block,
        )
        for part, block in zip(parts, blocks, strict=True)
    )


@dataclass(frozen=True, slots=True)
class Thinning:
    """One layer's dropout.

    Attributes
    ----------
    kept : bool Array, shape (h, n, m)
        Which weights stay.
    rate : float
        The probability q of the others.
    """

    kept: Array
    rate: float

    def thinned(self, p: Array, which: Array) -> Array:
        """Return p_ij b_ij/(1 − q), rows `which` of it: (..., h or 1, r, m)."""
        xp = namespace(p)
        kept = xp.astype(xp.take(self.kept, which, axis=-2), p.dtype)
        return p * kept / (1 - self.rate)


class Dropout:
    """Draws a mask for every layer, whatever was asked for before.

    Parameters
    ----------
    rate : float
        The probability q that a weight is dropped.
    shape : tuple of int
        h, n and m: heads, tokens, and those that they attend to.
    like : Array
        Where masks are to be.

    Raises
    ------
    ValueError
        If there are too many pairs for it.
    """

    def __init__(
        self, rate: float, shape: tuple[int, int, int], like: Array, seed: Seed
    ) -> None:
        if math.prod(shape) > PAIRS:
            raise ValueError(
                "dropout draws a number for every pair of tokens and head, at most "
                f"{PAIRS:,} a layer; got {' × '.join(map(str, shape))}. Lower n or the "
                "number of heads, or set dropout to 0."
            )
        self.rate, self._shape, self._like, self._seed = rate, shape, like, seed
        self._drawn: dict[int, Thinning] = {}

    def layer(self, number: int) -> Thinning:
        """Return the mask of a layer, one of the last two or drawn again."""
        if number not in self._drawn:
            if len(self._drawn) == KEPT:
                del self._drawn[next(iter(self._drawn))]
            self._drawn[number] = self._draw(number)
        return self._drawn[number]

    def _draw(self, number: int) -> Thinning:
        drawn = self._seed.rng_at("dropout", float(number)).random(self._shape)
        xp = namespace(self._like)
        return Thinning(xp.asarray(drawn >= self.rate), self.rate)


@dataclass(frozen=True, slots=True)
class Course:
    """What attention is at every depth.

    Attributes
    ----------
    layers : tuple of Layer
        Taken in turn.
    thickness : float
        Time that one lasts.
    ramp : Ramp
        What β is multiplied by.
    dropout : Dropout, optional
        Draws masks.
    """

    layers: tuple[Layer, ...]
    thickness: float
    ramp: Ramp
    dropout: Dropout | None

    @classmethod
    def of(
        cls,
        heads: Heads,
        layers: tuple[Layer, ...],
        pairs: tuple[int, int],
        like: Array,
        seed: Seed,
    ) -> Course | None:
        """Return the course of `heads` among n × m pairs; None where all stands still.

        Raises
        ------
        ValueError
            If there are too many pairs for dropout.
        """
        depth, dropout = heads.depth, None
        if depth.still:
            return None
        if depth.dropout:
            dropout = Dropout(depth.dropout, (heads.count, *pairs), like, seed)
        return cls(layers, depth.thickness, depth.ramp, dropout)

    @property
    def jumps(self) -> bool:
        """Whether layers differ."""
        return len(self.layers) > 1 or self.dropout is not None

    def at(self, a: Some, t: float) -> Some:
        """Return the attention `a` as it is at the depth t: the same for one layer.

        So velocity, energy and entropy find the sums that one of them has made.
        """
        number = layer_at(t, self.thickness)
        beta = a.beta * self.ramp.factor(t) if a.tempered else a.beta
        if self.dropout is None:
            number %= len(self.layers)
        if (number, beta) not in a.known:
            if len(a.known) == KEPT:
                del a.known[next(iter(a.known))]
            a.known[number, beta] = self._at(a, number, beta)
        return a.known[number, beta]

    def _at(self, a: Some, number: int, beta: float) -> Some:
        here = self.layers[number % len(self.layers)]
        return replace(
            a,
            beta=beta,
            query=here.query,
            key=here.key,
            value=here.value,
            block=here.block,
            dropped=None if self.dropout is None else self.dropout.layer(number),
            course=None,
        )


def layer_at(t: float, thickness: float) -> int:
    """Return the number of the layer at the time t, from 0.

    A layer begins where its number times the thickness is t but for rounding.
    """
    depth = t / thickness
    near = round(depth)
    return near if abs(depth - near) <= SAME * abs(depth) else math.floor(depth)


def just_before(t: float) -> float:
    """Return a time that is still in the layer which ends at t."""
    return t - 8 * SAME * abs(t)
