"""The interaction energy on a scale that every run shares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim.observables import Observable, no_interaction

if TYPE_CHECKING:
    from sim.dynamics import Dynamics
    from sim.measure.probe import Probe
    from sim.spaces import Space


@dataclass(frozen=True)
class FHat(Observable):
    """F̂ = 2F/n²: 1 at consensus for β ≥ 0; 1/F̂ counts the effective clusters."""

    kind: ClassVar[str] = "f_hat"
    label: ClassVar[str] = "F̂(μ)"
    formula: ClassVar[str] = "F̂ = (1/n²) Σ exp(β(⟨xᵢ,xⱼ⟩ − 1))"

    @classmethod
    def why_undefined(cls, law: Dynamics, space: Space, shape: tuple[int, int]) -> str:
        return no_interaction(law)

    def measure(self, probe: Probe) -> float:
        return probe.f_hat
