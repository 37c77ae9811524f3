"""Peri-LN: one norm before attention and one after it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim.expressions.functions import unit
from sim.expressions.tangent import field_symbol
from sim.spaces import Radial, unit_or_zero
from sim.state import State, Velocity

if TYPE_CHECKING:
    from sim.expressions.expression import Expression


@dataclass(frozen=True)
class PeriLN(Radial):
    """ẋ = A(θ)/|A(θ)| with x = rθ: every token moves at speed 1  [1]_.

    References
    ----------
    .. [1] Karagodin et al., "Normalization in attention dynamics", arXiv:2510.22026.
    """

    kind: ClassVar[str] = "peri_ln"
    title: ClassVar[str] = "Peri-LN"

    def project_velocity(self, s: State, v: Velocity) -> Velocity:
        return Velocity(unit_or_zero(v.x), v.p)

    def velocity_formula(self, x: Expression, a: Expression) -> Expression:
        return unit(field_symbol(a))
