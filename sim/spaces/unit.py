"""What all spheres of unit tokens share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.arrays import dot, namespace, norm, scaled, unit
from sim.spaces import Space, later
from sim.state import State
from sim.sums.rows import rowwise

if TYPE_CHECKING:
    from sim.arrays import Array
    from sim.state import Velocity


@dataclass(frozen=True)
class Unit(Space):
    """S^{d-1}: every token has length 1; members differ in speed only."""

    steered = True

    def nearest(self, x: Array) -> Array:
        return at_length_one(x)

    def tangent(self, x: Array, v: Array) -> Array:
        return across(x, v)

    def move(self, s: State, h: float, v: Velocity) -> State:
        return State(s.t + h, carried(s.x, h, v.x), later(s.p, h, v.p))


at_length_one = rowwise(unit)


@rowwise
def carried(x: Array, h: float, v: Array) -> Array:
    """Return the unit vectors along x + hv: (..., d)."""
    return unit(x + h * v)


@rowwise
def across(x: Array, v: Array) -> Array:
    """Return v − ⟨x,v⟩x, the part of `v` at right angles to unit vectors `x`."""
    return v - scaled(x, dot(x, v))


def direction(v: Array) -> Array:
    """Return every row of `v` at length 1, and 0 where it is 0: (..., n, d)."""
    size = norm(v)
    return v / namespace(v).where(size == 0, 1 + size, size)
