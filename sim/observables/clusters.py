"""The number of clusters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim.observables import Observable

if TYPE_CHECKING:
    from sim.measure.probe import Probe


@dataclass(frozen=True)
class ClusterCount(Observable):
    """Number of connected components of tokens whose cosine exceeds 0.999."""

    kind: ClassVar[str] = "clusters"
    label: ClassVar[str] = "Clusters"
    formula: ClassVar[str] = "components of cos > 0.999"
    is_count: ClassVar[bool] = True

    def measure(self, probe: Probe) -> float:
        return float(probe.cluster_count)
