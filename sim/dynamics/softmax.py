"""Self-attention as it is in transformers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, ClassVar

from sim.dynamics import Dynamics, Field, Law
from sim.dynamics.attention import BETA, Attention, Heads, interaction
from sim.state import State, Velocity

if TYPE_CHECKING:
    from sim.arrays import Array
    from sim.seed import Seed
    from sim.spaces import Space


@dataclass(frozen=True)
class Softmax(Dynamics):
    """ẋᵢ = Pₓᵢ V Σⱼ softmaxⱼ(β⟨Qxᵢ, Kxⱼ⟩) xⱼ  [1]_.

    References
    ----------
    .. [1] Geshkovski, Letrouit, Polyanskiy, Rigollet, "A mathematical perspective on
           transformers", arXiv:2312.10794, eq. (SA).
    """

    kind: ClassVar[str] = "softmax"
    title: ClassVar[str] = "Softmax attention (SA)"
    beta: Annotated[float, BETA] = 4.0
    heads: Heads = field(default_factory=Heads)

    def law(self, space: Space) -> Law:
        return promise(self.heads, self.beta, space)

    def formula(self) -> str:
        return (
            r"\dot{x}_i = P_{x_i}\," + value_symbol(self.heads) + r"Z_i^{-1}"
            r"\sum_j\,e^{\beta" + score_symbol(self.heads) + r"}\,x_j"
        )

    def bind(self, like: Array, seed: Seed) -> Field:
        attention = Attention.of(self.heads, self.beta, like, seed)

        def velocity(s: State) -> Velocity:
            return Velocity(attention.mix(attention.sums(s.x).mean), s.p)

        def energy(s: State) -> Array:
            return interaction(s.x, self.beta)

        return Field(velocity, energy, attention)


def promise(heads: Heads, beta: float, space: Space) -> Law:
    """Say what attention does to F̂: known for Q = K = I and V = c·I on the sphere.

    grad F = β e^{-β} P Σ e^{β⟨xᵢ,xⱼ⟩} xⱼ, so that V = +I ascends and V = -I descends
    F where β > 0, the other way round where β < 0.
    """
    sign = heads.sign() if space.kind == "sphere" else 0
    if sign * beta == 0:
        return "none"
    return "ascends" if sign * beta > 0 else "descends"


def value_symbol(heads: Heads) -> str:
    """Return V as it stands in the formula: nothing, a minus, or the letter."""
    plain = heads.sign() or heads.value.kind == "identity"
    scale = getattr(heads.value, "scale", None)
    if plain and scale in (1.0, -1.0):
        return "" if scale == 1.0 else "-"
    return "V\\,"


def score_symbol(heads: Heads) -> str:
    """Return the inner product as it stands in the formula."""
    q = "" if heads.query.kind == "identity" else "Q"
    k = "" if heads.key.kind == "identity" else "K"
    return rf"\langle {q}x_i,{k}x_j\rangle"
