"""The share of pairs of tokens that have met."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim.observables import Observable, alone

if TYPE_CHECKING:
    from sim.dynamics import Dynamics
    from sim.measure.probe import Probe
    from sim.spaces import Space


@dataclass(frozen=True)
class Aligned(Observable):
    """Share of the pairs i ≠ j whose cosine exceeds 0.999; 1 when all have met."""

    kind: ClassVar[str] = "aligned"
    label: ClassVar[str] = "Aligned pairs"
    formula: ClassVar[str] = "share of pairs i ≠ j with cos(xᵢ,xⱼ) > 0.999"

    @classmethod
    def why_undefined(cls, law: Dynamics, space: Space, shape: tuple[int, int]) -> str:
        return alone(shape)

    def measure(self, probe: Probe) -> float:
        return probe.cosines.aligned_share
