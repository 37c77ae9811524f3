"""Laws of motion."""

from __future__ import annotations

import abc
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from sim.plugins import Plugin

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.arrays import Array
    from sim.dynamics.attention import Attention
    from sim.graphs import Graph
    from sim.seed import Seed
    from sim.spaces import Space
    from sim.state import State, Velocity

Law = Literal["ascends", "descends", "conserves", "none"]


def stay(s: State) -> State:
    """Return `s`: the start of a law that needs nothing but tokens."""
    return s


@dataclass(frozen=True, slots=True)
class Field:
    """A law of motion bound to a number of tokens, a dimension and a device.

    Attributes
    ----------
    velocity : State -> Velocity
        The ambient velocity; the space makes it tangent, never the law.
    energy : State -> Array, shape (...)
        The functional that the law ascends, descends or conserves where it promises
        to, and the nearest relative of it elsewhere.
    attention : Attention, optional
        Who attends to whom, for laws that have it.
    graph : Graph, optional
        The edges that momenta live on, for laws that have them.
    start : State -> State
        Completes a state of tokens alone, such as with edge momenta.
    slope : State -> (Array, Array), shapes (..., n, d) and (..., n, d, d), optional
        The ambient velocity, and its derivative where a token without mass would move
        among the others: what the continuity equation is about.
    """

    velocity: Callable[[State], Velocity]
    energy: Callable[[State], Array]
    attention: Attention | None = None
    graph: Graph | None = None
    start: Callable[[State], State] = stay
    slope: Callable[[State], tuple[Array, Array]] | None = None


@dataclass(frozen=True)
class Dynamics(Plugin, abc.ABC, package=__name__):
    """Settings of a law of motion."""

    energy_name: ClassVar[str] = "F̂(μ)"
    """How the law's energy is called on the plot."""

    energy_help: ClassVar[str] = "F̂ = (1/n²) Σ exp(β(⟨xᵢ,xⱼ⟩ − 1))"
    """The energy's formula, with its normalisation."""

    @abc.abstractmethod
    def bind(self, like: Array, seed: Seed) -> Field:
        """Return the vector field for tokens shaped and placed as `like`: (..., n, d).

        Raises
        ------
        ValueError
            If the settings do not fit the tokens, such as a matrix of a wrong shape.
        """

    @abc.abstractmethod
    def law(self, space: Space) -> Law:
        """Say what the flow on `space` does to the energy; the tests hold it to it."""

    @abc.abstractmethod
    def formula(self) -> str:
        """Return the equation of motion in LaTeX."""
