"""Mix-LN: Post-LN in the first layers, Pre-LN in the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

from sim.arrays import dot, norm
from sim.expressions.conditions import Cases, Compare
from sim.expressions.functions import unit
from sim.expressions.symbols import Named, Symbol
from sim.expressions.tangent import field_symbol, normalised, projected
from sim.settings.knobs import Knob
from sim.spaces import Radial
from sim.state import State, Velocity

if TYPE_CHECKING:
    from sim.expressions.expression import Expression


@dataclass(frozen=True)
class MixLN(Radial):
    """ẋ = PₓA(x) on the sphere up to t = τ, then ẋ = A(θ) with x = rθ  [1]_.

    The speed jumps at τ: choose τ as a multiple of the step.

    References
    ----------
    .. [1] Karagodin et al., "Normalization in attention dynamics", arXiv:2510.22026.
    """

    kind: ClassVar[str] = "mix_ln"
    title: ClassVar[str] = "Mix-LN"
    switch: Annotated[
        float,
        Knob(
            "τ",
            0,
            1000,
            scale="asinh",
            help="Depth at which Post-LN gives way to Pre-LN.",
        ),
    ] = 2.0

    def project_velocity(self, s: State, v: Velocity) -> Velocity:
        if s.t > self.switch:
            return v
        theta = self.normalised(s.x)
        return Velocity(v.x - dot(theta, v.x) * theta, v.p)

    def return_to_space(self, s: State) -> State:
        return s if s.t > self.switch else State(s.t, s.x / norm(s.x), s.p)

    def velocity_formula(self, x: Expression, a: Expression) -> Expression:
        field = field_symbol(a)
        direction = Named(Symbol("theta", r"\theta", ("i",)), unit(x))
        return Cases(self._early(), projected(direction, field), field)

    def layer_formula(self, y: Expression) -> Expression:
        return Cases(self._early(), normalised(y), y)

    def _early(self) -> Expression:
        switch = Symbol("switch", r"\tau", (), "space.switch", self.switch)
        return Compare(Symbol("t", "t"), "<=", switch)
