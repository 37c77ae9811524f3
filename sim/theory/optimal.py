"""The limit of repulsion: configurations that are optimal for every β."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim.arrays import sequential_sum
from sim.theory import (
    Theory,
    beta_of,
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


CIRCLE, GLOBE, ICOSAHEDRON = 2, 3, 12


@dataclass(frozen=True)
class Optimal(Theory):
    """F̂ of the universally optimal code of n tokens in R^d: the limit for V = −I  [1]_.

    References
    ----------
    .. [1] Cohn, Kumar, "Universally optimal distribution of points on spheres",
           arXiv:math/0607446.
    """

    kind: ClassVar[str] = "optimal"
    predicts: ClassVar[str] = "f_hat"
    drawn: ClassVar[bool] = True
    label: ClassVar[str] = "Least F̂"
    formula: ClassVar[str] = "F̂ of the optimal code"
    reference: ClassVar[str] = "arXiv:math/0607446"

    def why_not(self, scenario: Scenario, x: Floats) -> str:
        why = (
            lacks_constant_beta(scenario)
            or not_plain_attention(scenario)
            or not_sphere(scenario)
            or not_the_equation(scenario)
        )
        if why:
            return why
        n, d = scenario.tokens, scenario.dimension
        if beta_of(scenario) <= 0 or coefficient(scenario) >= 0:
            return "it needs V = c·I, c < 0 and β > 0"
        if not shells(n, d):
            return f"it needs a known optimal code for n = {n}, d = {d}"
        return ""

    def curve(self, scenario: Scenario, x: Floats) -> Curve:
        n, d = scenario.tokens, scenario.dimension
        level = least(n, d, beta_of(scenario))

        def curve(t: float, x: Floats) -> float:
            return level

        return curve


def shells(n: int, d: int) -> list[tuple[int, float]]:
    """Return (number, cosine) of the tokens around one of the optimal code.

    Including itself; empty if no such code is known.
    """
    if n <= d + 1:
        return [(1, 1.0), (n - 1, -1 / max(1, n - 1))]
    if d == CIRCLE:
        return [(1, math.cos(2 * math.pi * k / n)) for k in range(n)]
    if n == 2 * d:
        return [(1, 1.0), (2 * d - 2, 0.0), (1, -1.0)]
    if (n, d) == (ICOSAHEDRON, GLOBE):
        near = 5**-0.5
        return [(1, 1.0), (5, near), (5, -near), (1, -1.0)]
    return []


def least(n: int, d: int, beta: float) -> float:
    """Return F̂ of the optimal code of n tokens in R^d."""
    level = sequential_sum(k * math.exp(beta * (c - 1)) for k, c in shells(n, d))
    return level / n
