"""Random tokens in high dimension, which move like orthogonal ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from sim.theory import Theory
from sim.theory.equiangular import EquiangularSolution, cosine_curve

if TYPE_CHECKING:
    from sim.array_types import Floats
    from sim.scenario import Scenario
    from sim.theory import Curve


MAX_SPREAD = 1.5  # of cosines, in units of 1/√d, that of random directions
MAX_MEAN_OFFSET = 4.0  # of their mean, in units of its standard deviation
MIN_DIMENSION = 64  # below, cosines are too far from zero


@dataclass(frozen=True)
class Orthogonal(Theory):
    """ρ(t) from ρ = 0 for n ≤ d tokens with cosines of random directions  [1]_.

    Exact as d → ∞; ρ(t) is that of equiangular tokens.

    References
    ----------
    .. [1] Geshkovski, Letrouit, Polyanskiy, Rigollet, arXiv:2312.10794, sec. 6.
    """

    kind: ClassVar[str] = "orthogonal"
    predicts: ClassVar[str] = "mean_cosine"
    drawn: ClassVar[bool] = True
    label: ClassVar[str] = "ρ(t) of orthogonal tokens"
    formula: ClassVar[str] = "ρ' = 2cb(1−ρ)(1+(n−1)ρ)/s from ρ = 0"
    reference: ClassVar[str] = "arXiv:2312.10794"

    def why_not(self, scenario: Scenario, x: Floats) -> str:
        n, d = x.shape
        if d < max(n, MIN_DIMENSION):
            return f"it needs d ≥ n and d ≥ {MIN_DIMENSION}, got n = {n} and d = {d}"
        why = EquiangularSolution().why_not(scenario, x)
        if not why:
            return "tokens start at equal angles, where equiangular applies"
        unit = x / np.linalg.norm(x, axis=-1, keepdims=True)
        apart = (unit @ unit.T)[~np.eye(n, dtype=bool)]
        if why != EquiangularSolution.unequal:
            return why
        spread = apart.std() * d**0.5
        offset = abs(apart.mean()) * n * (d / 2) ** 0.5
        near = spread <= MAX_SPREAD and offset <= MAX_MEAN_OFFSET
        return "" if near else "tokens do not start nearly orthogonal"

    def curve(self, scenario: Scenario, x: Floats) -> Curve:
        return cosine_curve(scenario, len(x), 0.0, float(np.linalg.norm(x[0])))
