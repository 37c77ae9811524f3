"""The sum of spins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim.observables import Observable

if TYPE_CHECKING:
    from sim.dynamics import Dynamics
    from sim.measure.probe import Probe
    from sim.spaces import Space


@dataclass(frozen=True)
class SpinSum(Observable):
    """|Σ xᵢ|, which precession conserves."""

    kind: ClassVar[str] = "spin"
    label: ClassVar[str] = "Total spin"
    formula: ClassVar[str] = "|Σ xᵢ|"

    @classmethod
    def why_undefined(cls, law: Dynamics, space: Space, shape: tuple[int, int]) -> str:
        return "only the law of spins has it"

    def measure(self, probe: Probe) -> float:
        return probe.law_measure("spin")
