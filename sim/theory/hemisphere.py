"""Tokens in an open hemisphere stay in it and converge to one point."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, cast

import numpy as np

from sim.theory import TEMPERED, Theory, has_mlp, not_the_equation
from sim.weights.identity import Identity

if TYPE_CHECKING:
    from collections.abc import Callable

    from scipy.optimize import OptimizeResult

    from sim.array_types import Floats
    from sim.scenario import Scenario
    from sim.theory import Curve


MAX_TOKENS = 20_000  # above, the search for the pole takes too long
MIN_HEIGHT = 1e-9  # above the equator


@dataclass(frozen=True)
class Hemisphere(Theory):
    """minᵢ⟨xᵢ,w⟩ never decreases, w the pole of a hemisphere of all tokens  [1]_.

    For V = c·I with c > 0, any Q, K and mask, at every depth, and no MLP: attention
    moves tokens inwards.

    References
    ----------
    .. [1] Geshkovski, Letrouit, Polyanskiy, Rigollet, arXiv:2312.10794.
    """

    kind: ClassVar[str] = "hemisphere"
    label: ClassVar[str] = "min ⟨xᵢ,w⟩"
    formula: ClassVar[str] = "minᵢ ⟨xᵢ,w⟩ never decreases"
    reference: ClassVar[str] = "arXiv:2312.10794"

    def why_not(self, scenario: Scenario, x: Floats) -> str:
        law, heads = scenario.dynamics, scenario.dynamics.attention_heads
        if heads is None or law.row_weights not in TEMPERED:
            return f"it needs softmax or unnormalised attention, got {law.kind}"
        if why := has_mlp(heads) or not_the_equation(scenario):
            return why
        value = heads.value
        if not isinstance(value, Identity) or value.scale <= 0:
            return "it needs V = c·I with c > 0"
        if not (scenario.space.bounded and scenario.space.follows_field):
            return f"it needs a sphere, got {scenario.space.kind}"
        if len(x) > MAX_TOKENS:
            return f"it is computed up to n = {MAX_TOKENS:,}, got {len(x):,}"
        return "" if pole(x) is not None else "tokens do not start in a hemisphere"

    def curve(self, scenario: Scenario, x: Floats) -> Curve:
        w = pole(x)
        assert w is not None

        def curve(_: float, x: Floats) -> float:
            return float((x @ w).min())

        return curve


def pole(x: Floats) -> Floats | None:
    """Return a unit w with ⟨xᵢ,w⟩ > 0 for all rows of x, (n, d), if there is one."""
    from scipy import optimize

    # Of a function without types, what it returns would be worked out at each check.
    solve = cast("Callable[..., OptimizeResult]", optimize.linprog)
    n, d = x.shape
    above = np.hstack([-x, np.ones((n, 1))])  # maximise the margin m: ⟨xᵢ,w⟩ ≥ m
    goal = np.append(np.zeros(d), -1.0)
    found = solve(goal, above, np.zeros(n), bounds=[(-1, 1)] * (d + 1))
    if found.x is None or found.x[-1] <= MIN_HEIGHT:
        return None
    w = found.x[:-1]
    return w / np.linalg.norm(w)
