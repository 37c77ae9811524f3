"""Formulas on graphs: edges, their weights, and attention along them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.attention.formula import matrix
from sim.expressions.conditions import Joined
from sim.expressions.expression import Expression, Quotient
from sim.expressions.functions import inner, tanh
from sim.expressions.matrices import apply
from sim.expressions.sums import Total, mean
from sim.expressions.symbols import HEAD, Named, Symbol
from sim.expressions.tokens import Tokens

if TYPE_CHECKING:
    from sim.exterior_calculus.edge_attention import Nonlinearity
    from sim.graphs import Topology
    from sim.weights import Weights

GRAPH = "dynamics.graph"
METRIC = "dynamics.metric"


def joined(
    i: str = "i", j: str = "j", *, loops: bool = False, lone: bool = False
) -> Joined:
    """Return the condition that an edge joins i and j, or that they are equal.

    With `lone` a token without edges is its own neighbour.
    """
    if loops:
        note = r"j\simeq i:\ \mathrm{equal\ or\ joined\ by\ an\ edge}"
    else:
        note = r"j\sim i:\ \mathrm{joined\ by\ an\ edge}"
    if lone:
        note += r"\mathrm{,\ or\ equal\ where\ there\ is\ none}"
    return Joined("adjacency", i, j, GRAPH, loops=loops, lone=lone, note=note)


def own_weight(i: str, j: str, topology: Topology) -> Symbol | None:
    """Return the weight that the graph gives an edge; None if all are 1."""
    if not topology.weighted:
        return None
    note = r"w_{ij}\ \mathrm{from\ the\ file},\; w_{ii} = 1"
    return Symbol("edge weight", "w", (i, j), GRAPH, topology, note)


def nonlinear(nonlinearity: Nonlinearity, flow: Expression) -> Expression:
    """Return σ of a velocity."""
    return tanh(flow) if nonlinearity == "tanh" else flow


def first_tokens(x: Tokens) -> Tokens:
    """Return the tokens as they were at the start."""
    note = rf"{x.letter}^{{0}}_i = {x.letter}_i(0)"
    return Tokens(x.letter + "^{0}", "first tokens", note)


def mean_over_heads(count: int, path: str, body: Expression) -> Expression:
    """Return the mean over heads, where there are several."""
    if count == 1:
        return body
    return mean(HEAD, Symbol("H", "H", (), f"{path}.count", count), body)


def head_scores(
    x: Tokens, count: int, weights: tuple[Weights, Weights], path: str, j: str = "j"
) -> Expression:
    """Return ⟨Qxᵢ, Kxⱼ⟩ of a head."""
    head = (HEAD,) if count > 1 else ()
    q, k = (
        matrix(letter, f"{path}.{name}", w, head)
        for letter, name, w in zip("QK", ("query", "key"), weights, strict=True)
    )
    return inner(apply(q, x("i")), apply(k, x(j)))


def softmax_along_arcs(
    weight: Expression, other: Expression, indices: tuple[str, ...], *, loops: bool
) -> Named:
    """Return αᵢⱼ: a weight over the sum of the same for all neighbours k of i."""
    total = Total("k", other, joined(j="k", loops=loops))
    return Named(Symbol("alpha", r"\alpha", indices), Quotient(weight, total))
