"""The rate of change of the energy by the law's own formula."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim.observables import Observable

if TYPE_CHECKING:
    from sim.dynamics import Dynamics
    from sim.measure.probe import Probe
    from sim.spaces import Space


@dataclass(frozen=True)
class EnergyLaw(Observable):
    """The law's formula for dE/dt, such as −γ|J∇E|²; NaN where it has none."""

    kind: ClassVar[str] = "energy_law"
    label: ClassVar[str] = "dE/dt by the law"
    formula: ClassVar[str] = "the law's own formula, such as −γ|J∇E|²"

    @classmethod
    def legend_name(cls, law: Dynamics) -> str:
        return f"law {law.energy_rate_formula()}".strip()

    @classmethod
    def why_undefined(cls, law: Dynamics, space: Space, shape: tuple[int, int]) -> str:
        if law.energy_behaviour(space) == "none":
            return "nothing is proved of the energy here"
        return "the law has no formula for dE/dt"

    def measure(self, probe: Probe) -> float:
        return math.nan if probe.behaviour == "none" else probe.law_measure("rate")
