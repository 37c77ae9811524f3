"""The energy of uniformly distributed tokens: the minimum for β > 0."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim.theory import Theory, beta_of, lacks_constant_beta, not_sphere

if TYPE_CHECKING:
    from sim.array_types import Floats
    from sim.scenario import Scenario
    from sim.theory import Curve


MIN_SERIES_ORDER = 25  # of the Bessel function, from which its series is more accurate


@dataclass(frozen=True)
class UniformMeasureEnergy(Theory):
    """F̂[σ] = e^{−β} ∫ e^{β⟨x,y⟩} dσ(y), the minimum over measures for β > 0  [1]_.

    References
    ----------
    .. [1] Geshkovski, Letrouit, Polyanskiy, Rigollet, arXiv:2312.10794.
    """

    kind: ClassVar[str] = "uniform"
    predicts: ClassVar[str] = "f_hat"
    label: ClassVar[str] = "F̂ of uniform"
    formula: ClassVar[str] = "exp(−β) Γ(d/2)(2/β)^ν I_ν(β), ν = d/2 − 1"
    reference: ClassVar[str] = "arXiv:2312.10794"

    def why_not(self, scenario: Scenario, x: Floats) -> str:
        return lacks_constant_beta(scenario) or not_sphere(scenario)

    def curve(self, scenario: Scenario, x: Floats) -> Curve:
        level = energy(beta_of(scenario), scenario.dimension)

        def curve(t: float, x: Floats) -> float:
            return level

        return curve


def energy(beta: float, d: int) -> float:
    """Return F̂ of the uniform measure on the sphere of R^d."""
    from scipy.special import gammaln, hyp0f1, ive

    b, order = abs(beta), d / 2 - 1
    if b == 0:
        return 1.0
    if order > MIN_SERIES_ORDER:
        return float(hyp0f1(d / 2, b * b / 4)) * math.exp(-beta)
    scale = math.exp(gammaln(d / 2) + order * math.log(2 / b))
    return scale * float(ive(order, b)) * math.exp(b - beta)
