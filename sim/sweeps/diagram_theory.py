"""Curves of theory over phase diagrams."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.initial.equiangular import Equiangular
from sim.measure.clusters import SAME_CLUSTER_COSINE
from sim.scenario import edit
from sim.spaces.sphere import Sphere
from sim.sweeps.diagram import TIME
from sim.theory import (
    TEMPERED,
    coefficient,
    not_plain_attention,
    not_the_equation,
)
from sim.theory.equiangular import weights

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from sim.sweeps.diagram import Axis, Diagram

BETA, TOKENS, COSINE = "dynamics.beta", "tokens", "initial.cosine"
Line = tuple[str, list[float], list[float]]
"""What it is, and its x and y."""


def time_to_consensus(
    scenario: Scenario, start: float = 0.0, end: float = SAME_CLUSTER_COSINE
) -> float:
    """Return when tokens at equal angles go from the cosine `start` to `end`.

    ∫ dρ/ρ' with ρ' = 2cb(1−ρ)(1+(n−1)ρ), b the attention to each other token; random
    tokens of many dimensions start near ρ = 0.  NaN for one token; ∞ where they are too
    slow for a float.
    """
    from scipy.integrate import quad

    n, c = scenario.tokens, coefficient(scenario)
    if n == 1:
        return math.nan

    def slowness(rho: float) -> float:
        other = weights(scenario, n, rho)[1]
        return 1 / (2 * c * other * (1 - rho) * (1 + (n - 1) * rho))

    try:
        return float(quad(slowness, start, end, limit=200)[0])
    except ZeroDivisionError:
        return math.inf


def peak_of_attraction(beta: float) -> float:
    """Return the cosine at which two tokens attract each other most.

    The maximum of e^{β(cos θ − 1)} sin θ: cos θ = (√(4β² + 1) − 1)/2β.
    """
    return 0.0 if beta == 0 else (math.sqrt(4 * beta**2 + 1) - 1) / (2 * beta)


def lines(diagram: Diagram) -> list[Line]:
    """Return the curves that theory has for the axes of a diagram."""
    if why_no_line(diagram):
        return []
    over, along = _axes(diagram)
    if along.path == TIME:
        name, s = "tokens at equal angles merge", diagram.scenario
        start = s.initial.cosine if isinstance(s.initial, Equiangular) else 0.0
        found = []
        for value in over.values:
            changed = {over.path: int(value) if over.path == TOKENS else value}
            found.append(time_to_consensus(edit(s, changed), start))
    else:
        name = "peak of attraction"
        found = [peak_of_attraction(beta) for beta in over.values]
    turned = over is diagram.y
    return [(name, found, [*over.values]) if turned else (name, [*over.values], found)]


def why_no_line(diagram: Diagram) -> str:
    """Return why there is no curve of theory over a diagram; "" if there is one."""
    s, (over, along) = diagram.scenario, _axes(diagram)
    known = {TIME: (BETA, TOKENS), COSINE: (BETA,)}
    if over.path not in known.get(along.path, ()):
        return "it needs β or n and time, or β and the cosine of equal angles, as axes"
    if why := not_plain_attention(s) or not_the_equation(s):
        return why
    if not isinstance(s.space, Sphere):
        return f"it needs the sphere, got {s.space.kind}"
    if s.dynamics.row_weights not in TEMPERED:
        return f"it needs weights exp(β s), got {s.dynamics.kind}"
    if coefficient(s) <= 0:
        return f"it needs V = c·I with c > 0, got c = {coefficient(s):g}"
    return ""


def _axes(diagram: Diagram) -> tuple[Axis, Axis]:
    """Return the axis of the setting, and that along which theory has a value."""
    x, y = diagram.x, diagram.y
    return (y, x) if x.path in (TIME, COSINE) else (x, y)
