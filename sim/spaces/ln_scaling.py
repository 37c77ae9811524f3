"""LN-scaling: deeper layers have smaller weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim.expressions.expression import ONE, Quotient
from sim.expressions.functions import sqrt
from sim.expressions.symbols import Symbol
from sim.spaces import UnitSphere
from sim.state import State, Velocity

if TYPE_CHECKING:
    from sim.expressions.expression import Expression


@dataclass(frozen=True)
class LNScaling(UnitSphere):
    """ẋ = PₓA/√(t + 1) on the sphere: slower with depth  [1]_.

    References
    ----------
    .. [1] Karagodin et al., "Normalization in attention dynamics", arXiv:2510.22026.
    """

    kind: ClassVar[str] = "ln_scaling"
    title: ClassVar[str] = "LN-scaling"

    def project_velocity(self, s: State, v: Velocity) -> Velocity:
        return Velocity(self.project_tangent(s.x, v.x) * (s.t + 1) ** -0.5, v.p)

    def velocity_formula(self, x: Expression, a: Expression) -> Expression:
        t = Symbol("t", "t")
        return Quotient(ONE, sqrt(t + ONE)) * self.projection_formula(x, a)
