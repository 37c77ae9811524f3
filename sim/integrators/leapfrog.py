"""Leapfrog (Störmer–Verlet): kick, drift, kick."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim.integrators import Flow, Integrator

if TYPE_CHECKING:
    from sim.spaces import Space
    from sim.state import State


@dataclass(frozen=True)
class Leapfrog(Integrator):
    """p ← p + ½h ṗ, x ← x + h ẋ, p ← p + ½h ṗ; on the sphere along geodesics  [1]_.

    Symplectic and reversible where ẋ depends on p alone: the energy then stays within
    O(h²) for ever.  Elsewhere a step is one of the explicit midpoint rule.

    References
    ----------
    .. [1] Hairer, Lubich, Wanner, "Geometric Numerical Integration", Sec. I.1.4.
    """

    kind: ClassVar[str] = "leapfrog"
    title: ClassVar[str] = "Leapfrog"
    order: ClassVar[int] = 2
    preserves: ClassVar[frozenset[str]] = frozenset({"split"})
    fixed_operations: ClassVar[bool] = True

    def step(self, flow: Flow, space: Space, s: State, h: float) -> State:
        split = flow.split
        if split is None:
            half = space.retract(s, h / 2, flow.tangent(s))
            return space.retract(s, h, flow.tangent(half))
        s = space.kick(s, split.kick(s, h / 2))
        s = space.exp(s, h, split.drift(s))
        return space.kick(s, split.kick(s, h / 2))
