"""The similarity of the outputs of the attention layer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim.arrays import dot, mean_of, namespace, norm, scaled
from sim.observables import Observable, alone, no_attention

if TYPE_CHECKING:
    from sim.dynamics import Dynamics
    from sim.measure.probe import Probe
    from sim.spaces import Space


@dataclass(frozen=True)
class OutputCosine(Observable):
    """Mean cosine of the outputs of one attention layer at two tokens  [1]_.

    Without the residual connection and before any normalisation.

    References
    ----------
    .. [1] Rigollet, arXiv:2512.01868, on long contexts.
    """

    kind: ClassVar[str] = "output_cosine"
    label: ClassVar[str] = "Output cosine"
    formula: ClassVar[str] = "mean of cos(Aᵢ,Aⱼ) over i ≠ j, Aᵢ = V Σⱼ pᵢⱼ xⱼ"

    @classmethod
    def why_undefined(cls, law: Dynamics, space: Space, shape: tuple[int, int]) -> str:
        return no_attention(law) or alone(shape)

    def measure(self, probe: Probe) -> float:
        n = probe.normalised.x.shape[-2]
        if probe.attention is None or n == 1:
            return float("nan")
        out = probe.field.velocity(probe.normalised).x
        xp, length = namespace(out), norm(out)
        unit = scaled(out, 1 / xp.where(length > 0, length, length + 1))
        mean = mean_of(unit)
        alone = float(xp.mean(dot(unit, unit)))
        return (n * float(dot(mean, mean)[0]) - alone) / (n - 1)
