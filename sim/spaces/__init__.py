"""Spaces: the submanifolds of R^d that layer normalisation keeps tokens on.

A member projects points and vectors; retraction, exponential map and the tangent bundle
follow from that unless a space has its own.

May import `sim.sums`, `sim.jit`, `sim.state` and what is below them.
"""

from __future__ import annotations

import abc
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim.arrays import dot, namespace, norm, scaled, unit
from sim.expressions.functions import unit as unit_formula
from sim.expressions.tangent import normalised, projected
from sim.expressions.tokens import Tokens
from sim.jit.rowwise import rowwise
from sim.settings.plugins import Plugin
from sim.state import State, Velocity

if TYPE_CHECKING:
    from sim.arrays import Array
    from sim.expressions.expression import Expression


@rowwise
def moved_along(x: Array, h: float, v: Array) -> Array:
    """Return x + hv, the straight line from `x` at velocity `v`: (..., d)."""
    return x + h * v


def moved_momenta(p: Array, h: float, dp: Array) -> Array:
    """Return p + h dp: (..., m, d); laws of first order have no momenta, m = 0."""
    return moved_along(p, h, dp) if p.shape[-2] else p


@dataclass(frozen=True)
class Space(Plugin, abc.ABC, package=__name__):
    """A submanifold of R^d on which every token lives."""

    bounded: ClassVar[bool] = True
    """Whether every token has length 1."""

    euclidean: ClassVar[bool] = False
    """Whether it is all of R^d, and the velocity is the law's field."""

    follows_field: ClassVar[bool] = False
    """Whether directions move along P A, A the law's field, at some positive speed."""

    autonomous: ClassVar[bool] = False
    """Whether it is known not to depend on time."""

    def at(self, t: float) -> Space:
        """Return the space in force at the time `t`: itself, unless it changes."""
        return self

    def next_jump(self, t: float) -> float:
        """Return the time after `t` at which another space is in force, or ∞."""
        return math.inf

    @abc.abstractmethod
    def project_point(self, x: Array) -> Array:
        """Return the closest point of the space to each row of `x`: (..., n, d)."""

    def initial_point(self, x: Array) -> Array:
        """Return the start of tokens placed at `x`: (..., n, d)."""
        return self.project_point(x)

    def normalised(self, x: Array) -> Array:
        """Return the law's input: x, or its directions with a pre-norm: (..., n, d)."""
        return x

    def normalised_state(self, s: State) -> State:
        """Return `s` with the law's input as its tokens; `s` itself where equal."""
        x = self.normalised(s.x)
        return s if x is s.x else State(s.t, x, s.p)

    @abc.abstractmethod
    def project_tangent(self, x: Array, v: Array) -> Array:
        """Project each row of `v` on the tangent space at that of `x`: (..., n, d)."""

    def input_formula(self, x: Tokens) -> Tokens:
        """Return the tokens that the law reads: x, or their directions."""
        return x

    @abc.abstractmethod
    def projection_formula(self, x: Expression, v: Expression) -> Expression:
        """Return `project_tangent` of one token x and a vector v."""

    def velocity_formula(self, x: Expression, a: Expression) -> Expression:
        """Return `project_velocity` of one token x where the law's field is a."""
        return self.projection_formula(x, a)

    @abc.abstractmethod
    def layer_formula(self, y: Expression) -> Expression:
        """Return `return_to_space` of one token y."""

    def return_to_space(self, s: State) -> State:
        """Project `s`, which is near the space, back to it."""
        return State(s.t, self.project_point(s.x), s.p)

    def project_velocity(self, s: State, v: Velocity) -> Velocity:
        """Return the velocity at `s` where the law's field is `v`.

        Tokens move tangentially to the space, at a speed that depends on the scheme of
        normalisation; momenta are not constrained.
        """
        return Velocity(self.project_tangent(s.x, v.x), v.p)

    def retract(self, s: State, h: float, v: Velocity) -> State:
        """Return the point of the space near s + hv: a retraction."""
        x, p = moved_along(s.x, h, v.x), moved_momenta(s.p, h, v.p)
        return self.return_to_space(State(s.t + h, x, p))

    def exp(self, s: State, h: float, v: Array) -> State:
        """Move tokens for a time `h` along the geodesics of velocity `v`: (..., n, d).

        Momenta are transported with them.
        """
        return self.return_to_space(State(s.t + h, moved_along(s.x, h, v), s.p))

    def kick(self, s: State, dp: Array) -> State:
        """Add `dp` to the momenta: (..., m, d)."""
        return State(s.t, s.x, s.p + dp)

    def tangent_bundle(self) -> Space:
        """Return the space of tokens with momenta that are tangent to this space."""
        return TangentBundle(self) if self.bounded else self


@dataclass(frozen=True)
class UnitSphere(Space):
    """S^{d-1}: every token has length 1; subclasses differ in speed only."""

    follows_field = True

    def project_point(self, x: Array) -> Array:
        return unit_rows(x)

    def project_tangent(self, x: Array, v: Array) -> Array:
        return tangent_part(x, v)

    def retract(self, s: State, h: float, v: Velocity) -> State:
        return State(s.t + h, unit_along(s.x, h, v.x), moved_momenta(s.p, h, v.p))

    def projection_formula(self, x: Expression, v: Expression) -> Expression:
        return projected(x, v)

    def layer_formula(self, y: Expression) -> Expression:
        return normalised(y)


unit_rows = rowwise(unit)


@rowwise
def unit_along(x: Array, h: float, v: Array) -> Array:
    """Return the unit vectors along x + hv: (..., d)."""
    return unit(x + h * v)


@rowwise
def tangent_part(x: Array, v: Array) -> Array:
    """Return v − ⟨x,v⟩x, the part of `v` orthogonal to unit vectors `x`: (..., d)."""
    return v - scaled(x, dot(x, v))


def unit_or_zero(v: Array) -> Array:
    """Return every row of `v` at length 1, or 0 where it is 0: (..., n, d)."""
    size = norm(v)
    return v / namespace(v).where(size == 0, 1 + size, size)


@dataclass(frozen=True)
class Radial(Space):
    """R^d without 0: x = rθ; attention depends on the directions θ alone."""

    bounded = False
    follows_field = True

    def project_point(self, x: Array) -> Array:
        return x

    def initial_point(self, x: Array) -> Array:
        return unit_rows(x)

    def normalised(self, x: Array) -> Array:
        return unit_rows(x)

    def project_tangent(self, x: Array, v: Array) -> Array:
        return v

    def input_formula(self, x: Tokens) -> Tokens:
        return Tokens(r"\theta", "theta", source=x, change=unit_formula)

    def projection_formula(self, x: Expression, v: Expression) -> Expression:
        return v

    def layer_formula(self, y: Expression) -> Expression:
        return y


@dataclass(frozen=True)
class TangentBundle(Space):
    """The tangent bundle of a sphere: tokens x, and momenta p of them with ⟨x,p⟩ = 0.

    Free motion is along great circles, ẍ = −|ẋ|²x; here every space of tokens of
    length 1 is a great sphere of S^{d-1}, whose geodesics these are.
    """

    base: Space

    def project_point(self, x: Array) -> Array:
        return self.base.project_point(x)

    def project_tangent(self, x: Array, v: Array) -> Array:
        return self.base.project_tangent(x, v)

    def projection_formula(self, x: Expression, v: Expression) -> Expression:
        return self.base.projection_formula(x, v)

    def layer_formula(self, y: Expression) -> Expression:
        return self.base.layer_formula(y)

    def return_to_space(self, s: State) -> State:
        x = self.project_point(s.x)
        return State(s.t, x, self.project_tangent(x, s.p))

    def project_velocity(self, s: State, v: Velocity) -> Velocity:
        """Make the token part tangent, and turn momenta with the tangent space."""
        along = self.project_tangent(s.x, v.x)
        return Velocity(along, self.project_tangent(s.x, v.p) - dot(along, s.p) * s.x)

    def exp(self, s: State, h: float, v: Array) -> State:
        """Move along the geodesics of velocity `v`, with parallel transport of p."""
        along = h * self.project_tangent(s.x, v)
        xp, angle = namespace(along), norm(along)
        u = along / xp.where(angle > 0, angle, xp.ones_like(angle))
        c, t = xp.cos(angle), xp.sin(angle)
        x, turned = c * s.x + t * u, (c - 1) * u - t * s.x
        return self.return_to_space(State(s.t + h, x, s.p + dot(u, s.p) * turned))

    def kick(self, s: State, dp: Array) -> State:
        """Add the tangent part of `dp` to the momenta."""
        return State(s.t, s.x, s.p + self.project_tangent(s.x, dp))
