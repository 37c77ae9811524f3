"""Random tokens in many dimensions, which meet as orthogonal ones do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from sim.theory import Theory
from sim.theory.equiangular import EquiangularSolution, course

if TYPE_CHECKING:
    from sim.array_types import Floats
    from sim.scenario import Scenario
    from sim.theory import Curve


WIDE = 1.5  # of 1/√d, the spread of the cosines of random directions
ASIDE = 4.0  # of the spread of their mean
MANY = 64  # dimensions: with fewer, cosines spread too far to be taken for zero


@dataclass(frozen=True)
class Orthogonal(Theory):
    """ρ(t) from ρ = 0 for n ≤ d tokens whose cosines are no more than chance  [1]_.

    Exact as d → ∞; the course is that of equiangular tokens.

    References
    ----------
    .. [1] Geshkovski, Letrouit, Polyanskiy, Rigollet, arXiv:2312.10794, sec. 6.
    """

    kind: ClassVar[str] = "orthogonal"
    predicts: ClassVar[str] = "mean_cosine"
    drawn: ClassVar[bool] = True
    label: ClassVar[str] = "ρ(t) of orthogonal tokens"
    formula: ClassVar[str] = "ρ' = 2cb(1−ρ)(1+(n−1)ρ)/s from ρ = 0"

    def why_not(self, scenario: Scenario, x: Floats) -> str:
        n, d = x.shape
        if d < max(n, MANY):
            return f"it needs d ≥ n and d ≥ {MANY}, got n = {n} and d = {d}"
        why = EquiangularSolution().why_not(scenario, x)
        if not why:
            return "tokens start at equal angles, of which more is known"
        unit = x / np.linalg.norm(x, axis=-1, keepdims=True)
        apart = (unit @ unit.T)[~np.eye(n, dtype=bool)]
        if why != EquiangularSolution.unequal:
            return why
        spread, aside = apart.std() * d**0.5, abs(apart.mean()) * n * (d / 2) ** 0.5
        near = spread <= WIDE and aside <= ASIDE
        return "" if near else "tokens do not start nearly orthogonal"

    def curve(self, scenario: Scenario, x: Floats) -> Curve:
        return course(scenario, len(x), 0.0, float(np.linalg.norm(x[0])))
