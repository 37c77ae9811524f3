"""Euler's method along the space."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim.integrators import Flow, Integrator

if TYPE_CHECKING:
    from sim.spaces import Space
    from sim.state import State


@dataclass(frozen=True)
class Euler(Integrator):
    """x ← N(x + h f(x)), with f tangent to the space."""

    kind: ClassVar[str] = "euler"
    title: ClassVar[str] = "Euler"
    order: ClassVar[int] = 1
    fixed_operations: ClassVar[bool] = True

    def step(self, flow: Flow, space: Space, s: State, h: float) -> State:
        whole = flow.stepped(space, s, h) if space.euclidean else None
        return space.retract(s, h, flow.tangent(s)) if whole is None else whole
