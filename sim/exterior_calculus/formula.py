"""Formulas on graphs: edges, their weights, and the brackets of phase space."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.attention.formula import matrix
from sim.expressions.conditions import Joined
from sim.expressions.expression import ONE, Expression, Quotient
from sim.expressions.formula import Motion
from sim.expressions.functions import exp, inner, tanh, triple
from sim.expressions.matrices import Blocks, Diagonal, Inverse, Transposed, apply
from sim.expressions.sums import Symmetrised, Total, mean
from sim.expressions.symbols import HEAD, Named, Symbol, Tokens

if TYPE_CHECKING:
    from sim.exterior_calculus.edge_attention import Nonlinearity
    from sim.exterior_calculus.metric import Metric
    from sim.graphs import Topology
    from sim.weights import Weights

GRAPH = "dynamics.graph"
METRIC = "dynamics.metric"


def joined(i: str = "i", j: str = "j", *, loops: bool = False) -> Joined:
    """Return the condition that an edge joins i and j, or that they are equal."""
    if loops:
        note = r"j\simeq i:\ \mathrm{equal\ or\ joined\ by\ an\ edge}"
    else:
        note = r"j\sim i:\ \mathrm{joined\ by\ an\ edge}"
    return Joined("adjacency", i, j, GRAPH, loops=loops, note=note)


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


@dataclass(frozen=True)
class PhaseFormula:
    """Writes the operators of phase space: q on nodes, p on edges.

    Attributes
    ----------
    graph : Topology
        The settings of the graph.
    metric : Metric
        Those of its weights.
    x : Tokens
        q.
    """

    graph: Topology
    metric: Metric
    x: Tokens

    @property
    def p(self) -> Symbol:
        """Momenta of all edges."""
        return Symbol("p", "p")

    @property
    def q(self) -> Expression:
        """All tokens."""
        return self.x.all

    @property
    def d0(self) -> Symbol:
        """The difference along edges."""
        return Symbol("d0", "d_0", (), GRAPH, self.graph, r"(d_0q)_{ij} = q_j - q_i")

    @property
    def d1(self) -> Symbol:
        """The sum around triangles."""
        note = r"(d_1p)_{ijk} = p_{ij} + p_{jk} - p_{ik}"
        return Symbol("d1", "d_1", (), GRAPH, self.graph, note)

    @property
    def attended(self) -> bool:
        """Whether weights come from scores."""
        return self.metric.weights != "graph" or self.graph.attended

    def weight(self, i: str, j: str) -> Expression | None:
        """Return the weight of an edge; None for 1."""
        own = own_weight(i, j, self.graph)
        if not self.attended:
            return own
        m, x = self.metric, self.scored
        score = mean_over_heads(
            m.count, METRIC, head_scores(x, m.count, self._pair, METRIC)
        )
        if not self._plain:
            score = Symmetrised("ij", score)
        e = exp(self.beta * Named(Symbol("score", "s", ("i", "j")), score))
        w = Named(Symbol("w", "w", ("i", "j")), e if own is None else own * e)
        return w

    @property
    def _pair(self) -> tuple[Weights, Weights]:
        return self.metric.query, self.metric.key

    @property
    def _plain(self) -> bool:
        return all(matrix("", "", w) is None for w in self._pair)

    @property
    def scored(self) -> Tokens:
        """The tokens whose scores weigh edges: those of now, or of the start."""
        return self.x if self.metric.moving(self.graph) else first_tokens(self.x)

    @property
    def beta(self) -> Symbol:
        """β of the weights."""
        return Symbol("beta", r"\beta", (), f"{METRIC}.beta", self.metric.beta)

    @property
    def a0(self) -> Named | None:
        """Weights of nodes; None for 1."""
        if not self.attended:
            return None
        w = self.weight("i", "j")
        total = Total("j", ONE if w is None else w, joined())
        return Named(Symbol("A0", "A_0"), Diagonal(total, "i"))

    @property
    def a1(self) -> Named | None:
        """Weights of edges; None for 1."""
        w = self.weight("i", "j")
        return None if w is None else Named(Symbol("A1", "A_1"), Diagonal(w, "ij"))

    @property
    def a2(self) -> Named | None:
        """Weights of triangles; None for 1."""
        if not self.attended:
            return None
        m, x = self.metric, self.scored
        head = (HEAD,) if m.count > 1 else ()
        parts = [
            apply(matrix(letter, f"{METRIC}.{name}", w, head), x(i))
            for letter, name, w, i in (
                ("Q", "query", m.query, "i"),
                ("K", "key", m.key, "j"),
                ("V", "value", m.value, "k"),
            )
        ]
        score = mean_over_heads(m.count, METRIC, triple(*parts))
        if not (self._plain and matrix("", "", m.value) is None):
            score = Symmetrised("ijk", score)
        return Named(Symbol("A2", "A_2"), Diagonal(exp(self.beta * score), "ijk"))

    @property
    def d0_star(self) -> Expression:
        """The adjoint of d0."""
        body = apply(_inverse(self.a0), Transposed(self.d0), self.a1)
        return Named(Symbol("d0*", "d_0^{*}"), body)

    @property
    def d1_star(self) -> Expression:
        """The adjoint of d1."""
        body = apply(_inverse(self.a1), Transposed(self.d1), self.a2)
        return Named(Symbol("d1*", "d_1^{*}"), body)

    @property
    def j(self) -> Expression:
        """J = [[0, −d0*], [d0, 0]]."""
        return Named(Symbol("J", "J"), Blocks((None, -self.d0_star), (self.d0, None)))

    @property
    def j_star(self) -> Expression:
        """J* = −J."""
        return Named(Symbol("J*", "J^{*}"), -self.j)

    @property
    def laplacian0(self) -> Expression:
        """L0 = d0* d0."""
        return Named(Symbol("L0", "L_0"), apply(self.d0_star, self.d0))

    @property
    def laplacian1(self) -> Expression:
        """L1 = d0 d0* + d1* d1."""
        body = apply(self.d0, self.d0_star) + apply(self.d1_star, self.d1)
        return Named(Symbol("L1", "L_1"), body)

    @property
    def slopes(self) -> tuple[Expression, Expression]:
        """The two parts of ∇E."""
        if self.metric.convention == "weighted":
            return self.q, self.p
        return apply(_inverse(self.a0), self.q), apply(_inverse(self.a1), self.p)

    @property
    def slope(self) -> Expression:
        """∇E, tokens above momenta."""
        of_q, of_p = self.slopes
        return Named(Symbol("dE", r"\nabla E"), Blocks((of_q,), (of_p,)))

    @property
    def a0_inverse(self) -> Expression | None:
        """A0⁻¹; None for 1."""
        return _inverse(self.a0)

    def motion(self, both: Expression) -> Motion:
        """Return the motion of tokens and momenta at once."""
        return Motion.of_both(both)


def _inverse(a: Expression | None) -> Expression | None:
    return None if a is None else Inverse(a)
