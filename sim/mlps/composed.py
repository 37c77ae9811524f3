"""A perceptron inside every head, applied to its output."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim.mlps import FeedForward, Net, Perceptron

if TYPE_CHECKING:
    from sim.arrays import Array
    from sim.expressions.expression import Expression
    from sim.mlps import Indices
    from sim.seed import Seed


@dataclass(frozen=True)
class Composed(Perceptron):
    """ẋᵢ = Pₓᵢ (1/h) Σ_h MLP_h(V_h yᵢ), y being the output of head h.

    With σ linear and no bias it is attention with V → W₂W₁V.
    """

    kind: ClassVar[str] = "composed"
    title: ClassVar[str] = "In every head"

    def bind(
        self, layers: int, heads: int, like: Array, seed: Seed
    ) -> tuple[FeedForward | None, ...]:
        if self.trivial:
            return (None,) * layers
        net = self.net(layers * heads, like, seed)
        return tuple(
            InsideHeads(net.part(k * heads, (k + 1) * heads)) for k in range(layers)
        )

    @property
    def trivial(self) -> bool:
        return self.is_identity

    def inside_formula(self, u: Expression, indices: Indices, path: str) -> Expression:
        return u if self.trivial else self.net_formula(u, indices, path)

    def beside_formula(
        self, x: Expression, indices: Indices, path: str
    ) -> Expression | None:
        return None


@dataclass(frozen=True, slots=True)
class InsideHeads(FeedForward):
    """The perceptrons of one layer, one in each head."""

    net: Net

    def inside_heads(self, u: Array) -> Array:
        return self.net(u)

    def beside_heads(self, x: Array) -> Array | float:
        return 0.0

    def chain_rule(self, a: Array, u: Array, x: Array) -> Array:
        return self.net.jacobian(u) @ a
