"""Perceptrons (MLPs): the part of a transformer that acts on each token alone.

May import weights and `sim.numerics`, and what is below them.
"""

from __future__ import annotations

import abc
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated

from sim.arrays import namespace, transpose
from sim.expressions.expression import Expression
from sim.expressions.functions import gelu, relu, tanh
from sim.expressions.matrices import apply
from sim.expressions.symbols import MapOf, Symbol
from sim.numerics.activations import BENDS, SLOPES, Activation
from sim.settings.knobs import Knob
from sim.settings.plugins import Plugin
from sim.weights import Weights
from sim.weights.gaussian import Gaussian
from sim.weights.identity import Identity

if TYPE_CHECKING:
    from sim.array_types import AnyArray
    from sim.arrays import Array
    from sim.seed import Seed


Indices = tuple[str | Expression, ...]


def linear(z: Expression) -> Expression:
    """Return z: an MLP without a nonlinearity."""
    return z


CURVES = {"relu": relu, "gelu": gelu, "tanh": tanh, "linear": linear}


class FeedForward(abc.ABC):
    """A bound perceptron, inside the heads or beside them."""

    @abc.abstractmethod
    def inside_heads(self, u: Array) -> Array:
        """Return the output of each head, given V_h y_h: (..., h, n, d) both."""

    @abc.abstractmethod
    def beside_heads(self, x: Array) -> Array | float:
        """Return the velocity beside that of the heads, (..., n, d), or 0."""

    @abc.abstractmethod
    def chain_rule(self, a: Array, u: Array, x: Array) -> Array:
        """Return the derivatives whose mean over heads is that of the velocity.

        Given a, the derivative of u = V_h y_h by the query token, (..., h, n, d, d),
        u, (..., h, n, d), and the tokens x, (..., n, d): (..., h, n, d, d).
        """


@dataclass(frozen=True)
class Mlp(Plugin, abc.ABC, package=__name__):
    """Settings of the perceptron."""

    @abc.abstractmethod
    def bind(
        self, layers: int, heads: int, like: Array, seed: Seed
    ) -> tuple[FeedForward | None, ...]:
        """Return the perceptron of every layer beside `like`, (..., n, d), or None.

        Raises
        ------
        ValueError
            If the weights do not fit each other, or the tokens.
        """

    @property
    def trivial(self) -> bool:
        """Whether it changes nothing."""
        return False

    @abc.abstractmethod
    def inside_formula(self, u: Expression, indices: Indices, path: str) -> Expression:
        """Return the output of a head, given V y; `u` itself if nothing changes it.

        `indices` are those of matrices in heads, `path` that of the perceptron.
        """

    @abc.abstractmethod
    def beside_formula(
        self, x: Expression, indices: Indices, path: str
    ) -> Expression | None:
        """Return the velocity of a token `x` beside that of the heads, if there is one.

        `indices` are those of matrices of a layer.
        """


@dataclass(frozen=True, slots=True)
class Net:
    """MLP(x) = W₂ σ(W₁ x + b₁) + b₂, one in every head.

    Attributes
    ----------
    first, second : Array, shapes (h, w, d) and (h, d, w)
        W₁ and W₂.
    inner, outer : Array, shapes (h, 1, w) and (h, 1, d), or None for none
        b₁ and b₂.
    activation : str
        σ.
    """

    first: Array
    second: Array
    inner: Array | None
    outer: Array | None
    activation: Activation

    def __call__(self, x: Array) -> Array:
        """Return MLP_h(x): (..., h or 1, n, d) -> (..., h, n, d)."""
        y = BENDS[self.activation](self._hidden(x)) @ transpose(self.second)
        return y if self.outer is None else y + self.outer

    def jacobian(self, x: Array) -> Array:
        """Return W₂ diag(σ') W₁: (..., h or 1, n, d) -> (..., h, n, d, d)."""
        bend = SLOPES[self.activation](self._hidden(x))[..., None, :]
        return (self.second[:, None, :, :] * bend) @ self.first[:, None, :, :]

    def part(self, a: int, b: int) -> Net:
        """Return the perceptrons of the heads a to b − 1."""
        inner = None if self.inner is None else self.inner[a:b, :, :]
        outer = None if self.outer is None else self.outer[a:b, :, :]
        first, second = self.first[a:b, :, :], self.second[a:b, :, :]
        return Net(first, second, inner, outer, self.activation)

    def _hidden(self, x: Array) -> Array:
        z = x @ transpose(self.first)
        return z if self.inner is None else z + self.inner


@dataclass(frozen=True)
class Perceptron(Mlp, abc.ABC):
    """Settings of MLP(x) = W₂ σ(W₁ x + b₁) + b₂."""

    first: Annotated[
        Weights, Knob("MLP W₁", help="The first matrix W₁ of the perceptron.")
    ] = field(default_factory=Gaussian)
    second: Annotated[
        Weights, Knob("MLP W₂", help="The second matrix W₂ of the perceptron.")
    ] = field(default_factory=Gaussian)
    activation: Annotated[
        Activation,
        Knob(
            "σ",
            help="Activation: ReLU is max(x, 0), GELU x Φ(x) is its smooth form, tanh "
            "saturates, linear leaves W₂W₁.",
            name="MLP σ",
        ),
    ] = "relu"
    bias: Annotated[
        float,
        Knob(
            "σ_b",
            0,
            4,
            help="Spread of the random biases b₁ and b₂; larger moves the kinks away "
            "from the origin, and adds a constant drift.  0 is without.",
            name="MLP σ_b",
        ),
    ] = 0.0

    def net_formula(self, u: Expression, indices: Indices, path: str) -> Expression:
        """Return MLP(u)."""
        letter = r"\mathrm{MLP}" + Symbol("", "", indices).latex()
        z = Symbol("hidden", "u")

        def symbol(name: str, letter: str, setting: object, field: str) -> Symbol:
            where = f"{path}.{field}"
            return Symbol(f"mlp {name}", letter, indices, where, setting, drawn=True)

        w1, w2 = (
            None if weights == Identity() else symbol(letter, letter, weights, field)
            for letter, weights, field in (
                ("W_1", self.first, "first"),
                ("W_2", self.second, "second"),
            )
        )
        hidden = apply(w1, z)
        if self.bias:
            hidden = hidden + symbol("b_1", "b_1", self.bias, "bias")
        body = apply(w2, CURVES[self.activation](hidden))
        if self.bias:
            body = body + symbol("b_2", "b_2", self.bias, "bias")
        return MapOf(letter, z, body, u, called=True)

    @property
    def is_identity(self) -> bool:
        """Whether the perceptron is the identity."""
        one = self.first == self.second == Identity()
        return one and self.activation == "linear" and not self.bias

    def net(self, h: int, like: Array, seed: Seed) -> Net:
        """Draw h perceptrons, and put them beside `like`: (..., n, d)."""
        xp, d = namespace(like), like.shape[-1]
        first = self.first.draw(h, d, seed.rng("mlp first"))
        w = first.shape[-2]
        second = self.second.draw(h, w, seed.rng("mlp second"))
        if second.shape[-2] != d:
            raise ValueError(
                f"the MLP's W₂ must be d × w = {d} × {w}, since W₁ is {w} × {d}; got "
                f"{second.shape[-2]} × {w}. Give W₂ from a file, or a W₁ of {d} rows."
            )

        def there(m: AnyArray) -> Array:
            return xp.asarray(m, dtype=like.dtype, copy=True)

        def drawn(name: str, size: int) -> Array | None:
            row = seed.rng(name).normal(scale=self.bias, size=(h, 1, size))
            return there(row) if self.bias else None

        inner, outer = drawn("mlp first bias", w), drawn("mlp second bias", d)
        return Net(there(first), there(second), inner, outer, self.activation)
