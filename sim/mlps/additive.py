"""A perceptron beside attention, as in trained transformers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

from sim.expressions.symbols import Symbol
from sim.mlps import FeedForward, Net, Perceptron
from sim.settings.knobs import Knob

if TYPE_CHECKING:
    from sim.arrays import Array
    from sim.expressions.expression import Expression
    from sim.mlps import Indices
    from sim.seed import Seed


@dataclass(frozen=True)
class Additive(Perceptron):
    """ẋᵢ = Pₓᵢ [(1/h) Σ_h V_h yᵢ + c MLP(xᵢ)]: attention and perceptron at once  [1]_.

    A transformer's two residual updates in turn, x ↦ x + h A(x) and x ↦ x + h MLP(x),
    are the Lie–Trotter splitting of it.

    References
    ----------
    .. [1] Geshkovski, Letrouit, Polyanskiy, Rigollet, "A mathematical perspective on
           transformers", arXiv:2312.10794, sec. 2.
    """

    kind: ClassVar[str] = "additive"
    title: ClassVar[str] = "Beside attention"
    strength: Annotated[
        float,
        Knob(
            "c",
            -4,
            4,
            help="Strength of the MLP beside attention; 0 is attention alone.",
            name="MLP c",
        ),
    ] = 1.0

    def bind(
        self, layers: int, heads: int, like: Array, seed: Seed
    ) -> tuple[FeedForward | None, ...]:
        if self.trivial:
            return (None,) * layers
        net = self.net(layers, like, seed)
        return tuple(
            BesideHeads(net.part(k, k + 1), self.strength) for k in range(layers)
        )

    @property
    def trivial(self) -> bool:
        return self.strength == 0

    def inside_formula(self, u: Expression, indices: Indices, path: str) -> Expression:
        return u

    def beside_formula(
        self, x: Expression, indices: Indices, path: str
    ) -> Expression | None:
        if self.trivial:
            return None
        c = Symbol("mlp strength", "c", (), f"{path}.strength", self.strength)
        return c * self.net_formula(x, indices, path)


@dataclass(frozen=True, slots=True)
class BesideHeads(FeedForward):
    """The perceptron of one layer, beside all heads."""

    net: Net
    strength: float

    def inside_heads(self, u: Array) -> Array:
        return u

    def beside_heads(self, x: Array) -> Array | float:
        return self.strength * self.net(x[..., None, :, :])[..., 0, :, :]

    def chain_rule(self, a: Array, u: Array, x: Array) -> Array:
        return a + self.strength * self.net.jacobian(x[..., None, :, :])
