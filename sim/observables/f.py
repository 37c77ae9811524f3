"""The interaction energy of the lecture notes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim.observables import Observable, no_interaction

if TYPE_CHECKING:
    from sim.dynamics import Dynamics
    from sim.measure.probe import Probe
    from sim.spaces import Space


@dataclass(frozen=True)
class F(Observable):
    """F = ½ Σ exp(β(⟨xᵢ,xⱼ⟩ − 1)), which is ½ Σ exp(−β|xᵢ−xⱼ|²/2) on the sphere."""

    kind: ClassVar[str] = "f"
    label: ClassVar[str] = "F(μ)"
    formula: ClassVar[str] = "F = ½ Σ exp(β(⟨xᵢ,xⱼ⟩ − 1)), with the terms i = j"

    @classmethod
    def why_undefined(cls, law: Dynamics, space: Space, shape: tuple[int, int]) -> str:
        return no_interaction(law)

    def measure(self, probe: Probe) -> float:
        return probe.f_hat * len(probe.host) ** 2 / 2
