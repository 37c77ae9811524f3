"""Graph attention networks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, ClassVar

from sim.arrays import namespace
from sim.attention.formula import matrix
from sim.dynamics import GraphLaw
from sim.expressions.formula import Motion
from sim.expressions.functions import exp, inner, leaky
from sim.expressions.matrices import apply
from sim.expressions.sums import Total
from sim.expressions.symbols import HEAD, Symbol
from sim.exterior_calculus.edge_attention import (
    NONLINEARITY,
    Nonlinearity,
    additive_scores,
    aggregate,
    apply_nonlinearity,
    per_head,
)
from sim.exterior_calculus.formula import (
    joined,
    mean_over_heads,
    nonlinear,
    softmax_along_arcs,
)
from sim.exterior_calculus.hodge import HodgeComplex
from sim.exterior_calculus.metric import first_of_batch
from sim.exterior_calculus.modes import GraphMeasures, constant
from sim.field import Field
from sim.graph_operators.arcs import Arcs
from sim.graphs import GRAPH, Graph, Topology
from sim.graphs.neighbours import Neighbours
from sim.settings.knobs import Knob
from sim.state import State, Velocity
from sim.weights import VALUE, Weights
from sim.weights.identity import Identity

if TYPE_CHECKING:
    from sim.arrays import Array
    from sim.expressions.expression import Expression
    from sim.expressions.tokens import Tokens
    from sim.law import EnergyBehaviour, Symmetry
    from sim.seed import Seed
    from sim.spaces import Space


@dataclass(frozen=True)
class GAT(GraphLaw):
    """ẋᵢ = σ((1/h) Σ_h Σⱼ αᵢⱼ V_h xⱼ − xᵢ): one layer a unit of time  [1]_.

    αᵢⱼ = softmaxⱼ LeakyReLU(⟨a, V_h xⱼ⟩ + ⟨b, V_h xᵢ⟩) over the neighbours of i, and i
    itself with loops.  The layer itself is a step h = 1 of Euler's method in R^d.

    References
    ----------
    .. [1] Velickovic et al., "Graph attention networks", arXiv:1710.10903.
    """

    kind: ClassVar[str] = "gat"
    title: ClassVar[str] = "Graph attention (GAT)"
    energy_name: ClassVar[str] = "Dirichlet energy"
    energy_help: ClassVar[str] = "½ Σ |xᵢ − xⱼ|² over the edges"
    curves: ClassVar[tuple[str, ...]] = ("energy", "energy_rate", "node_mean")
    spread: Annotated[
        float,
        Knob(
            "σ(a)", 0, 8, help="Spread of a and b: 0 attends to all neighbours equally."
        ),
    ] = 1.0
    slope: Annotated[
        float, Knob("slope", 0, 1, help="Of the LeakyReLU for scores below 0.")
    ] = 0.2
    loops: Annotated[
        bool, Knob("loops", help="Whether every token attends to itself too.")
    ] = True
    nonlinearity: Annotated[Nonlinearity, NONLINEARITY] = "none"
    graph: Annotated[Topology, GRAPH] = field(default_factory=Neighbours)
    count: Annotated[
        int, Knob("heads", 1, 16, help="Heads, whose outputs are averaged.")
    ] = 1
    value: Annotated[Weights, VALUE] = field(default_factory=Identity)

    @property
    def weighs_edges(self) -> bool:
        return False  # its scores are of the tokens alone

    def symmetries(self) -> frozenset[Symmetry]:
        return frozenset() if self.graph.numbered else frozenset({"order"})

    def energy_behaviour(self, space: Space) -> EnergyBehaviour:
        return "none"

    def formula(self, x: Tokens) -> Motion:
        head = (HEAD,) if self.count > 1 else ()
        v = matrix("V", "dynamics.value", self.value, head)
        a, b = (
            Symbol(f"gat {k}", k, head, "dynamics.spread", self.spread, drawn=True)
            for k in "ab"
        )
        slope = Symbol("slope", "s", (), "dynamics.slope", self.slope)

        def weight(j: str) -> Expression:
            sent, received = inner(a, apply(v, x(j))), inner(b, apply(v, x("i")))
            return exp(leaky(sent + received, slope))

        alpha = softmax_along_arcs(
            weight("j"), weight("k"), (*head, "i", "j"), loops=self.loops
        )
        layer = Total("j", alpha * apply(v, x("j")), joined(loops=self.loops))
        layer = mean_over_heads(self.count, "dynamics", layer)
        return Motion(nonlinear(self.nonlinearity, layer - x("i")))

    def bind(self, like: Array, seed: Seed) -> Field:
        xp, (n, d) = namespace(like), like.shape[-2:]
        graph = Graph.of(
            self.graph.edge_list(first_of_batch(like), seed.rng("graph")), n, like
        )
        arcs = Arcs.of(graph.edges, n, like, loops=self.loops)
        v = self.value.draw_values(self.count, d, seed.rng("value"))
        shape = (self.count, 1, v.shape[1])
        a, b = (
            xp.asarray(
                self.spread * seed.rng(k).standard_normal(shape), dtype=like.dtype
            )
            for k in ("gat source", "gat target")
        )
        v = xp.asarray(v, dtype=like.dtype)

        def velocity(s: State) -> Velocity:
            layer, _ = gat_layer(s.x, arcs, v, a, b, self.slope)
            pull = xp.mean(layer, axis=-3) - s.x
            return Velocity(apply_nonlinearity(self.nonlinearity, pull), s.p)

        measures = GraphMeasures(
            graph, constant(HodgeComplex(graph)), euclidean=False, moving=False
        )

        def edge_weight(s: State) -> Array:
            alpha = xp.mean(gat_layer(s.x, arcs, v, a, b, self.slope)[1], axis=-3)
            m = len(graph.edges)
            return (alpha[..., :m, :] + alpha[..., m : 2 * m, :]) / 2

        return Field(
            velocity,
            measures.dirichlet,
            graph=graph,
            edge_weight=edge_weight,
            measures=measures.measures(),
            notes=self.weight_notes(graph),
        )


def gat_layer(
    x: Array, arcs: Arcs, v: Array, a: Array, b: Array, slope: float
) -> tuple[Array, Array]:
    """Return the output of each head, and α on every arc.

    Parameters
    ----------
    x : Array, shape (..., n, d)
        Tokens.
    v : Array, shape (h, e, d)
        V of every head.
    a, b : Array, shape (h, 1, e)
        Of the scores: for the token attended to, and for the one attending.
    slope : float
        Of the LeakyReLU.

    Returns
    -------
    Array, shape (..., h, n, e), and Array, shape (..., h, l, 1)
    """
    y = per_head(x, v)
    alpha = arcs.softmax(additive_scores(y, arcs, a, b, slope))
    return aggregate(y, arcs, alpha), alpha
