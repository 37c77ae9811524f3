"""The centred sphere: layer normalisation as transformers have it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim.arrays import dot, mean_along, scaled, unit
from sim.jit.rowwise import rowwise
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
        return normalised(x)

    def tangent(self, x: Array, v: Array) -> Array:
        return across(x, v)


@rowwise
def normalised(x: Array) -> Array:
    """Return the rows of `x` without their means, at length 1: (..., d)."""
    return unit(x - mean_along(x))


@rowwise
def across(x: Array, v: Array) -> Array:
    """Return what of `v` is at right angles to centred unit vectors `x` and to 1."""
    w = v - mean_along(v)
    return w - scaled(x, dot(x, w))
