"""Mix-LN: Post-LN in the first layers, Pre-LN in the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

from sim.arrays import dot, norm
from sim.expressions.conditions import Cases, Compare
from sim.expressions.functions import unit
from sim.expressions.symbols import Named, Symbol
from sim.expressions.tangent import field_symbol, normalised, projected
from sim.instants import next_of, reached
from sim.settings.knobs import Knob
from sim.spaces import Radial, Space
from sim.spaces.pre_ln import PreLN
from sim.state import State, Velocity

if TYPE_CHECKING:
    from sim.expressions.expression import Expression


@dataclass(frozen=True)
class MixLN(Radial):
    """ẋ = PₓA(x) on the sphere up to t = τ, then ẋ = A(θ) with x = rθ  [1]_.

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

    def at(self, t: float) -> Space:
        return PreLN() if reached(t, self.switch) else POST_PHASE

    def next_jump(self, t: float) -> float:
        return next_of(t, self.switch)

    def project_velocity(self, s: State, v: Velocity) -> Velocity:
        return self.at(s.t).project_velocity(s, v)

    def return_to_space(self, s: State) -> State:
        return self.at(s.t).return_to_space(s)

    def velocity_formula(self, x: Expression, a: Expression) -> Expression:
        field = field_symbol(a)
        direction = Named(Symbol("theta", r"\theta", ("i",)), unit(x))
        return Cases(self._early(), projected(direction, field), field)

    def layer_formula(self, y: Expression) -> Expression:
        return Cases(self._early(), normalised(y), y)

    def _early(self) -> Expression:
        switch = Symbol("switch", r"\tau", (), "space.switch", self.switch)
        return Compare(Symbol("t", "t"), "<", switch)


@dataclass(frozen=True)
class PostPhase(Radial):
    """ẋ = PₓA(x) on the sphere, as a part of the whole of R^d."""

    def project_velocity(self, s: State, v: Velocity) -> Velocity:
        theta = self.normalised(s.x)
        return Velocity(v.x - dot(theta, v.x) * theta, v.p)

    def return_to_space(self, s: State) -> State:
        return State(s.t, s.x / norm(s.x), s.p)


POST_PHASE = PostPhase()
