"""The mean of the tokens, each with the weight of its node."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim.observables import Observable

if TYPE_CHECKING:
    from sim.measure.probe import Probe


@dataclass(frozen=True)
class NodeMean(Observable):
    """Length of the weighted mean of the tokens, which brackets conserve."""

    kind: ClassVar[str] = "node_mean"
    label: ClassVar[str] = "Node mean"
    formula: ClassVar[str] = "|Σ aᵢqᵢ| / Σ aᵢ"

    def measure(self, probe: Probe) -> float:
        return probe.law_measure("node_mean")
