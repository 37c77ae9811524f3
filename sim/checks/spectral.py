"""Consequences of the eigenvalues of D = QᵀK and V, in sentences."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.masks.full import Full
from sim.theory import heads_of, not_sphere

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.attention.heads import Heads
    from sim.measure.operators import Operators
    from sim.scenario import Scenario

RELATIVE_TOLERANCE = 1e-6  # of the largest |λ|: smaller differences are rounding


def consequences(scenario: Scenario, operators: Operators) -> tuple[str, ...]:
    """Return the consequences of the operators in force, in sentences  [1]_ [2]_.

    Empty for laws and MLPs that the theorems do not cover.

    References
    ----------
    .. [1] Geshkovski, Letrouit, Polyanskiy, Rigollet, arXiv:2312.10794.
    .. [2] Geshkovski, Letrouit, Polyanskiy, Rigollet, arXiv:2305.05465.
    """
    heads = heads_of(scenario)
    linear = scenario.dynamics.row_weights == "linear"
    if heads is None or linear or not heads.bare():
        return ()
    return (
        *_energy(scenario, heads, operators),
        *_consensus(scenario, operators),
        *_unbounded(scenario, heads, operators),
    )


def _energy(scenario: Scenario, heads: Heads, o: Operators) -> Iterator[str]:
    """Yield which energy exists: F̂ where D = I, E_D where V = ±c·D."""
    if not isinstance(heads.mask, Full) or not scenario.space.follows_field:
        return
    beta, c = scenario.dynamics.inverse_temperature or 0.0, o.scalar
    if c == 0 or (c < 0 and not scenario.space.bounded):
        return  # nothing moves, or tokens reach 0, where they have no direction
    if o.unit and not math.isnan(c) and c * beta:
        start = f"V = c·I, c {'>' if c > 0 else '<'} 0"
        does = f"F̂ {'increases' if c * beta > 0 else 'decreases'}"
        if beta > 0:
            does = f"{'attraction' if c > 0 else 'repulsion'} ({does})"
        yield f"{start}: {does}."
    elif o.alike and o.symmetric and not math.isnan(o.ratio) and o.ratio * beta:
        sign, does = ("", "increases") if o.ratio > 0 else ("−", "decreases")
        yield f"D symmetric and V = {sign}c·D: the energy E_D {does}."
    elif o.alike and beta:
        yield "No Lyapunov energy is known: it needs D symmetric and V = ±c·D."


def _consensus(scenario: Scenario, o: Operators) -> Iterator[str]:
    """Yield how a single cluster moves: x(t) = e^{tV}x₀ / |e^{tV}x₀|."""
    if scenario.dynamics.row_weights != "softmax" or not_sphere(scenario):
        return
    first, size = o.mean[0], float(abs(o.mean).max())
    ahead = [v for v in o.mean if v.real > first.real - RELATIVE_TOLERANCE * size]
    name = "V" if o.alike else "the mean of V"
    if not math.isnan(o.scalar):
        yield "Consensus is an equilibrium."
    elif abs(first.imag) > RELATIVE_TOLERANCE * size and len(ahead) == 2:  # noqa: PLR2004 - a pair
        period = 2 * math.pi / abs(first.imag)
        yield (
            f"Leading eigenvalue of {name} complex: consensus rotates with period "
            f"2π/Im λ = {period:.4g}."
        )
    elif len(ahead) == 1:
        yield (
            f"Leading eigenvalue of {name} real and simple: consensus converges "
            "to its eigenvector."
        )


def _unbounded(scenario: Scenario, heads: Heads, o: Operators) -> Iterator[str]:
    """Yield the limit of tokens without a norm, in the coordinates z = e^{−tV}x."""
    law = scenario.dynamics
    if law.row_weights != "softmax" or scenario.space.kind != "flat":
        return
    beta = law.inverse_temperature or 0.0
    if not isinstance(heads.mask, Full) or not o.alike or beta <= 0:
        return
    if o.unit and o.scalar > 0:
        yield "V = c·I, c > 0: the convex hull of z = e^(−tV)x shrinks to a polytope."
    elif o.unit and o.scalar < 0:
        yield "V = −c·I: tokens converge to 0, algebraically."
    elif o.leading_score > 0:
        yield (
            "V's dominant eigenvalue is real and simple, ⟨Qφ,Kφ⟩ > 0: z = e^(−tV)x "
            "converges to at most three parallel hyperplanes."
        )
