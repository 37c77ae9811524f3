"""nGPT: both tokens and the output of attention are normalised."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

from sim.expressions.functions import unit
from sim.expressions.symbols import Symbol
from sim.expressions.tangent import field_symbol
from sim.settings.knobs import Knob
from sim.spaces import UnitSphere, unit_or_zero
from sim.state import State, Velocity

if TYPE_CHECKING:
    from sim.expressions.expression import Expression


@dataclass(frozen=True)
class NGPT(UnitSphere):
    """ẋ = α Pₓ(A/|A|) on the sphere: speed α, whatever the strength of attention  [1]_.

    References
    ----------
    .. [1] Karagodin et al., "Normalization in attention dynamics", arXiv:2510.22026.
    """

    kind: ClassVar[str] = "ngpt"
    title: ClassVar[str] = "nGPT"
    autonomous: ClassVar[bool] = True
    rate: Annotated[
        float,
        Knob("α", 0.001, 100, scale="log", help="Speed where attention is tangential."),
    ] = 1.0

    def project_velocity(self, s: State, v: Velocity) -> Velocity:
        return Velocity(self.rate * self.project_tangent(s.x, unit_or_zero(v.x)), v.p)

    def velocity_formula(self, x: Expression, a: Expression) -> Expression:
        rate = Symbol("rate", r"\alpha", (), "space.rate", self.rate)
        return rate * self.projection_formula(x, unit(field_symbol(a)))
