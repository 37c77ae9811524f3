"""Spaces of tokens that have momenta."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.arrays import dot, namespace, norm
from sim.spaces import Space
from sim.state import State, Velocity

if TYPE_CHECKING:
    from sim.arrays import Array


@dataclass(frozen=True)
class Bundle(Space):
    """The tangent bundle of a sphere: tokens x, and momenta p of them with ⟨x,p⟩ = 0.

    Free motion is along great circles, ẍ = −|ẋ|²x; here every space of tokens of
    length 1 is a great sphere of S^{d-1}, so that it bends nowhere else.
    """

    base: Space

    def nearest(self, x: Array) -> Array:
        return self.base.nearest(x)

    def tangent(self, x: Array, v: Array) -> Array:
        return self.base.tangent(x, v)

    def land(self, s: State) -> State:
        x = self.nearest(s.x)
        return State(s.t, x, self.tangent(x, s.p))

    def project(self, s: State, v: Velocity) -> Velocity:
        """Make the token part tangent, and turn momenta with the tangent plane."""
        along = self.tangent(s.x, v.x)
        return Velocity(along, self.tangent(s.x, v.p) - dot(along, s.p) * s.x)

    def glide(self, s: State, h: float, v: Array) -> State:
        """Travel along the geodesics of velocity `v`, with momenta in parallel."""
        along = h * self.tangent(s.x, v)
        xp, angle = namespace(along), norm(along)
        u = along / xp.where(angle > 0, angle, xp.ones_like(angle))
        c, t = xp.cos(angle), xp.sin(angle)
        x, turned = c * s.x + t * u, (c - 1) * u - t * s.x
        return self.land(State(s.t + h, x, s.p + dot(u, s.p) * turned))

    def push(self, s: State, dp: Array) -> State:
        """Add the tangent part of `dp` to the momenta."""
        return State(s.t, s.x, s.p + self.tangent(s.x, dp))
