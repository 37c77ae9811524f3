"""The interaction energy of the papers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim.observables import Observable

if TYPE_CHECKING:
    from sim.measure.probe import Probe


@dataclass(frozen=True)
class EBeta(Observable):
    """E_β = (1/2βn²) Σ exp(β⟨xᵢ,xⱼ⟩); not defined for β = 0."""

    kind: ClassVar[str] = "e_beta"
    label: ClassVar[str] = "E_β"
    formula: ClassVar[str] = (
        "E_β = (1/(2βn²)) Σ exp(β⟨xᵢ,xⱼ⟩); V = +I raises it, V = −I lowers it"
    )

    def measure(self, probe: Probe) -> float:
        beta = probe.beta
        if not beta:
            return math.nan
        try:
            return math.exp(beta) * probe.f_hat / (2 * beta)
        except OverflowError:  # β > 709: use F̂
            return math.inf
