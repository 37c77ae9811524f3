"""The average inner product of two different tokens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim.arrays import dot, namespace
from sim.observables import Observable, alone

if TYPE_CHECKING:
    from sim.dynamics import Dynamics
    from sim.measure.probe import Probe
    from sim.spaces import Space


@dataclass(frozen=True)
class MeanCosine(Observable):
    """Mean of ⟨xᵢ,xⱼ⟩ over i ≠ j; the mean cosine on the sphere."""

    kind: ClassVar[str] = "mean_cosine"
    label: ClassVar[str] = "Mean cosine"
    formula: ClassVar[str] = "mean of ⟨xᵢ,xⱼ⟩ over all i ≠ j"

    @classmethod
    def why_undefined(cls, law: Dynamics, space: Space, shape: tuple[int, int]) -> str:
        return alone(shape)

    def measure(self, probe: Probe) -> float:
        x = probe.normalised.x
        xp, n = namespace(x), x.shape[-2]
        if n == 1:
            return float("nan")
        mean, alone = probe.plain_mean, float(xp.mean(dot(x, x)))
        return (n * float(dot(mean, mean)[0]) - alone) / (n - 1)
