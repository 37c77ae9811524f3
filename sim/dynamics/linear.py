"""Attention without the exponential."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from sim.arrays import namespace, transpose
from sim.attention.base import Attention
from sim.attention.formula import attention_formula
from sim.attention.heads import Heads
from sim.dynamics import AttentionLaw
from sim.expressions.formula import Motion
from sim.field import Field
from sim.law import RowWeights
from sim.masks.full import Full
from sim.state import State, Velocity

if TYPE_CHECKING:
    from sim.arrays import Array
    from sim.expressions.tokens import Tokens
    from sim.law import EnergyBehaviour
    from sim.seed import Seed
    from sim.spaces import Space


@dataclass(frozen=True)
class Linear(AttentionLaw):
    """ẋᵢ = Pₓᵢ V (1/n) Σⱼ ⟨Qxᵢ, Kxⱼ⟩ xⱼ  [1]_.

    Without a mask it costs O(n d²): the sum is C Qxᵢ with C = (1/n) Σⱼ xⱼ(Kxⱼ)ᵀ.

    References
    ----------
    .. [1] Katharopoulos, Vyas, Pappas, Fleuret, "Transformers are RNNs",
           arXiv:2006.16236, with the feature map φ(x) = x and no normalising sum.
    """

    kind: ClassVar[str] = "linear"
    title: ClassVar[str] = "Linear attention"
    batched: ClassVar[bool] = True
    row_weights: ClassVar[RowWeights] = "linear"
    energy_name: ClassVar[str] = "Alignment"
    energy_help: ClassVar[str] = "(1/n²) Σ ⟨xᵢ,xⱼ⟩², between 1/d and 1 on the sphere"
    heads: Heads = field(default_factory=Heads)

    def inactive(self) -> frozenset[str]:
        return frozenset({"heads.depth.ramp"})  # there is no β

    def energy_behaviour(self, space: Space) -> EnergyBehaviour:
        sign = self.heads.attraction_sign(space)
        if sign == 0:
            return "none"
        return "ascends" if sign > 0 else "descends"

    def formula(self, x: Tokens) -> Motion:
        a = attention_formula(self.heads, x)
        return Motion(a.velocity(a.averaged(a.score)))

    def bind(self, like: Array, seed: Seed) -> Field:
        attention = LinearAttention.of(self.heads, 1.0, like, seed)

        def velocity(s: State) -> Velocity:
            return Velocity(attention.at(s.t).velocity(s.x), s.p)

        def energy(s: State) -> Array:
            moment = transpose(s.x) @ attention.weighted(s.x)  # Σ mⱼ xⱼxⱼᵀ
            return namespace(s.x).sum(moment * moment, axis=(-2, -1))

        return Field(velocity, energy, attention)


@dataclass(frozen=True, slots=True)
class LinearAttention(Attention):
    """p_ij = mⱼ s_ij, of either sign, and 0 where masked."""

    normalised: ClassVar[bool] = False
    has_beta: ClassVar[bool] = False

    def undropped_weights(self, x: Array, rows: Array) -> Array:
        xp = namespace(x)
        scores, allowed = self.scores(x, rows)
        if allowed is not None:
            scores = xp.where(allowed, scores, xp.zeros_like(scores))
        mass = 1 if self.log_mass is None else xp.exp(self.log_mass[:, 0])
        return scores * mass / x.shape[-2]

    def columns_alone(self, x: Array, tokens: Array) -> Array | None:
        xp, n = namespace(x), x.shape[-2]
        weights = self.queries(x) @ transpose(xp.take(self.keys(x), tokens, axis=-2))
        allowed = self.mask.allow(xp.arange(n), tokens)
        if allowed is not None:
            weights = xp.where(allowed, weights, xp.zeros_like(weights))
        if self.log_mass is not None:
            weights = weights * xp.exp(xp.take(self.log_mass[:, 0], tokens, axis=0))
        return weights / n

    def undropped_row_sums(self, x: Array) -> Array:
        if not isinstance(self.mask, Full):
            return self.row_sums_directly(x)
        moment = transpose(self.keys(x)) @ self.weighted(x)[..., None, :, :]
        return self.queries(x) @ moment

    def weighted(self, x: Array) -> Array:
        """Return mⱼxⱼ: (..., n, d) -> (..., n, d)."""
        mass = 1 if self.log_mass is None else namespace(x).exp(self.log_mass)
        return x * mass / x.shape[-2]
