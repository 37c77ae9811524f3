"""Self-attention as in transformers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, ClassVar

from sim.attention.divergence import divergence
from sim.attention.formula import AttentionFormula, attention_formula
from sim.attention.heads import BETA, Heads
from sim.attention.softmax import SoftmaxAttention
from sim.dynamics import AttentionLaw, Dynamics, of_each
from sim.expressions.formula import Motion
from sim.expressions.functions import exp
from sim.field import Field
from sim.law import RowWeights
from sim.state import State, Velocity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.arrays import Array
    from sim.expressions.expression import Expression
    from sim.expressions.tokens import Tokens
    from sim.law import EnergyBehaviour
    from sim.seed import Seed
    from sim.spaces import Space


@dataclass(frozen=True)
class Softmax(AttentionLaw):
    """ẋᵢ = Pₓᵢ V Σⱼ softmaxⱼ(β⟨Qxᵢ, Kxⱼ⟩) xⱼ  [1]_.

    References
    ----------
    .. [1] Geshkovski, Letrouit, Polyanskiy, Rigollet, "A mathematical perspective on
           transformers", arXiv:2312.10794, eq. (SA).
    """

    kind: ClassVar[str] = "softmax"
    title: ClassVar[str] = "Softmax attention (SA)"
    row_weights: ClassVar[RowWeights] = "softmax"
    batched: ClassVar[bool] = True
    numbers_of_runs: ClassVar[frozenset[str]] = frozenset({"beta"})
    beta: Annotated[float, BETA] = 4.0
    heads: Heads = field(default_factory=Heads)

    @property
    def inverse_temperature(self) -> float:
        return self.beta

    def energy_behaviour(self, space: Space) -> EnergyBehaviour:
        return interaction_behaviour(self.heads, self.beta, space)

    def formula(self, x: Tokens) -> Motion:
        a = attention_formula(self.heads, x)
        return Motion(a.velocity(softmax_rows(a, a.beta(self.beta))))

    def bind(self, like: Array, seed: Seed) -> Field:
        return self.bind_runs(like, [seed], [self])

    def bind_runs(
        self, like: Array, seeds: Sequence[Seed], laws: Sequence[Dynamics]
    ) -> Field:
        beta = of_each(laws, "beta")
        return attention_field(SoftmaxAttention.of(self.heads, beta, like, seeds[0]))


def softmax_rows(a: AttentionFormula, beta: Expression) -> Expression:
    """Return the formula of Σⱼ p_ij yⱼ, p_ij ∝ mⱼ e^{s_ij}, y being the keys."""

    def weight(i: str, j: str) -> Expression:
        return a.weighed(j, exp(beta * a.score(i, j)))

    return a.normalised(weight)


def attention_field(attention: SoftmaxAttention) -> Field:
    """Return the field of tokens that move by `attention`, with F̂ as its energy."""

    def velocity(s: State) -> Velocity:
        return Velocity(attention.at(s.t).velocity(s.x), s.p)

    def energy(s: State) -> Array:
        return attention.at(s.t).interaction(s.x)

    def power(s: State, v: Velocity) -> Array:
        return attention.power(s.x, v.x)

    def velocity_and_jacobian(s: State) -> tuple[Array, Array]:
        now = attention.at(s.t)
        output, derivative = now.output_and_jacobian(s.x)
        return now.residual_update(output, s.x), now.jacobian(derivative, output, s.x)

    def divergence_of(s: State, sphere: bool) -> Array | None:
        return divergence(attention.at(s.t), s.x, sphere=sphere)

    return Field(
        velocity,
        energy,
        attention,
        velocity_and_jacobian=velocity_and_jacobian
        if attention.differentiable
        else None,
        divergence=divergence_of,
        power=power if attention.schedule is None else None,
    )


def interaction_behaviour(heads: Heads, beta: float, space: Space) -> EnergyBehaviour:
    """Return what attention does to F̂: known for Q = K = I and V = c·I on the sphere.

    grad F = β e^{-β} P Σ e^{β⟨xᵢ,xⱼ⟩} xⱼ, so that V = +I ascends and V = -I descends
    F where β > 0, the reverse where β < 0; there tokens of free length reach 0.
    """
    sign = heads.attraction_sign(space) * beta
    if sign == 0 or (beta < 0 and not space.bounded):
        return "none"
    return "ascends" if sign > 0 else "descends"
