"""The surfaces that layer normalisation keeps tokens on."""

from __future__ import annotations

import abc
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim.plugins import Plugin
from sim.state import State, Velocity

if TYPE_CHECKING:
    from sim.arrays import Array


@dataclass(frozen=True)
class Space(Plugin, abc.ABC, package=__name__):
    """A submanifold of R^d on which every token lives."""

    bounded: ClassVar[bool] = True
    """Whether every token has length 1."""

    @abc.abstractmethod
    def nearest(self, x: Array) -> Array:
        """Return the closest point of the space to each row of `x`: (..., n, d)."""

    @abc.abstractmethod
    def tangent(self, x: Array, v: Array) -> Array:
        """Project each row of `v` on the tangent space at the same row of `x`."""

    def project(self, s: State, v: Velocity) -> Velocity:
        """Make the token part of `v` tangent at `s`; momenta are free already."""
        return Velocity(self.tangent(s.x, v.x), v.p)

    def move(self, s: State, h: float, v: Velocity) -> State:
        """Travel from `s` for a time `h` at velocity `v`, and land on the space."""
        return State(s.t + h, self.nearest(s.x + h * v.x), s.p + h * v.p)
