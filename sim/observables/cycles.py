"""What flows round and round."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim.dynamics import PhaseSpaceLaw
from sim.observables import Observable

if TYPE_CHECKING:
    from sim.dynamics import Dynamics
    from sim.measure.probe import Probe
    from sim.spaces import Space


@dataclass(frozen=True)
class Cycles(Observable):
    """Length of the part of p in the kernel of d0*, which brackets never move."""

    kind: ClassVar[str] = "cycles"
    label: ClassVar[str] = "Cycle part of p"
    formula: ClassVar[str] = "|p − d0u|, the flow in cycles; u solves d0*d0u = d0*p"

    @classmethod
    def why_undefined(cls, law: Dynamics, space: Space, shape: tuple[int, int]) -> str:
        if not isinstance(law, PhaseSpaceLaw):
            return "the law has no momenta on edges"
        return "the graph is too large"

    def measure(self, probe: Probe) -> float:
        return probe.law_measure("cycles")
