"""Integrators: one-step methods for a flow on a space.

May import spaces and `sim.numerics`, and what is below them; never a law of motion.
"""

from __future__ import annotations

import abc
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim.settings.plugins import Plugin
from sim.state import Velocity

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.arrays import Array
    from sim.expressions.expression import Expression
    from sim.numerics.linear_flow import LinearFlow
    from sim.spaces import Space
    from sim.state import Split, State


def no_noise(s: State) -> Array:
    """Return zeros, the noise of a law without noise: (..., n, d)."""
    return 0 * s.x


def on_both_parts(formula: Callable[..., Array], *given: Velocity | float) -> Velocity:
    """Return `formula` of the token parts and of the momentum parts of velocities."""
    x, p = (
        [getattr(v, part) if isinstance(v, Velocity) else v for v in given]
        for part in ("x", "p")
    )
    return Velocity(formula(*x), formula(*p))


@dataclass(frozen=True, slots=True)
class Flow:
    """A vector field on a space.

    Attributes
    ----------
    ambient : State -> Velocity
        The field as the law gives it, in R^d.
    tangent : State -> Velocity
        The field along the space: what the differential equation says.
    linear : LinearFlow, optional
        The field as matrices, where it is linear.
    split : Split, optional
        The field in two parts, where it splits.
    whole_step : State -> State, optional
        A step h = 1 as the law has it.
    noise : State -> Array, shape (..., n, d)
        Independent standard normal numbers for every time, the same for every run of a
        batch; zeros by default.
    """

    ambient: Callable[[State], Velocity]
    tangent: Callable[[State], Velocity]
    linear: LinearFlow | None = None
    split: Split | None = None
    noise: Callable[[State], Array] = no_noise
    whole_step: Callable[[State], State] | None = None

    def stepped(self, space: Space, s: State, h: float) -> State | None:
        """Return the law's own step of h = 1 on `space`; None where it has none."""
        if h != 1 or self.whole_step is None:
            return None
        return space.return_to_space(self.whole_step(s))


@dataclass(frozen=True)
class Integrator(Plugin, abc.ABC, package=__name__):
    """A one-step method."""

    order: ClassVar[int]
    """Order of accuracy, which the tests measure."""

    preserves: ClassVar[frozenset[str]] = frozenset()
    """What it preserves, exactly or nearly for ever; see `sim.law.Structure`."""

    beyond_equation: ClassVar[str] = ""
    """What a run has that the differential equation lacks, such as noise."""

    discrete: ClassVar[bool] = False
    """Whether a step is a layer: frames then show every layer without interpolation."""

    fixed_operations: ClassVar[bool] = False
    """Whether every step runs the same operations, without draws and branches."""

    @property
    def random(self) -> bool:
        """Whether tokens have noise, so that the law describes their drift alone."""
        return False

    def noise_formula(self, projected: Expression) -> Expression | None:
        """Return the term of noise, given tangent white noise; None without noise."""
        return None

    @abc.abstractmethod
    def step(self, flow: Flow, space: Space, s: State, h: float) -> State:
        """Advance `s` by a time `h` along `flow`, staying on `space`."""
