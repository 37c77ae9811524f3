"""How rough tokens are along a graph."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim.observables import Observable, no_graph

if TYPE_CHECKING:
    from sim.dynamics import Dynamics
    from sim.measure.probe import Probe
    from sim.spaces import Space


@dataclass(frozen=True)
class Dirichlet(Observable):
    """½ Σ wₑ|xᵢ − xⱼ|² over the edges of the law's graph: 0 once all is smooth."""

    kind: ClassVar[str] = "dirichlet"
    label: ClassVar[str] = "Dirichlet energy"
    formula: ClassVar[str] = "½ Σ wₑ|xᵢ − xⱼ|² over the edges"

    @classmethod
    def why_undefined(cls, law: Dynamics, space: Space, shape: tuple[int, int]) -> str:
        return no_graph(law)

    def measure(self, probe: Probe) -> float:
        return probe.law_measure("dirichlet")
