"""How spread out attention is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim.observables import Observable

if TYPE_CHECKING:
    from sim.measure.probe import Probe


@dataclass(frozen=True)
class Entropy(Observable):
    """Mean entropy of the attention rows: log n when spread over all, 0 on one."""

    kind: ClassVar[str] = "entropy"
    label: ClassVar[str] = "Attention entropy"
    formula: ClassVar[str] = "(1/n) Σᵢ Σⱼ −pᵢⱼ log pᵢⱼ, in nats"

    def measure(self, probe: Probe) -> float:
        return probe.entropy
