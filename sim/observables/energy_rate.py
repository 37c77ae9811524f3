"""The measured rate of change of the energy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim.observables import Observable

if TYPE_CHECKING:
    from sim.dynamics import Dynamics
    from sim.measure.probe import Probe


@dataclass(frozen=True)
class EnergyRate(Observable):
    """dE/dt: the change of the law's energy along its flow.

    The velocity along the gradient of F̂ for softmax and unnormalised attention; for
    other laws and energies by central differences.
    """

    kind: ClassVar[str] = "energy_rate"
    label: ClassVar[str] = "dE/dt"
    formula: ClassVar[str] = "⟨∇E, ẋ⟩, or dE/dt along the flow by central differences"
    partner: ClassVar[str] = "energy_law"
    resolution: ClassVar[float] = 1e-6

    @classmethod
    def legend_name(cls, law: Dynamics) -> str:
        return "measured"

    def measure(self, probe: Probe) -> float:
        return probe.energy_rate
