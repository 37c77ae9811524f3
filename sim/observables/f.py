"""The interaction energy of the lecture notes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim.observables import Observable

if TYPE_CHECKING:
    from sim.measure.probe import Probe


@dataclass(frozen=True)
class F(Observable):
    """F = ½ Σ exp(β(⟨xᵢ,xⱼ⟩ − 1)), which is ½ Σ exp(−β|xᵢ−xⱼ|²/2) on the sphere."""

    kind: ClassVar[str] = "f"
    label: ClassVar[str] = "F(μ)"
    formula: ClassVar[str] = "F = ½ Σ exp(β(⟨xᵢ,xⱼ⟩ − 1)), with the terms i = j"

    def measure(self, probe: Probe) -> float:
        return probe.f_hat * len(probe.host) ** 2 / 2
