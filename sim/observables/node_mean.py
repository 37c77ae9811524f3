"""The mean of the tokens, each with the weight of its node."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim.observables import Observable, no_graph

if TYPE_CHECKING:
    from sim.dynamics import Dynamics
    from sim.measure.probe import Probe
    from sim.spaces import Space


@dataclass(frozen=True)
class NodeMean(Observable):
    """Length of the weighted mean of the tokens, which brackets conserve."""

    kind: ClassVar[str] = "node_mean"
    label: ClassVar[str] = "Node mean"
    formula: ClassVar[str] = "|Σ aᵢqᵢ| / Σ aᵢ"

    @classmethod
    def why_undefined(cls, law: Dynamics, space: Space, shape: tuple[int, int]) -> str:
        return no_graph(law)

    def measure(self, probe: Probe) -> float:
        return probe.law_measure("node_mean")
