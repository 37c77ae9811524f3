"""The energy of the law of motion in force."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim.observables import Observable

if TYPE_CHECKING:
    from sim.measure.probe import Probe


@dataclass(frozen=True)
class Energy(Observable):
    """F̂(μ) for attention, E(q, p) for brackets."""

    kind: ClassVar[str] = "energy"
    label: ClassVar[str] = "Energy"
    formula: ClassVar[str] = "the energy of the law in force"

    def measure(self, probe: Probe) -> float:
        return probe.energy
