"""Curves of theory over phase diagrams."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.measure.clusters import SAME_CLUSTER_COSINE
from sim.scenario import edit
from sim.spaces.sphere import Sphere
from sim.sweeps.diagram import TIME
from sim.theory import TEMPERED, coefficient, not_plain_attention
from sim.theory.equiangular import weights

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from sim.sweeps.diagram import Diagram

BETA, TOKENS, COSINE = "dynamics.beta", "tokens", "initial.cosine"
Line = tuple[str, list[float], list[float]]
"""What it is, and its x and y."""


def time_to_consensus(
    scenario: Scenario, start: float = 0.0, end: float = SAME_CLUSTER_COSINE
) -> float:
    """Return when tokens at equal angles go from the cosine `start` to `end`.

    ∫ dρ/ρ' with ρ' = 2cb(1−ρ)(1+(n−1)ρ), b the attention to each other token; random
    tokens of many dimensions start near ρ = 0.
    """
    from scipy.integrate import quad

    n, c = scenario.tokens, coefficient(scenario)

    def slowness(rho: float) -> float:
        other = weights(scenario, n, rho)[1]
        return 1 / (2 * c * other * (1 - rho) * (1 + (n - 1) * rho))

    return float(quad(slowness, start, end, limit=200)[0])


def peak_of_attraction(beta: float) -> float:
    """Return the cosine at which two tokens attract each other most.

    The maximum of e^{β(cos θ − 1)} sin θ: cos θ = (√(4β² + 1) − 1)/2β.
    """
    return 0.0 if beta == 0 else (math.sqrt(4 * beta**2 + 1) - 1) / (2 * beta)


def lines(diagram: Diagram) -> list[Line]:
    """Return the curves that theory has for the axes of a diagram."""
    x, y = diagram.x, diagram.y
    turned = x.path in (TIME, COSINE)
    over, along = (y, x) if turned else (x, y)
    name, found = "", [math.nan] * len(over.values)
    if along.path == TIME and over.path in (BETA, TOKENS) and _attracts(diagram):
        name = "tokens at equal angles merge"
        for k, value in enumerate(over.values):
            changed = {over.path: int(value) if over.path == TOKENS else value}
            found[k] = time_to_consensus(edit(diagram.scenario, changed))
    elif along.path.endswith(COSINE) and over.path == BETA:
        name = "peak of attraction"
        found = [peak_of_attraction(beta) for beta in over.values]
    if not name:
        return []
    return [(name, found, [*over.values]) if turned else (name, [*over.values], found)]


def _attracts(diagram: Diagram) -> bool:
    s = diagram.scenario
    plain = not not_plain_attention(s) and isinstance(s.space, Sphere)
    return plain and s.dynamics.row_weights in TEMPERED and coefficient(s) > 0
