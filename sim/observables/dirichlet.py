"""How rough tokens are along a graph."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim.observables import Observable

if TYPE_CHECKING:
    from sim.measure.probe import Probe


@dataclass(frozen=True)
class Dirichlet(Observable):
    """½ Σ wₑ|xᵢ − xⱼ|² over the edges of the law's graph: 0 once all is smooth."""

    kind: ClassVar[str] = "dirichlet"
    label: ClassVar[str] = "Dirichlet energy"
    formula: ClassVar[str] = "½ Σ wₑ|xᵢ − xⱼ|² over the edges"

    def measure(self, probe: Probe) -> float:
        return probe.law_measure("dirichlet")
