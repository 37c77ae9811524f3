"""A transformer layer per step: residual, then layer norm."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim.integrators import Flow, Integrator

if TYPE_CHECKING:
    from sim.spaces import Space
    from sim.state import State


@dataclass(frozen=True)
class TransformerLayer(Integrator):
    """x ← N(x + h A(x)): the discrete layer, without projecting A  [1]_.

    Of order 1 as a solver of the differential equation: its rate towards consensus is
    ln(1 + h)/h instead of 1.

    References
    ----------
    .. [1] Geshkovski, Letrouit, Polyanskiy, Rigollet, arXiv:2312.10794, sec. 2.
    """

    kind: ClassVar[str] = "layer"
    title: ClassVar[str] = "Transformer layer"
    beyond_equation: ClassVar[str] = "layers"
    short_title: ClassVar[str] = "layers"
    order: ClassVar[int] = 1
    discrete: ClassVar[bool] = True
    fixed_operations: ClassVar[bool] = True

    def step(self, flow: Flow, space: Space, s: State, h: float) -> State:
        whole = flow.stepped(space, s, h)
        return space.retract(s, h, flow.ambient(s)) if whole is None else whole
