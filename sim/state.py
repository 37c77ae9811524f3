"""The state of a simulation, and its velocity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.arrays import namespace

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.arrays import Array


@dataclass(frozen=True, slots=True)
class State:
    """A configuration of tokens at one time.

    Attributes
    ----------
    t : float
        Time, which corresponds to depth in a transformer.
    x : Array, shape (..., n, d)
        Tokens, one per row; leading axes are runs of a batch.
    p : Array, shape (..., m, d)
        Momenta of edges, or of tokens with m = n; m = 0 for a law of first order.
    """

    t: float
    x: Array
    p: Array


@dataclass(frozen=True, slots=True)
class Velocity:
    """The time derivative of a `State`; the same shapes."""

    x: Array
    p: Array

    def __add__(self, other: Velocity) -> Velocity:
        return Velocity(self.x + other.x, self.p + other.p)

    def __rmul__(self, scale: float) -> Velocity:
        return Velocity(scale * self.x, scale * self.p)


@dataclass(frozen=True, slots=True)
class Split:
    """A velocity in two parts: ẋ depends on p alone, ṗ on x and p.

    Attributes
    ----------
    drift : State -> Array, shape (..., n, d)
        ẋ, a function of p alone.
    kick : (State, float) -> Array, shape of p
        The change of p in a given time at fixed x.
    """

    drift: Callable[[State], Array]
    kick: Callable[[State, float], Array]


def is_finite(state: State) -> bool:
    """Whether no coordinate of `state` is infinite or NaN."""
    xp = namespace(state.x)
    return bool(xp.all(xp.isfinite(state.x)))


def require_finite(state: State, step: float) -> None:
    """Raise an error if a coordinate of `state` is infinite or NaN.

    `step` is what its message says to lower.

    Raises
    ------
    FloatingPointError
        If there is one; says what to do.
    """
    if not is_finite(state):
        raise FloatingPointError(
            f"token coordinates became infinite or NaN at t = {state.t:.6g}. Lower the "
            f"step h = {step:g}, choose a bounded space, or lower the weights."
        )
