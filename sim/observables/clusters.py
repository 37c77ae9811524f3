"""The number of clusters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim.measure.clusters import cluster_rule
from sim.observables import Observable

if TYPE_CHECKING:
    from sim.measure.probe import Probe
    from sim.spaces import Space


@dataclass(frozen=True)
class ClusterCount(Observable):
    """Number of connected components of tokens closer than 0.0447.

    Of their directions if a norm precedes the law; on the sphere it is cos > 0.999.
    """

    kind: ClassVar[str] = "clusters"
    label: ClassVar[str] = "Clusters"
    formula: ClassVar[str] = "components of |xᵢ − xⱼ| < 0.0447; cos > 0.999 on spheres"
    is_count: ClassVar[bool] = True

    @classmethod
    def formula_in(cls, space: Space) -> str:
        return f"components of {cluster_rule(space)}"

    @classmethod
    def threshold_in(cls, space: Space) -> str:
        return cluster_rule(space)

    def measure(self, probe: Probe) -> float:
        return float(probe.cluster_count)
