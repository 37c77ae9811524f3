"""Rényi centres: the tokens of causal attention that no earlier token is near."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from sim.masks.causal import Causal
from sim.theory import Theory, beta_of, not_plain_set, not_sphere, not_the_equation
from sim.weights.identity import Identity

if TYPE_CHECKING:
    from sim.array_types import Floats, Ints
    from sim.scenario import Scenario
    from sim.theory import Curve


CENTRE_DISTANCE = 4.0  # times β^{−1/2}: the angle where attraction is e^{−8}
MIN_BETA = 4.0  # from which caps of that angle are smaller than the sphere
MAX_TOKENS = 8192  # above, the search takes long where all are centres


@dataclass(frozen=True)
class Centres(Theory):
    """As many clusters as Rényi centres, for a while: tokens stay near them  [1]_.

    Rényi centres are the tokens farther than 4β^{−1/2} from every earlier centre.

    References
    ----------
    .. [1] Karagodin, Polyanskiy, Rigollet, "Clustering in causal attention masking",
           arXiv:2411.04990.
    """

    kind: ClassVar[str] = "centres"
    predicts: ClassVar[str] = "clusters"
    drawn: ClassVar[bool] = True
    label: ClassVar[str] = "Rényi centres"
    formula: ClassVar[str] = "tokens over 4/√β from earlier centres"
    reference: ClassVar[str] = "arXiv:2411.04990"

    def why_not(self, scenario: Scenario, x: Floats) -> str:
        heads, plain = scenario.dynamics.attention_heads, Identity()
        softmax = scenario.dynamics.row_weights == "softmax"
        if heads is None or not softmax or not isinstance(heads.mask, Causal):
            return "it needs causal softmax attention"
        if why := not_plain_set(heads):
            return why
        if not isinstance(heads.value, Identity) or heads.value.scale <= 0:
            return "it needs V = c·I with c > 0"
        if (heads.query, heads.key) != (plain, plain):
            return "it needs Q = K = I"
        if (beta := beta_of(scenario)) < MIN_BETA:
            return f"it needs β ≥ {MIN_BETA:g}, got {beta:g}"
        if len(x) > MAX_TOKENS:
            return f"it needs n ≤ {MAX_TOKENS:,}, got {len(x):,}"
        return not_sphere(scenario) or not_the_equation(scenario)

    def curve(self, scenario: Scenario, x: Floats) -> Curve:
        many = float(len(centres(x, CENTRE_DISTANCE * beta_of(scenario) ** -0.5)))

        def curve(t: float, x: Floats) -> float:
            return many

        return curve


def ranks(scenario: Scenario, x: Floats) -> Ints:
    """Return 2 for strong centres, 1 for other centres, else 0: (n, d) -> int (n,).

    Raises
    ------
    ValueError
        If the theory of centres does not apply; says why.
    """
    if why := Centres().why_not(scenario, x):
        raise ValueError(f"centres are of causal attention: {why}")
    angle = CENTRE_DISTANCE * beta_of(scenario) ** -0.5
    out = np.zeros(len(x), int)
    out[centres(x, angle)] = 1
    out[strong_centres(x, angle)] = 2
    return out


def centres(x: Floats, angle: float) -> Ints:
    """Return which rows of `x`, (n, d), are farther than `angle` from centres."""
    left, found = np.arange(len(x)), list[int]()
    while len(left):
        found.append(int(left[0]))
        left = left[x[left] @ x[left[0]] < math.cos(angle)]
        left = left[left > found[-1]]  # a cosine with itself may round below 1
    return np.array(found)


def strong_centres(x: Floats, angle: float) -> Ints:
    """Return which rows of `x`, (n, d), are farther than `angle` from all earlier."""
    near = math.cos(angle)
    return np.array(
        [k for k in centres(x, angle) if not (x[:k] @ x[k] >= near).any()], int
    )


def expected_strong(n: int, angle: float, d: int) -> float:
    """Return the mean number of strong centres of n uniform tokens on S^{d−1}.

    (1 − (1 − p)ⁿ)/p, p being the share of the sphere within `angle` of a point.
    """
    from scipy.special import betainc

    half = betainc((d - 1) / 2, 0.5, math.sin(angle) ** 2) / 2
    p = float(half if angle <= math.pi / 2 else 1 - half)
    return (1 - (1 - p) ** n) / p


def peak(beta: float) -> float:
    """Return the angle of strongest attraction: argmax e^{β cos x} sin x."""
    if beta == 0:
        return math.pi / 2
    return math.acos((math.hypot(2 * beta, 1) - 1) / (2 * beta))
