"""The entropy that metriplectic dynamics makes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim.observables import Observable

if TYPE_CHECKING:
    from sim.measure.probe import Probe


@dataclass(frozen=True)
class Disorder(Observable):
    """S of metriplectic dynamics; not the entropy of attention."""

    kind: ClassVar[str] = "disorder"
    label: ClassVar[str] = "Entropy S"
    formula: ClassVar[str] = "S = −½|d1p|²; never falls"

    def measure(self, probe: Probe) -> float:
        return probe.law_measure("disorder")
