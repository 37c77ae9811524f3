"""Attention at temperature zero: only the largest score counts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from sim.arrays import namespace, sum_of
from sim.attention.base import Attention
from sim.attention.formula import attention_formula
from sim.attention.heads import Heads
from sim.dynamics import AttentionLaw
from sim.expressions.formula import Motion
from sim.field import Field
from sim.state import State, Velocity

if TYPE_CHECKING:
    from sim.arrays import Array
    from sim.expressions.tokens import Tokens
    from sim.law import EnergyBehaviour
    from sim.seed import Seed
    from sim.spaces import Space

TIE_ULPS = 64  # units in the last place by which equal scores may differ


@dataclass(frozen=True)
class Hardmax(AttentionLaw):
    """ẋᵢ = Pₓᵢ V mean of the xⱼ with the largest ⟨Qxᵢ, Kxⱼ⟩  [1]_.

    The limit β → ∞ of softmax attention; ties are shared by mass.  The field jumps
    where the best token changes, so no integrator keeps its order there.  On the
    sphere with Q = K = I every token attends to itself alone and rests: use the mask
    *others*.

    References
    ----------
    .. [1] Alcalde, Fantuzzi, Zuazua, "Clustering in pure-attention hardmax
           transformers and its role in sentiment analysis", arXiv:2407.01602.
    """

    kind: ClassVar[str] = "hardmax"
    title: ClassVar[str] = "Hardmax attention"
    batched: ClassVar[bool] = True
    energy_name: ClassVar[str] = "Best score"
    energy_help: ClassVar[str] = "(1/n) Σᵢ maxⱼ ⟨Qxᵢ,Kxⱼ⟩"
    heads: Heads = field(default_factory=Heads)

    def inactive(self) -> frozenset[str]:
        return frozenset({"heads.depth.ramp"})  # there is no β

    def energy_behaviour(self, space: Space) -> EnergyBehaviour:
        return "none"

    def formula(self, x: Tokens) -> Motion:
        a = attention_formula(self.heads, x)
        return Motion(a.velocity(a.of_largest()))

    def bind(self, like: Array, seed: Seed) -> Field:
        attention = HardmaxAttention.of(self.heads, 1.0, like, seed)

        def velocity(s: State) -> Velocity:
            return Velocity(attention.at(s.t).velocity(s.x), s.p)

        def energy(s: State) -> Array:
            return namespace(s.x).mean(attention.at(s.t).best(s.x), axis=(-3, -2, -1))

        return Field(velocity, energy, attention)


@dataclass(frozen=True, slots=True)
class HardmaxAttention(Attention):
    """p_ij ∝ mⱼ over the pairs with the largest score of row i."""

    has_beta: ClassVar[bool] = False

    def undropped_weights(self, x: Array, rows: Array) -> Array:
        xp = namespace(x)
        scores, top = self._masked_scores(x, rows)
        tie = TIE_ULPS * xp.finfo(x.dtype).eps * (1 + xp.abs(top))
        best = xp.astype(scores >= top - tie, x.dtype)
        if self.log_mass is not None:
            best = best * xp.exp(self.log_mass[:, 0])
        return best / sum_of(best, -1, keepdims=True)

    def best(self, x: Array) -> Array:
        """Return the largest score of every row: (..., n, d) -> (..., h or 1, n, 1)."""
        return self._masked_scores(x, namespace(x).arange(x.shape[-2]))[1]

    def _masked_scores(self, x: Array, rows: Array) -> tuple[Array, Array]:
        """Return scores, (..., h or 1, r, n), and the largest of each row."""
        xp = namespace(x)
        scores, allowed = self.scores(x, rows)
        if allowed is not None:
            never = xp.asarray(-xp.inf, dtype=scores.dtype)
            scores = xp.where(allowed, scores, never)
        return scores, xp.max(scores, axis=-1, keepdims=True)
