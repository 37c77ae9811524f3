"""How many clusters of one size would have this energy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim.observables import Observable, no_interaction

if TYPE_CHECKING:
    from sim.dynamics import Dynamics
    from sim.measure.probe import Probe
    from sim.spaces import Space


@dataclass(frozen=True)
class Effective(Observable):
    """1/F̂: the effective number of clusters, where β is large."""

    kind: ClassVar[str] = "effective"
    label: ClassVar[str] = "1/F̂"
    formula: ClassVar[str] = "1/F̂, the effective number of clusters"

    @classmethod
    def why_undefined(cls, law: Dynamics, space: Space, shape: tuple[int, int]) -> str:
        return no_interaction(law)

    def measure(self, probe: Probe) -> float:
        return 1 / probe.f_hat if probe.f_hat else float("nan")
