"""Laws of motion."""

from __future__ import annotations

import abc
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim.law import Ends
from sim.settings.plugins import Plugin

if TYPE_CHECKING:
    from sim.arrays import Array
    from sim.field import Field
    from sim.law import Law, Structure, Symmetry
    from sim.seed import Seed
    from sim.spaces import Space

ANY: frozenset[Structure] = frozenset()


@dataclass(frozen=True)
class Dynamics(Plugin, abc.ABC, package=__name__):
    """Settings of a law of motion."""

    energy_name: ClassVar[str] = "F̂(μ)"
    """How the law's energy is called on the plot."""

    energy_help: ClassVar[str] = "F̂ = (1/n²) Σ exp(β(⟨xᵢ,xⱼ⟩ − 1))"
    """The energy's formula, with its normalisation."""

    ends: ClassVar[Ends | None] = None
    """Where one setting leads from conserving the energy to dissipating it."""

    curves: ClassVar[tuple[str, ...]] = ("energy", "clusters", "order")
    """The kinds of the observables that show most of what the law does."""

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

    def keepers(self, space: Space) -> frozenset[Structure]:
        """Return what an integrator must keep, one of them, to keep the promise.

        Nothing if every integrator does when its steps are small.
        """
        return ANY

    def symmetries(self) -> frozenset[Symmetry]:
        """Return what may be done to all tokens alike, so that velocities follow.

        Momenta of edges are turned and mirrored with the tokens.
        """
        return frozenset({"turn", "mirror", "order"})

    def rate(self) -> str:
        """Return what dE/dt is by the law, in a line; empty where it has no formula."""
        return ""

    def shape(self, n: int, d: int) -> tuple[int, int]:
        """Return the (n, d) that the law brings with it, if it does."""
        return n, d

    @abc.abstractmethod
    def formula(self) -> str:
        """Return the equation of motion in LaTeX."""
