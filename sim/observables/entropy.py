"""How spread out attention is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim.observables import Observable, no_interaction

if TYPE_CHECKING:
    from sim.dynamics import Dynamics
    from sim.measure.probe import Probe
    from sim.spaces import Space


@dataclass(frozen=True)
class Entropy(Observable):
    """Mean entropy of the attention rows: log n when spread over all, 0 on one."""

    kind: ClassVar[str] = "entropy"
    label: ClassVar[str] = "Attention entropy"
    formula: ClassVar[str] = "Σᵢ mᵢ Σⱼ −pᵢⱼ log pᵢⱼ, in nats"

    @classmethod
    def why_undefined(cls, law: Dynamics, space: Space, shape: tuple[int, int]) -> str:
        return no_interaction(law)

    def measure(self, probe: Probe) -> float:
        return probe.entropy
