"""The unit sphere: layer normalisation without centring."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim.arrays import dot, norm
from sim.spaces import Space

if TYPE_CHECKING:
    from sim.arrays import Array


@dataclass(frozen=True)
class Sphere(Space):
    """S^{d-1}: every token has length 1, as in RMSNorm with unit gain."""

    kind: ClassVar[str] = "sphere"
    title: ClassVar[str] = "Sphere (RMSNorm)"

    def nearest(self, x: Array) -> Array:
        return x / norm(x)

    def tangent(self, x: Array, v: Array) -> Array:
        return v - dot(x, v) * x
