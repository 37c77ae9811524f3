"""The exact solution, where the law is linear."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim.integrators import Flow, Integrator
from sim.integrators.rk4 import RK4

if TYPE_CHECKING:
    from sim.spaces import Space
    from sim.state import State


@dataclass(frozen=True)
class Exact(Integrator):
    """x ← e^{hK} x for graph laws with frozen weights in R^d; elsewhere Runge–Kutta 4.

    Up to 1024 nodes and edges the matrix is made once; above, its Taylor series acts
    on the state  [1]_.

    References
    ----------
    .. [1] Al-Mohy, Higham, "Computing the action of the matrix exponential", SIAM J.
           Sci. Comput. 33 (2011).
    """

    kind: ClassVar[str] = "exact"
    title: ClassVar[str] = "Exact (where linear)"
    short_title: ClassVar[str] = "exact"
    order: ClassVar[int] = 4
    preserves: ClassVar[frozenset[str]] = frozenset({"linear"})

    def step(self, flow: Flow, space: Space, s: State, h: float) -> State:
        if flow.linear is None:
            return RK4().step(flow, space, s, h)
        return flow.linear.flow(s, h)
