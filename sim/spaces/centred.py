"""The centred sphere: layer normalisation as transformers have it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim.arrays import dot, namespace, norm
from sim.spaces import Space

if TYPE_CHECKING:
    from sim.arrays import Array


@dataclass(frozen=True)
class Centred(Space):
    """Tokens of length 1 whose entries sum to 0: LayerNorm with mean removal.

    The great sphere S^{d-2} of S^{d-1} at right angles to (1, …, 1); d = 2 leaves only
    two points of it, so watch it from d = 3 on.
    """

    kind: ClassVar[str] = "centred"
    title: ClassVar[str] = "Centred (LayerNorm)"
    still: ClassVar[bool] = True

    def nearest(self, x: Array) -> Array:
        y = _centre(x)
        return y / norm(y)

    def tangent(self, x: Array, v: Array) -> Array:
        w = _centre(v)
        return w - dot(x, w) * x


def _centre(x: Array) -> Array:
    return x - namespace(x).mean(x, axis=-1, keepdims=True)
