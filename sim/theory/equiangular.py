"""Equiangular tokens: one equation for all pairs, for every normalisation scheme."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from sim.dynamics.unnormalised import Unnormalised
from sim.numerics.reference_ode import ReferenceSolution
from sim.spaces.ln_scaling import LNScaling
from sim.spaces.mix_ln import MixLN
from sim.spaces.ngpt import NGPT
from sim.spaces.peri_ln import PeriLN
from sim.spaces.pre_ln import PreLN
from sim.theory import (
    TEMPERED,
    Theory,
    beta_of,
    coefficient,
    not_plain_attention,
    not_the_equation,
    unit_of,
)

if TYPE_CHECKING:
    from sim.array_types import Floats
    from sim.scenario import Scenario
    from sim.spaces import Space
    from sim.theory import Curve


COSINE_TOLERANCE = 1e-9  # differences of equal cosines


@dataclass(frozen=True)
class EquiangularSolution(Theory):
    """ρ' = R(ρ)/s and r' for tokens with ⟨θᵢ,θⱼ⟩ = ρ, i ≠ j, and |xᵢ| = r  [1]_.

    With attention a to oneself and b to each other one, R = 2cb(1−ρ)(1+(n−1)ρ); s and
    r' are those of the normalisation scheme.

    References
    ----------
    .. [1] Geshkovski, Letrouit, Polyanskiy, Rigollet, arXiv:2312.10794, for the sphere;
           Karagodin et al., arXiv:2510.22026, for the schemes.
    """

    kind: ClassVar[str] = "equiangular"
    predicts: ClassVar[str] = "mean_cosine"
    label: ClassVar[str] = "ρ(t)"
    formula: ClassVar[str] = "ρ' = 2cb(1−ρ)(1+(n−1)ρ)/s"
    reference: ClassVar[str] = "arXiv:2312.10794"
    drawn: ClassVar[bool] = True
    unequal: ClassVar[str] = "it needs equal angles at the start"

    def why_not(self, scenario: Scenario, x: Floats) -> str:
        if why := not_plain_attention(scenario) or not_the_equation(scenario):
            return why
        if not scenario.space.follows_field:
            return f"it needs a sphere or a scheme, got {scenario.space.kind}"
        gram = x @ x.T
        apart = gram[~np.eye(len(x), dtype=bool)]
        alone = len(x) == 1
        if alone or max(np.ptp(apart), np.ptp(np.diag(gram))) > COSINE_TOLERANCE:
            return self.unequal
        return ""

    def curve(self, scenario: Scenario, x: Floats) -> Curve:
        r = float(np.linalg.norm(x[0]))
        return cosine_curve(scenario, len(x), float(x[0] @ x[1]) / r**2, r)


def cosine_curve(scenario: Scenario, n: int, rho: float, r: float) -> Curve:
    """Return ρ(t) of n tokens of length r that start with the cosine ρ."""

    def slope(t: float, y: Floats) -> Floats:
        return _slope(scenario, n, t, y)

    solution = ReferenceSolution(slope, np.array([rho, r]))

    def curve(t: float, _: Floats) -> float:
        return float(solution.at(t)[0])

    return curve


def weights(scenario: Scenario, n: int, rho: float) -> tuple[float, float]:
    """Return a and b: the weights of a token on itself and on each other one."""
    law = scenario.dynamics
    if law.row_weights not in TEMPERED:
        size = unit_of(scenario) / n  # linear attention
        return size, rho * size
    beta = beta_of(scenario)
    if isinstance(law, Unnormalised):
        shift = law.shift(beta)
        return math.exp(beta - shift) / n, math.exp(beta * rho - shift) / n
    fall = math.exp(-beta * (1 - rho)) if beta > 0 else 1.0
    self_ = 1.0 if beta > 0 else math.exp(beta * (1 - rho))
    total = self_ + (n - 1) * fall
    return self_ / total, fall / total


def _slope(scenario: Scenario, n: int, t: float, y: Floats) -> Floats:
    rho, r = y
    c = coefficient(scenario)
    a, b = weights(scenario, n, rho)
    turn = 2 * c * b * (1 - rho) * (1 + (n - 1) * rho)
    along = c * (a + (n - 1) * b * rho)
    mixed = (n - 1) + (n - 1) * (n - 2) * rho
    size = abs(c) * (a * a + 2 * a * b * (n - 1) * rho + b * b * mixed) ** 0.5
    slow, grow = regulated(scenario.space, t, r, along, size)
    return np.array([turn / slow, grow])


def regulated(
    space: Space, t: float, r: float, along: float, size: float
) -> tuple[float, float]:
    """Return s and r' of a scheme, given r, ⟨θ,A⟩ and |A|: θ' = P A/s."""
    match space:
        case MixLN(switch=switch) if t > switch:
            return r, along
        case PreLN():
            return r, along
        case PeriLN():
            return r * size, along / size
        case NGPT(rate=rate):
            return size / rate, 0.0
        case LNScaling():
            return (t + 1) ** 0.5, 0.0
        case _:
            return 1.0, 0.0
