"""Growth rates of harmonics of nearly uniform tokens, and which grows fastest."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim.initial.polygon import Polygon
from sim.theory import (
    Theory,
    beta_of,
    coefficient,
    lacks_constant_beta,
    not_plain_attention,
    not_sphere,
    not_the_equation,
)
from sim.theory.uniform import energy

if TYPE_CHECKING:
    from sim.array_types import Floats
    from sim.scenario import Scenario
    from sim.theory import Curve


CIRCLE = 2  # dimensions
FRACTION_TERMS = 40  # beyond β, where each term divides the error by ten
MIN_TOKENS_PER_CLUSTER = 8  # fewer are not nearly uniform


@dataclass(frozen=True)
class Growth(Theory):
    """From a nearly regular polygon, as many clusters as the mode k that grows fastest.

    σ_k = k²I_k(β)/βI₀(β) for softmax attention  [1]_.

    References
    ----------
    .. [1] Bruno, Pasqualotto, Agazzi, arXiv:2410.23228.
    """

    kind: ClassVar[str] = "growth"
    predicts: ClassVar[str] = "clusters"
    drawn: ClassVar[bool] = True
    label: ClassVar[str] = "Clusters to come"
    formula: ClassVar[str] = "argmax k² I_k(β)"
    reference: ClassVar[str] = "arXiv:2410.23228"

    def why_not(self, scenario: Scenario, x: Floats) -> str:
        why = (
            lacks_constant_beta(scenario)
            or not_plain_attention(scenario)
            or not_sphere(scenario)
            or not_the_equation(scenario)
        )
        if why:
            return why
        polygon = isinstance(scenario.initial, Polygon)
        if scenario.dimension != CIRCLE or not polygon:
            return "it needs a regular polygon as start"
        if coefficient(scenario) * beta_of(scenario) <= 0:
            return "it needs V = c·I with βc > 0"
        n, k = scenario.tokens, fastest(beta_of(scenario), CIRCLE)
        least = MIN_TOKENS_PER_CLUSTER
        few = f"it needs {least} tokens per cluster, got {n} for {k} clusters"
        return few if n < least * k else ""

    def curve(self, scenario: Scenario, x: Floats) -> Curve:
        k = float(fastest(beta_of(scenario), CIRCLE))

        def curve(t: float, x: Floats) -> float:
            return k

        return curve


def rate(degree: int, beta: float, d: int, *, softmax: bool = True) -> float:
    """Return σ_ℓ, the growth rate of harmonics of `degree` on uniform tokens of R^d.

    With V = +I; the sign is opposite with V = −I.  Without `softmax` it is the rate of
    unnormalised attention in the time of the papers, e^{β⟨x,y⟩} unshifted.
    """
    order, across = d / 2 - 1, degree * (degree + d - 2)
    if beta == 0:  # only the mean has an effect
        return (d - 1) / d if degree == 1 else 0.0
    ratio = math.prod(quotients(order, beta, degree)) / beta
    mean = 1.0 if softmax else energy(beta, d) * math.exp(beta)
    return across * ratio * mean


def fastest(beta: float, d: int) -> int:
    """Return the degree that grows fastest; about √(2β) for large β."""
    degrees = range(1, 4 + int(2 * (2 * abs(beta)) ** 0.5))
    return max(degrees, key=lambda k: rate(k, beta, d))


def critical_noise(beta: float, d: int) -> float:
    """Return κ below which noise √(2/κ) keeps uniform tokens uniform.

    For unnormalised attention in the time of the papers; d at β → 0.
    """
    slow = rate(1, beta, d, softmax=False)
    return (d - 1) / slow


def tricritical(d: int) -> float:
    """Return β up to which noise orders uniform tokens of R^d continuously  [1]_.

    The root of I_{d/2+1}(β) = I_{d/2}(β)/d; above, the transition is discontinuous.

    References
    ----------
    .. [1] arXiv:2606.05140.
    """
    from scipy.optimize import root_scalar

    def excess(beta: float) -> float:
        return quotients(d / 2, beta, 1)[0] - 1 / d

    # I_{ν+1}/I_ν < β/(2ν + 2), and with ν = d/2 that is 1/d at β = 1 + 2/d.
    return root_scalar(excess, bracket=(1.0, 1 + 8 / d), xtol=1e-14).root


def quotients(order: float, beta: float, count: int) -> list[float]:
    """Return I_{ν+1}/I_ν, I_{ν+2}/I_{ν+1}, … at β for ν = `order`: `count` of them.

    By the continued fraction 1/(2(ν+1)/β + 1/(2(ν+2)/β + …)), from its tail: Bessel
    functions of high orders underflow  [1]_.

    References
    ----------
    .. [1] NIST Digital Library of Mathematical Functions, 10.33.
    """
    found = [0.0]
    for k in range(int(abs(beta)) + FRACTION_TERMS + count, 0, -1):
        found.append(1 / (2 * (order + k) / beta + found[-1]))
    return found[: -count - 1 : -1]
