"""What all spheres of unit tokens share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.arrays import dot, namespace, norm, scaled, unit
from sim.spaces import Space

if TYPE_CHECKING:
    from sim.arrays import Array


@dataclass(frozen=True)
class Unit(Space):
    """S^{d-1}: every token has length 1; members differ in speed only."""

    steered = True

    def nearest(self, x: Array) -> Array:
        return unit(x)

    def tangent(self, x: Array, v: Array) -> Array:
        return v - scaled(x, dot(x, v))


def direction(v: Array) -> Array:
    """Return every row of `v` at length 1, and 0 where it is 0: (..., n, d)."""
    size = norm(v)
    return v / namespace(v).where(size == 0, 1 + size, size)
