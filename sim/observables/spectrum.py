"""Power of the tokens' measure in spherical harmonics, by degree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim.observables import Observable

if TYPE_CHECKING:
    from sim.measure.probe import Probe

# Degree 1 is the square of the order parameter; on circles 2 to 4 grow first.


@dataclass(frozen=True)
class Power2(Observable):
    """Power of degree 2: two opposite clusters have all of it, uniform tokens none."""

    kind: ClassVar[str] = "power_2"
    label: ClassVar[str] = "Power, degree 2"
    formula: ClassVar[str] = "(1/n²) Σ P₂(cos(xᵢ,xⱼ)), P₂(1) = 1"

    def measure(self, probe: Probe) -> float:
        return probe.cosines.power(2)


@dataclass(frozen=True)
class Power3(Observable):
    """Power of degree 3: a triangle on the circle has all of it."""

    kind: ClassVar[str] = "power_3"
    label: ClassVar[str] = "Power, degree 3"
    formula: ClassVar[str] = "(1/n²) Σ P₃(cos(xᵢ,xⱼ)), P₃(1) = 1"

    def measure(self, probe: Probe) -> float:
        return probe.cosines.power(3)


@dataclass(frozen=True)
class Power4(Observable):
    """Power of degree 4: a square on the circle has all of it."""

    kind: ClassVar[str] = "power_4"
    label: ClassVar[str] = "Power, degree 4"
    formula: ClassVar[str] = "(1/n²) Σ P₄(cos(xᵢ,xⱼ)), P₄(1) = 1"

    def measure(self, probe: Probe) -> float:
        return probe.cosines.power(4)
