"""Attention of a trained transformer, half layer by half layer."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

from sim.arrays import namespace
from sim.attention.base import Attention
from sim.masks.full import Full
from sim.models.half_layers import AttentionHalf
from sim.models.untrained import on_host

if TYPE_CHECKING:
    from sim.arrays import Array
    from sim.models.half_layers import HalfLayer

SAME = 1e-9  # of a time: a step that ends at an integer may miss it by rounding
SHOWN_ENTRIES = 1024  # heads · d: above, D and V·O are not made


@dataclass(frozen=True, slots=True)
class TrainedAttention(Attention):
    """The attention of the layer that tokens are in, or of the next in an MLP.

    Attributes
    ----------
    halves : tuple of HalfLayer
        Those of the model, attention and MLP in turn.
    start, place : int
        The half layer at the time 0, and the present one; ``len(halves)`` at the end.
    """

    halves: tuple[HalfLayer, ...] = ()
    start: int = 0
    place: int = 0

    has_beta: ClassVar[bool] = False

    @classmethod
    def through(cls, halves: tuple[HalfLayer, ...], start: int, like: Array) -> Self:
        """Return the attention at the time 0 for tokens like `like`: (..., n, d)."""
        none = namespace(like).zeros((1, 1, 1), dtype=like.dtype)
        plain = cls(1.0, None, None, none, Full().bind(like), None)
        first = replace(plain, halves=halves, start=start, place=start)
        return first.with_matrices(like)

    def with_matrices(self, like: Array) -> Self:
        """Return it with D and V·O of its heads, where they are small, else zeros."""
        xp, half, d = namespace(like), self.half, like.shape[-1]
        if half.heads * d > SHOWN_ENTRIES:
            nothing = np.broadcast_to(np.zeros(1, like.dtype), (half.heads, d, d))
            return replace(self, value=nothing)
        q, k, v = (
            xp.asarray(np.stack([np.asarray(m).T for m in one]), dtype=like.dtype)
            for one in zip(*map(half.head, range(half.heads)), strict=True)
        )
        return replace(self, query=q, key=k, value=v)

    @property
    def half(self) -> AttentionHalf:
        """The attention that is shown."""
        here = self.halves[self.place :]
        found = next((h for h in here if isinstance(h, AttentionHalf)), None)
        if found is None:
            found = next(h for h in self.halves[::-1] if isinstance(h, AttentionHalf))
        return found

    @property
    def head_count(self) -> int:
        return self.half.heads

    def at(self, t: float) -> Self:
        place = min(self.start + max(0, math.floor(t + SAME)), len(self.halves))
        return self if place == self.place else self._at_place(place)

    def _at_place(self, place: int) -> Self:
        def moved(key: tuple[int, float]) -> Self:
            there = replace(self, place=key[0])
            return there if there.half is self.half else there.with_matrices(self.value)

        return self.by_layer.get((place, 0.0), moved)

    def next_jump(self, t: float) -> float:
        ahead = math.floor(t + SAME) + 1
        return float(ahead) if self.start + ahead <= len(self.halves) else math.inf

    def next_kink(self, t: float) -> float:
        return math.inf

    def map(self, x: Array) -> Array:
        """Return tokens after the half layer that they are in: (..., n, d)."""
        if self.place >= len(self.halves):
            return x
        return on_host(self.halves[self.place].apply, x)

    def velocity(self, x: Array) -> Array:
        return self.map(x) - x

    def undropped_weights(self, x: Array, rows: Array) -> Array:
        xp = namespace(x)
        return xp.take(on_host(self._weights, x), rows, axis=-2)

    def entropy(self, x: Array) -> Array | None:
        def entropies(host: Any) -> Any:
            p = self._weights(host)
            terms = p * np.log(np.where(p > 0, p, 1))
            return -terms.sum(-1, keepdims=True)

        return on_host(entropies, x)

    def attention_output(self, x: Array) -> Array:
        """Return what each head adds: (..., n, d) -> (..., h, n, d)."""

        def parts(host: Any) -> Any:
            half, z = self.half, self.half.input(host)
            return half.parts(half.head_outputs(z, half.weights(z)))

        return on_host(parts, x)

    def head_updates(self, y: Array) -> Array:
        return y

    def _weights(self, host: Any) -> Any:
        half = self.half
        return half.weights(half.input(host))
