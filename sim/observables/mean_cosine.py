"""The average inner product of two different tokens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim.arrays import dot, namespace
from sim.observables import Observable, alone

if TYPE_CHECKING:
    from sim.arrays import Array
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
        return float(mean_cosines(probe.normalised.x, probe.plain_mean))


def mean_cosines(x: Array, mean: Array) -> Array:
    """Return the mean of ⟨xᵢ,xⱼ⟩ over i ≠ j, NaN for one token.

    Given tokens and their mean, of one run or more: (..., n, d), (..., d) -> (...).
    """
    xp, n = namespace(x), x.shape[-2]
    together = xp.astype(dot(mean, mean)[..., 0], xp.float64)
    alone = xp.astype(xp.mean(dot(x, x), axis=(-2, -1)), xp.float64)
    if n == 1:
        return together + xp.nan
    return (n * together - alone) / (n - 1)
