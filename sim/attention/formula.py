"""The formula of attention, composed from the settings of heads that are in force."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.expressions.expression import ONE, Expression, Quotient, reciprocal
from sim.expressions.functions import floor, inner, remainder, sqrt
from sim.expressions.matrices import apply
from sim.expressions.sums import IsLargest, Total, mean
from sim.expressions.symbols import HEAD, Named, Symbol
from sim.weights.identity import Identity

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.attention.heads import Heads
    from sim.expressions.tokens import Tokens
    from sim.weights import Weights

    Weight = Callable[[str, str], Expression]  # of the indices i and j

HEADS = "dynamics.heads"
TIME = Symbol("t", "t")
SIZE = Symbol("n", "n", path="tokens")


def inverse_temperature(beta: float) -> Symbol:
    """Return β with its setting."""
    return Symbol("beta", r"\beta", path="dynamics.beta", setting=beta)


def matrix(
    letter: str,
    path: str,
    weights: Weights | None,
    indices: tuple[str | Expression, ...] = (),
) -> Symbol | None:
    """Return a matrix with its setting; None for the identity."""
    if weights is None or weights == Identity():
        return None
    return Symbol(letter, letter, indices, path=path, setting=weights)


@dataclass(frozen=True)
class AttentionFormula:
    """Writes the output of heads, given their weights.

    Attributes
    ----------
    heads : Heads
        The settings.
    x : Tokens
        The tokens that attend.
    keys : Tokens
        What they attend to.
    count : Symbol
        How many keys there are.
    """

    heads: Heads
    x: Tokens
    keys: Tokens
    count: Symbol = SIZE

    def beta(self, beta: float) -> Expression:
        """Return β, or β(t) where it changes."""
        return self.heads.depth.ramp.formula(inverse_temperature(beta), TIME)

    @property
    def indices(self) -> tuple[str | Expression, ...]:
        """The layer and the head, where there are several."""
        return (*self._layer(), *self._head)

    def _layer(self) -> tuple[Expression, ...]:
        depth = self.heads.depth
        if depth.layers == 1:
            return ()
        path = f"{HEADS}.depth"
        thick = Symbol("thickness", r"\Delta", (), f"{path}.thickness", depth.thickness)
        count = Symbol("layers", "L", (), f"{path}.layers", depth.layers)
        number = remainder(floor(Quotient(TIME, thick, inline=True)), count)
        return (Named(Symbol("layer", r"\ell"), number),)

    def score(self, i: str, j: str) -> Expression:
        """Return ⟨Qxᵢ, Kxⱼ⟩, with positions, divided by √dₖ where that is in force."""
        query = self._coded("Q", "query", self.x, i)
        return self.scaled(inner(query, self._coded("K", "key", self.keys, j)))

    def scaled(self, e: Expression) -> Expression:
        """Return a number divided by √dₖ where that is in force."""
        if not self.heads.scaled:
            return e
        width = Symbol("d_k", "d_k", (), f"{HEADS}.scaled", setting=True, drawn=True)
        return Quotient(e, sqrt(width), inline=True)

    def _coded(self, letter: str, name: str, tokens: Tokens, i: str) -> Expression:
        weights, positions = getattr(self.heads, name), self.heads.positions
        m = matrix(letter, f"{HEADS}.{name}", weights, self.indices)
        path = f"{HEADS}.positions"
        projected = apply(m, positions.token_formula(tokens(i), i, path))
        return positions.projected_formula(projected, i, path)

    def mass(self, j: str) -> Symbol | None:
        """Return mⱼ, or None where all are equal."""
        return self.heads.masses.formula(j, f"{HEADS}.masses")

    def domain(self, i: str, j: str) -> Expression | None:
        """Return the condition that j is attended to by i; None if it always is."""
        return self.heads.mask.formula(i, j, f"{HEADS}.mask")

    def total(self, i: str, j: str, body: Expression) -> Expression:
        """Return Σⱼ of `body` over what i attends to."""
        return Total(j, body, self.domain(i, j))

    def weighed(self, j: str, body: Expression) -> Expression:
        """Return mⱼ times a number, or the number itself where masses are equal."""
        m = self.mass(j)
        return body if m is None else m * body

    @property
    def brief(self) -> bool:
        """Whether weights are short enough to be written within the sum."""
        depth = self.heads.depth
        return self.heads.count == 1 and depth.layers == 1 and not depth.dropout

    def normalised(self, weight: Weight) -> Expression:
        """Return Σⱼ wᵢⱼxⱼ / Σₖ wᵢₖ, with dropout."""
        token = self.keys("j")
        if self.brief:
            total = self.total("i", "j", weight("i", "j"))
            z = Named(Symbol("Z", "Z", ("i",)), total, routine=True)
            return reciprocal(z) * self.total("i", "j", weight("i", "j") * token)
        share = Quotient(weight("i", "j"), self.total("i", "k", weight("i", "k")))
        return self._summed(share)

    def averaged(self, weight: Weight) -> Expression:
        """Return Σⱼ mⱼwᵢⱼxⱼ, with dropout: (1/n) Σⱼ wᵢⱼxⱼ for equal masses."""
        w = self.weighed("j", weight("i", "j"))
        if self.brief:
            total = self.total("i", "j", w * self.keys("j"))
            return self._share(total)
        return self._summed(self._share(w))

    def _share(self, e: Expression) -> Expression:
        return e if self.mass("j") is not None else reciprocal(self.count) * e

    def averaged_over(self, j: str, e: Expression) -> Expression:
        """Return Σⱼ mⱼ of a number, over all j."""
        return self._share(Total(j, self.weighed(j, e)))

    def averaged_named(self, weight: Expression) -> Expression:
        """Return Σⱼ mⱼwᵢⱼxⱼ, with dropout, where weights always have a name."""
        return self._summed(self._share(self.weighed("j", weight)))

    def of_largest(self) -> Expression:
        """Return the mean of the keys with the largest score, by mass, with dropout."""
        best = Symbol("C", "C", (*self._head, "i"))

        def chosen(j: str) -> Expression:
            return IsLargest(best, j, self.score("i", j), self.domain("i", j))

        mass = self.mass("j") or ONE
        count = Total("k", self.mass("k") or ONE, chosen("k"))
        share = self._dropped(mass)
        body = self.keys("j") if share == ONE else share * self.keys("j")
        around = "|{}|" if mass == ONE else "m({})"
        size = Named(
            Symbol("size", "C", (*self._head, "i"), around=around), count, routine=True
        )
        return reciprocal(size) * Total("j", body, chosen("j"))

    @property
    def _head(self) -> tuple[str, ...]:
        return (HEAD,) if self.heads.count > 1 else ()

    def _summed(self, weight: Expression) -> Expression:
        where = (*self._head, "i", "j")
        a = Named(Symbol("A", "A", where), self._dropped(weight))
        return self.total("i", "j", a * self.keys("j"))

    def _dropped(self, weight: Expression) -> Expression:
        """Return a weight times what dropout makes of 1."""
        rate = self.heads.depth.dropout
        if not rate:
            return weight
        path = f"{HEADS}.depth.dropout"
        q = Symbol("q", "q", (), path, rate)
        where = (*self._head, "i", "j")
        note = rf"\Pr({Symbol('B', 'B', where).latex()} = 0) = q,\;" + (
            r"\mathrm{else}\ 1,\ \mathrm{drawn\ for\ each\ layer}"
        )
        kept = Symbol("kept", "B", where, path, rate, note)
        return weight * Quotient(kept, ONE - q)

    def velocity(self, output: Expression) -> Expression:
        """Return the velocity of the token i: the mean over heads of V times `output`.

        With a perceptron inside the heads or beside them.
        """
        mlp, path = self.heads.mlp, f"{HEADS}.mlp"
        repelled = self.heads.value == Identity(-1.0)
        value = None if repelled else self.heads.value
        pulled = apply(matrix("V", f"{HEADS}.value", value, self.indices), output)
        outside = mlp.inside_formula(pulled, self.indices, path) is pulled
        if repelled and not outside:
            pulled = -pulled
        update = mlp.inside_formula(pulled, self.indices, path)
        if self.heads.count > 1:
            h = Symbol("H", "H", (), f"{HEADS}.count", self.heads.count)
            update = mean(HEAD, h, update)
        if repelled and outside:
            update = -update
        beside = mlp.beside_formula(self.x("i"), self._layer(), path)
        return update if beside is None else update + beside


def attention_formula(heads: Heads, x: Tokens) -> AttentionFormula:
    """Return the writer of self-attention among tokens."""
    return AttentionFormula(heads, x, x)
