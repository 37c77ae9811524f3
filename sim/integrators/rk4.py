"""The classical Runge–Kutta method, projected."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim.integrators import Flow, Integrator, on_both_parts
from sim.jit.rowwise import rowwise

if TYPE_CHECKING:
    from sim.arrays import Array
    from sim.spaces import Space
    from sim.state import State


@dataclass(frozen=True)
class RK4(Integrator):
    """Four stages, each retracted to the space; of order 4  [1]_.

    Retracting a stage is the same as extending the field radially, so that the ambient
    method keeps its order, also with the final projection.

    References
    ----------
    .. [1] Hairer, Lubich, Wanner, "Geometric Numerical Integration", Sec. IV.4.
    """

    kind: ClassVar[str] = "rk4"
    title: ClassVar[str] = "Runge–Kutta 4"
    short_title: ClassVar[str] = "RK4"
    order: ClassVar[int] = 4
    fixed_operations: ClassVar[bool] = True

    def step(self, flow: Flow, space: Space, s: State, h: float) -> State:
        f = flow.tangent
        k1 = f(s)
        k2 = f(space.retract(s, h / 2, k1))
        k3 = f(space.retract(s, h / 2, k2))
        k4 = f(space.retract(s, h, k3))
        return space.retract(s, h, on_both_parts(simpson, k1, k2, k3, k4))


@rowwise
def simpson(k1: Array, k2: Array, k3: Array, k4: Array) -> Array:
    """Return the mean of four slopes, the middle ones with weight two: (..., d)."""
    return (1 / 6) * (k1 + 2 * k2 + 2 * k3 + k4)
