"""Tokens in an open hemisphere never leave it, and become one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from sim.theory import TEMPERED, Theory, not_bare, not_clean
from sim.weights.identity import Identity

if TYPE_CHECKING:
    from sim.array_types import Floats
    from sim.scenario import Scenario
    from sim.theory import Curve


MOST = 20_000  # tokens: above, the search for the pole takes too long
INSIDE = 1e-9  # height above the equator that counts


@dataclass(frozen=True)
class Hemisphere(Theory):
    """minᵢ⟨xᵢ,w⟩ never falls, w a pole that sees all tokens at the start  [1]_.

    For V = c·I with c > 0 and any Q, K and mask, at every depth: attention pulls
    inwards, and no MLP pulls elsewhere.

    References
    ----------
    .. [1] Geshkovski, Letrouit, Polyanskiy, Rigollet, arXiv:2312.10794.
    """

    kind: ClassVar[str] = "hemisphere"
    label: ClassVar[str] = "min ⟨xᵢ,w⟩"
    formula: ClassVar[str] = "minᵢ ⟨xᵢ,w⟩ never falls"

    def why_not(self, scenario: Scenario, x: Floats) -> str:
        law, heads = scenario.dynamics, scenario.dynamics.attention_heads
        if heads is None or law.row_weights not in TEMPERED:
            return f"it needs softmax or unnormalised attention, got {law.kind}"
        if why := not_bare(heads) or not_clean(scenario):
            return why
        value = heads.value
        if not isinstance(value, Identity) or value.scale <= 0:
            return "it needs V = c·I with c > 0"
        if not (scenario.space.bounded and scenario.space.follows_field):
            return f"it needs a sphere, got {scenario.space.kind}"
        if len(x) > MOST:
            return f"it is looked for up to n = {MOST:,}, got {len(x):,}"
        return "" if pole(x) is not None else "tokens do not start in a hemisphere"

    def curve(self, scenario: Scenario, x: Floats) -> Curve:
        w = pole(x)
        assert w is not None

        def curve(_: float, x: Floats) -> float:
            return float((x @ w).min())

        return curve


def pole(x: Floats) -> Floats | None:
    """Return a unit w with ⟨xᵢ,w⟩ > 0 for all rows of x, (n, d), if there is one."""
    from scipy.optimize import linprog

    n, d = x.shape
    above = np.hstack([-x, np.ones((n, 1))])  # maximise the margin m: ⟨xᵢ,w⟩ ≥ m
    goal = np.append(np.zeros(d), -1.0)
    found = linprog(goal, above, np.zeros(n), bounds=[(-1, 1)] * (d + 1))
    if found.x is None or found.x[-1] <= INSIDE:
        return None
    w = found.x[:-1]
    return w / np.linalg.norm(w)
