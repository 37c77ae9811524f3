"""What all schemes share in which a norm stands before attention, not after it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.spaces import Space
from sim.spaces.unit import at_length_one

if TYPE_CHECKING:
    from sim.arrays import Array


@dataclass(frozen=True)
class Radial(Space):
    """R^d without 0: x = rθ; attention sees the directions θ only, and r is free."""

    bounded = False
    steered = True

    def nearest(self, x: Array) -> Array:
        return x

    def enter(self, x: Array) -> Array:
        return at_length_one(x)

    def sees(self, x: Array) -> Array:
        return at_length_one(x)

    def tangent(self, x: Array, v: Array) -> Array:
        return v
