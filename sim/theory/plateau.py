"""The plateaus of F̂ while clusters are metastable."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from sim.measure.clusters import components
from sim.theory import Theory, lacks_constant_beta, not_equal_masses, not_sphere

if TYPE_CHECKING:
    from sim.array_types import Floats
    from sim.scenario import Scenario
    from sim.theory import Curve


MIN_BETA = 4.0  # from which other clusters hardly contribute


@dataclass(frozen=True)
class Plateau(Theory):
    """F̂ → Σ αₖ² for clusters with the shares αₖ, up to e^{−β(1 − cosine)}  [1]_.

    References
    ----------
    .. [1] Geshkovski, Koubbi, Polyanskiy, Rigollet, arXiv:2410.06833.
    """

    kind: ClassVar[str] = "plateau"
    predicts: ClassVar[str] = "f_hat"
    label: ClassVar[str] = "Plateau of F̂"
    formula: ClassVar[str] = "Σ αₖ², αₖ the shares of the clusters"
    reference: ClassVar[str] = "arXiv:2410.06833"

    def why_not(self, scenario: Scenario, x: Floats) -> str:
        beta = scenario.dynamics.inverse_temperature or 0.0
        return (
            lacks_constant_beta(scenario)
            or not_sphere(scenario)
            or not_equal_masses(scenario)
            or ("" if beta >= MIN_BETA else f"it needs β ≥ {MIN_BETA:g}, got {beta:g}")
        )

    def curve(self, scenario: Scenario, x: Floats) -> Curve:
        return level


def level(_: float, x: Floats) -> float:
    """Return Σ αₖ² of the clusters of the tokens x: (n, d)."""
    share = np.bincount(components(x)) / len(x)
    return float((share**2).sum())
