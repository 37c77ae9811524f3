"""Formulas of the weights of nodes, edges and triangles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.attention.formula import matrix
from sim.expressions.expression import ONE, Expression
from sim.expressions.functions import exp, triple
from sim.expressions.matrices import DiagonalMatrix, apply
from sim.expressions.sums import Symmetrised, Total
from sim.expressions.symbols import HEAD, Named, Symbol
from sim.exterior_calculus.formula import (
    METRIC,
    first_tokens,
    head_scores,
    joined,
    mean_over_heads,
    own_weight,
)

if TYPE_CHECKING:
    from sim.expressions.tokens import Tokens
    from sim.exterior_calculus.metric import Metric
    from sim.graphs import Topology
    from sim.weights import Weights


@dataclass(frozen=True)
class MetricFormula:
    """Writes the weights that a metric gives a graph.

    Attributes
    ----------
    graph : Topology
        The settings of the graph.
    metric : Metric
        Those of its weights.
    x : Tokens
        The tokens.
    """

    graph: Topology
    metric: Metric
    x: Tokens

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
        return Named(Symbol("A0", "A_0"), DiagonalMatrix(total, "i"))

    @property
    def a1(self) -> Named | None:
        """Weights of edges; None for 1."""
        w = self.weight("i", "j")
        return (
            None if w is None else Named(Symbol("A1", "A_1"), DiagonalMatrix(w, "ij"))
        )

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
        return Named(Symbol("A2", "A_2"), DiagonalMatrix(exp(self.beta * score), "ijk"))
