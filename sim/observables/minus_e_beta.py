"""The interaction energy of the papers as a potential, in the sign of physicists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim.observables import Observable
from sim.observables.e_beta import EBeta

if TYPE_CHECKING:
    from sim.measure.probe import Probe


@dataclass(frozen=True)
class MinusEBeta(Observable):
    """−E_β: attraction, V = +I, rolls down it, and repulsion, V = −I, is pushed up."""

    kind: ClassVar[str] = "minus_e_beta"
    label: ClassVar[str] = "−E_β"
    formula: ClassVar[str] = (
        "−E_β = −(1/(2βn²)) Σ exp(β⟨xᵢ,xⱼ⟩); V = +I lowers it, V = −I raises it"
    )

    def measure(self, probe: Probe) -> float:
        return -EBeta().measure(probe)
