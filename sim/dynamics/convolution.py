"""Graph convolution as a flow."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from sim.arrays import namespace, transpose
from sim.attention.formula import matrix
from sim.dynamics import GraphLaw
from sim.expressions.expression import ONE, Expression, Quotient
from sim.expressions.formula import Motion
from sim.expressions.functions import sqrt
from sim.expressions.matrices import apply
from sim.expressions.sums import Total
from sim.expressions.symbols import Named, Symbol
from sim.exterior_calculus.edge_attention import (
    NONLINEARITY,
    Nonlinearity,
    apply_nonlinearity,
)
from sim.exterior_calculus.formula import joined, nonlinear, own_weight
from sim.exterior_calculus.hodge import HodgeComplex, squared_norm
from sim.exterior_calculus.metric import first_of_batch
from sim.exterior_calculus.modes import GraphMeasures, constant
from sim.field import Field
from sim.graphs import GRAPH, Graph, Topology
from sim.graphs.neighbours import Neighbours
from sim.settings.knobs import Knob
from sim.state import State, Velocity
from sim.weights import VALUE, Weights
from sim.weights.identity import Identity

if TYPE_CHECKING:
    from sim.arrays import Array
    from sim.expressions.tokens import Tokens
    from sim.law import EnergyBehaviour, Symmetry
    from sim.seed import Seed
    from sim.spaces import Space

SHARES = {"rows": 0.0, "symmetric": 0.5, "columns": 1.0}


@dataclass(frozen=True)
class Convolution(GraphLaw):
    """ẋ = σ(V Â x − x), Â = D^{s−1}(A + I)D^{−s}: one layer a unit of time  [1]_.

    As published s = ½.  Without the loops I also diffusion by random walks: s = 0
    averages over neighbours, s = 1 conserves Σ xᵢ.  For V = I it descends
    ½ Σ |dᵢ^{−s}xᵢ − dⱼ^{−s}xⱼ|².

    References
    ----------
    .. [1] Kipf, Welling, "Semi-supervised classification with graph convolutional
           networks", arXiv:1609.02907.
    """

    kind: ClassVar[str] = "convolution"
    title: ClassVar[str] = "Graph convolution (GCN)"
    energy_name: ClassVar[str] = "Dirichlet energy"
    energy_help: ClassVar[str] = "½ Σ |dᵢ⁻ˢxᵢ − dⱼ⁻ˢxⱼ|²"
    curves: ClassVar[tuple[str, ...]] = ("energy", "energy_rate", "node_mean")
    normalised: Annotated[
        Literal["rows", "symmetric", "columns"],
        Knob("Â", help="Which sums of Â are 1: rows, s = 0; s = ½; or columns, s = 1."),
    ] = "symmetric"
    loops: Annotated[
        bool, Knob("loops", help="Whether every token is its own neighbour.")
    ] = True
    nonlinearity: Annotated[Nonlinearity, NONLINEARITY] = "none"
    graph: Annotated[Topology, GRAPH] = field(default_factory=Neighbours)
    value: Annotated[Weights, VALUE] = field(default_factory=Identity)

    def symmetries(self) -> frozenset[Symmetry]:
        plain = self.nonlinearity == "none" and isinstance(self.value, Identity)
        rotations: set[Symmetry] = {"turn", "mirror"} if plain else set()
        orders: set[Symmetry] = set() if self.graph.numbered else {"order"}
        return frozenset(rotations | orders)

    def energy_behaviour(self, space: Space) -> EnergyBehaviour:
        plain = self.value == Identity() and self.nonlinearity == "none"
        return "descends" if space.euclidean and plain else "none"

    def energy_rate_formula(self) -> str:
        return "−Σ dᵢ¹⁻²ˢ|ẋᵢ|²"

    def formula(self, x: Tokens) -> Motion:
        v = matrix("V", "dynamics.value", self.value)
        share = SHARES[self.normalised]
        top = own_weight("i", "j", self.graph) or ONE
        a = Symbol("A hat", r"\hat{A}", ("i", "j"), "dynamics.normalised", share)
        entry = Named(a, Quotient(top, self._normaliser(share)))
        flow = apply(
            v, Total("j", entry * x("j"), joined(loops=self.loops, lone=not self.loops))
        ) - x("i")
        return Motion(nonlinear(self.nonlinearity, flow))

    def _normaliser(self, share: float) -> Expression:
        """Return dᵢ^{1−s} dⱼ^s, for a share s of 0, ½ or 1."""
        if share == SHARES["symmetric"]:
            return sqrt(self._degree("i") * self._degree("j"))
        return self._degree("j" if share else "i")

    def _degree(self, i: str) -> Expression:
        weight = own_weight(i, "k", self.graph) or ONE
        total = Total(
            "k", weight, joined(i, "k", loops=self.loops, lone=not self.loops)
        )
        return Named(Symbol("degree", "d", (i,)), total)

    def bind(self, like: Array, seed: Seed) -> Field:
        xp, (n, d) = namespace(like), like.shape[-2:]
        graph = Graph.of(
            self.graph.edge_list(first_of_batch(like), seed.rng("graph")), n, like
        )
        weight = graph.weight
        w = (
            xp.ones((len(graph.edges), 1), dtype=like.dtype)
            if weight is None
            else weight
        )
        degree = graph.d0.apply_abs_transpose(w) + (1.0 if self.loops else 0.0)
        degree = xp.where(degree > 0, degree, xp.ones_like(degree))
        share = SHARES[self.normalised]
        (value,) = self.value.draw_values(1, d, seed.rng("value"))
        v = xp.asarray(value, dtype=like.dtype)
        plain = self.value == Identity()

        def heat(x: Array) -> Array:
            even = x / degree**share
            return -graph.net_inflow(w * graph.difference(even)) / degree ** (1 - share)

        def velocity(s: State) -> Velocity:
            flow = heat(s.x)
            if not plain:
                flow = (s.x + flow) @ transpose(v) - s.x
            return Velocity(apply_nonlinearity(self.nonlinearity, flow), s.p)

        def energy(s: State) -> Array:
            return squared_norm(graph.difference(s.x / degree**share), w) / 2

        def rate(s: State) -> Array:
            return -squared_norm(heat(s.x), degree ** (1 - 2 * share))

        measures = GraphMeasures(
            graph, constant(HodgeComplex(graph, None, w)), euclidean=False, moving=False
        )
        return Field(
            velocity,
            energy,
            graph=graph,
            linear=plain and self.nonlinearity == "none",
            edge_weight=measures.edge_weight,
            measures={**measures.measures(), "rate": rate},
        )
