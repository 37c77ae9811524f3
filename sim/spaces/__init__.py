"""The surfaces that layer normalisation keeps tokens on."""

from __future__ import annotations

import abc
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim.arrays import dot, namespace, norm, scaled, unit
from sim.jit.rowwise import rowwise
from sim.settings.plugins import Plugin
from sim.state import State, Velocity

if TYPE_CHECKING:
    from sim.arrays import Array


@rowwise
def ahead(x: Array, h: float, v: Array) -> Array:
    """Return x + hv, where `x` is after a time `h` at velocity `v`: (..., d)."""
    return x + h * v


def later(p: Array, h: float, dp: Array) -> Array:
    """Return p + h dp; laws of first order have no momenta."""
    return ahead(p, h, dp) if p.shape[-2] else p


@dataclass(frozen=True)
class Space(Plugin, abc.ABC, package=__name__):
    """A submanifold of R^d on which every token lives."""

    bounded: ClassVar[bool] = True
    """Whether every token has length 1."""

    free: ClassVar[bool] = False
    """Whether it is all of R^d, and tokens move as the law says."""

    steered: ClassVar[bool] = False
    """Whether tokens turn along P A at some positive speed, A being the law's field."""

    still: ClassVar[bool] = False
    """Whether tokens are known to be treated alike at every time."""

    @abc.abstractmethod
    def nearest(self, x: Array) -> Array:
        """Return the closest point of the space to each row of `x`: (..., n, d)."""

    def enter(self, x: Array) -> Array:
        """Return where tokens placed at `x` begin: (..., n, d)."""
        return self.nearest(x)

    def sees(self, x: Array) -> Array:
        """Return the tokens as the law sees them: normalised, where a norm is ahead."""
        return x

    def seen(self, s: State) -> State:
        """Return `s` as the law sees it: `s` itself where that is the same."""
        x = self.sees(s.x)
        return s if x is s.x else State(s.t, x, s.p)

    @abc.abstractmethod
    def tangent(self, x: Array, v: Array) -> Array:
        """Project each row of `v` on the tangent space at the same row of `x`."""

    def land(self, s: State) -> State:
        """Bring `s`, a little way off, back to the space."""
        return State(s.t, self.nearest(s.x), s.p)

    def project(self, s: State, v: Velocity) -> Velocity:
        """Return how `s` moves where the law's field is `v`; momenta are free.

        Tangent to the space; normalisation schemes regulate the speed besides.
        """
        return Velocity(self.tangent(s.x, v.x), v.p)

    def move(self, s: State, h: float, v: Velocity) -> State:
        """Travel from `s` for a time `h` at velocity `v`, and land on the space."""
        return self.land(State(s.t + h, ahead(s.x, h, v.x), later(s.p, h, v.p)))

    def glide(self, s: State, h: float, v: Array) -> State:
        """Let tokens travel for a time `h` at velocity `v`; momenta go along."""
        return self.land(State(s.t + h, ahead(s.x, h, v), s.p))

    def push(self, s: State, dp: Array) -> State:
        """Add `dp` to the momenta."""
        return State(s.t, s.x, s.p + dp)

    def bundle(self) -> Space:
        """Return the space of tokens with momenta tangent to this one."""
        return Bundle(self) if self.bounded else self


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
