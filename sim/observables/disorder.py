"""The entropy that metriplectic dynamics makes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim.observables import Observable

if TYPE_CHECKING:
    from sim.dynamics import Dynamics
    from sim.measure.probe import Probe
    from sim.spaces import Space


@dataclass(frozen=True)
class Disorder(Observable):
    """S of metriplectic dynamics; not the entropy of attention."""

    kind: ClassVar[str] = "disorder"
    label: ClassVar[str] = "Entropy S"
    formula: ClassVar[str] = "S = −½|d1p|²; never falls"

    @classmethod
    def why_undefined(cls, law: Dynamics, space: Space, shape: tuple[int, int]) -> str:
        return "only the metriplectic law has this entropy"

    def measure(self, probe: Probe) -> float:
        return probe.law_measure("disorder")
