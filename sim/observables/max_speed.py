"""How fast the fastest token is: near 0 on a plateau."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim.observables import Observable

if TYPE_CHECKING:
    from sim.measure.probe import Probe


@dataclass(frozen=True)
class MaxSpeed(Observable):
    """The speed of the fastest token along the space."""

    kind: ClassVar[str] = "max_speed"
    label: ClassVar[str] = "Largest speed"
    formula: ClassVar[str] = "maxᵢ |ẋᵢ|"

    def measure(self, probe: Probe) -> float:
        return float(probe.speed.max())
