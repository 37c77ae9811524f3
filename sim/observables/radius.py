"""How long tokens are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim.observables import Observable

if TYPE_CHECKING:
    from sim.measure.probe import Probe


@dataclass(frozen=True)
class Radius(Observable):
    """Mean length of the tokens: 1 on the sphere, growing where no norm holds it."""

    kind: ClassVar[str] = "radius"
    label: ClassVar[str] = "Mean radius"
    formula: ClassVar[str] = "(1/n) Σᵢ |xᵢ|"

    def measure(self, probe: Probe) -> float:
        return float(probe.lengths.mean())
