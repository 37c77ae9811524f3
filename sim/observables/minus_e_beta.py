"""The interaction energy of the papers as a potential, in the sign of physicists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim.observables import Observable, no_interaction
from sim.observables.e_beta import EBeta

if TYPE_CHECKING:
    from sim.dynamics import Dynamics
    from sim.measure.probe import Probe
    from sim.spaces import Space


@dataclass(frozen=True)
class MinusEBeta(Observable):
    """−E_β: attraction, V = +I, rolls down it, and repulsion, V = −I, is pushed up."""

    kind: ClassVar[str] = "minus_e_beta"
    label: ClassVar[str] = "−E_β"
    formula: ClassVar[str] = (
        "−E_β = −(1/(2βn²)) Σ exp(β⟨xᵢ,xⱼ⟩); V = +I lowers it, V = −I raises it"
    )

    @classmethod
    def why_undefined(cls, law: Dynamics, space: Space, shape: tuple[int, int]) -> str:
        if law.inverse_temperature == 0:
            return "it divides by β, which is 0"
        return no_interaction(law)

    def measure(self, probe: Probe) -> float:
        return -EBeta().measure(probe)
