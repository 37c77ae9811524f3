"""Attention at β = 0: the order parameter of any tokens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from sim.numerics.reference_ode import ReferenceSolution
from sim.theory import (
    Theory,
    coefficient,
    lacks_constant_beta,
    not_plain_attention,
    not_sphere,
    not_the_equation,
)

if TYPE_CHECKING:
    from sim.array_types import Floats
    from sim.scenario import Scenario
    from sim.theory import Curve


@dataclass(frozen=True)
class Kuramoto(Theory):
    """r(t) = |mean of M_w(xᵢ(0))|, w' = −½c(1−|w|²) mean of M_w(xᵢ(0)), w(0) = 0  [1]_.

    At β = 0 all tokens move by one map of the ball, M_w(x) = (1−|w|²)(x−w)/|x−w|² − w:
    d equations for any n.

    References
    ----------
    .. [1] Lipton, Mirollo, Strogatz, "The Kuramoto model on a sphere: explaining its
           low-dimensional dynamics with group theory and hyperbolic geometry", Chaos 31
           (2021).
    """

    kind: ClassVar[str] = "kuramoto"
    predicts: ClassVar[str] = "order"
    drawn: ClassVar[bool] = True
    label: ClassVar[str] = "r(t)"
    formula: ClassVar[str] = "|x̄| by a Möbius map, β = 0"
    reference: ClassVar[str] = "Chaos 31 (2021)"

    def why_not(self, scenario: Scenario, x: Floats) -> str:
        beta = scenario.dynamics.inverse_temperature
        return (
            lacks_constant_beta(scenario)
            or not_plain_attention(scenario)
            or not_sphere(scenario)
            or not_the_equation(scenario)
            or ("" if beta == 0 else f"it needs β = 0, got {beta:g}")
        )

    def curve(self, scenario: Scenario, x: Floats) -> Curve:
        c = coefficient(scenario)

        def slope(_: float, w: Floats) -> Floats:
            return -c * (1 - w @ w) / 2 * moved(x, w).mean(axis=0)

        w = ReferenceSolution(slope, np.zeros(x.shape[-1]))

        def curve(t: float, _: Floats) -> float:
            return float(np.linalg.norm(moved(x, w.at(t)).mean(axis=0)))

        return curve


def moved(x: Floats, w: Floats) -> Floats:
    """Return M_w(x) for unit rows x, (n, d), and |w| < 1, (d,)."""
    y = x - w
    return (1 - w @ w) * y / (y * y).sum(axis=1, keepdims=True) - w
