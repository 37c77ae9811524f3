"""How far the tokens agree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim.arrays import norm
from sim.observables import Observable

if TYPE_CHECKING:
    from sim.measure.probe import Probe


@dataclass(frozen=True)
class Order(Observable):
    """Length of the mean token, by mass: 1 when all tokens agree on the sphere."""

    kind: ClassVar[str] = "order"
    label: ClassVar[str] = "Order |x̄|"
    formula: ClassVar[str] = "|x̄|, x̄ = Σ mᵢxᵢ the mean token; mᵢ = 1/n for equal masses"

    def measure(self, probe: Probe) -> float:
        return float(norm(probe.mean)[0])
