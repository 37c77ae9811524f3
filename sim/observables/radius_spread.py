"""How unequal tokens are in length."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim.observables import Observable

if TYPE_CHECKING:
    from sim.measure.probe import Probe


@dataclass(frozen=True)
class RadiusSpread(Observable):
    """Standard deviation of the lengths of the tokens: 0 on the sphere."""

    kind: ClassVar[str] = "radius_spread"
    label: ClassVar[str] = "Spread of radii"
    formula: ClassVar[str] = "standard deviation of |xᵢ|"

    def measure(self, probe: Probe) -> float:
        return float(probe.lengths.std())
