"""The interaction energy of the papers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim.observables import Observable, no_interaction

if TYPE_CHECKING:
    from sim.dynamics import Dynamics
    from sim.measure.probe import Probe
    from sim.spaces import Space


@dataclass(frozen=True)
class EBeta(Observable):
    """E_β = (1/2βn²) Σ exp(β⟨xᵢ,xⱼ⟩); not defined for β = 0."""

    kind: ClassVar[str] = "e_beta"
    label: ClassVar[str] = "E_β"
    formula: ClassVar[str] = (
        "E_β = (1/(2βn²)) Σ exp(β⟨xᵢ,xⱼ⟩); V = +I raises it, V = −I lowers it"
    )

    @classmethod
    def why_undefined(cls, law: Dynamics, space: Space, shape: tuple[int, int]) -> str:
        if law.inverse_temperature == 0:
            return "it divides by β, which is 0"
        return no_interaction(law)

    def measure(self, probe: Probe) -> float:
        beta = probe.beta
        if not beta:
            return math.nan
        try:
            return math.exp(beta) * probe.f_hat / (2 * beta)
        except OverflowError:  # β > 709: use F̂
            return math.inf
