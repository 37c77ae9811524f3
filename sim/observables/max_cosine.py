"""How close the closest tokens are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim.observables import Observable, alone

if TYPE_CHECKING:
    from sim.dynamics import Dynamics
    from sim.measure.probe import Probe
    from sim.spaces import Space


@dataclass(frozen=True)
class MaxCosine(Observable):
    """The cosine of the two tokens that are closest to each other."""

    kind: ClassVar[str] = "max_cosine"
    label: ClassVar[str] = "Largest cosine"
    formula: ClassVar[str] = "max over i ≠ j of cos(xᵢ,xⱼ)"

    @classmethod
    def why_undefined(cls, law: Dynamics, space: Space, shape: tuple[int, int]) -> str:
        return alone(shape)

    def measure(self, probe: Probe) -> float:
        return probe.cosines.largest
