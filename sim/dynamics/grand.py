"""Graph neural diffusion."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np

from sim.arrays import namespace, sum_of
from sim.attention.formula import inverse_temperature
from sim.dynamics import GraphLaw
from sim.expressions.formula import Motion
from sim.expressions.functions import exp
from sim.expressions.sums import Total
from sim.expressions.symbols import HEAD, Named, Symbol
from sim.exterior_calculus.edge_attention import (
    NONLINEARITY,
    Nonlinearity,
    aggregate,
    apply_nonlinearity,
    dot_scores,
)
from sim.exterior_calculus.formula import (
    first_tokens,
    head_scores,
    joined,
    mean_over_heads,
    nonlinear,
    own_weight,
    softmax_along_arcs,
)
from sim.exterior_calculus.hodge import HodgeComplex
from sim.exterior_calculus.metric import first_of_batch
from sim.exterior_calculus.modes import GraphMeasures
from sim.field import Field
from sim.graph_operators.arcs import Arcs
from sim.graphs import GRAPH, Graph, Topology
from sim.graphs.neighbours import Neighbours
from sim.settings.knobs import Knob
from sim.state import State, Velocity
from sim.weights import KEY, QUERY, Weights
from sim.weights.identity import Identity

if TYPE_CHECKING:
    from sim.arrays import Array
    from sim.expressions.expression import Expression
    from sim.expressions.tokens import Tokens
    from sim.law import EnergyBehaviour, Symmetry
    from sim.seed import Seed
    from sim.spaces import Space


@dataclass(frozen=True)
class Grand(GraphLaw):
    """ẋᵢ = σ(Σⱼ αᵢⱼ(xⱼ − xᵢ)), α a softmax over the neighbours of i  [1]_.

    With the sign of diffusion, ẋ = −δ*αδ x.  Without σ every feature obeys the maximum
    principle; with Q = K the mean Σ aᵢxᵢ/Σ aᵢ, aᵢ = Σⱼ e^{β s_ij}, never moves.

    References
    ----------
    .. [1] Chamberlain et al., "GRAND: graph neural diffusion", arXiv:2106.10934.
    """

    kind: ClassVar[str] = "grand"
    title: ClassVar[str] = "Graph diffusion (GRAND)"
    energy_name: ClassVar[str] = "Dirichlet energy"
    energy_help: ClassVar[str] = "½ Σ wᵢⱼ|xᵢ − xⱼ|², wᵢⱼ = e^{β s_ij} symmetrised"
    curves: ClassVar[tuple[str, ...]] = ("energy", "energy_rate", "node_mean")
    beta: Annotated[
        float,
        Knob("β", -16, 16, scale="asinh", help="How sharply neighbours are preferred."),
    ] = 1.0
    weights: Annotated[
        Literal["frozen", "attention"],
        Knob(
            "weights",
            help="Attention of the first tokens, throughout, or of the present ones.",
        ),
    ] = "attention"
    nonlinearity: Annotated[Nonlinearity, NONLINEARITY] = "none"
    graph: Annotated[Topology, GRAPH] = field(default_factory=Neighbours)
    count: Annotated[int, Knob("heads", 1, 16, help="Heads; their α is averaged.")] = 1
    query: Annotated[Weights, QUERY] = field(default_factory=Identity)
    key: Annotated[Weights, KEY] = field(default_factory=Identity)

    def symmetries(self) -> frozenset[Symmetry]:
        round_ = all(isinstance(m, Identity) for m in (self.query, self.key))
        plain = self.nonlinearity == "none" and round_
        rotations: set[Symmetry] = {"turn", "mirror"} if plain else set()
        orders: set[Symmetry] = set() if self.graph.numbered else {"order"}
        return frozenset(rotations | orders)

    def energy_behaviour(self, space: Space) -> EnergyBehaviour:
        symmetric = self.query == self.key == Identity()
        known = space.euclidean and symmetric and self.weights == "frozen"
        return "descends" if known else "none"

    def energy_rate_formula(self) -> str:
        return "Σ wᵢⱼ⟨xᵢ − xⱼ, ẋᵢ − ẋⱼ⟩"

    def formula(self, x: Tokens) -> Motion:
        flow = Total("j", self._alpha(x) * (x("j") - x("i")), joined())
        return Motion(nonlinear(self.nonlinearity, flow))

    def _alpha(self, x: Tokens) -> Expression:
        """Return the formula of αᵢⱼ, the mean of all heads."""
        seen = first_tokens(x) if self.weights == "frozen" else x
        weights, beta = (self.query, self.key), inverse_temperature(self.beta)
        head = (HEAD,) if self.count > 1 else ()

        def weight(j: str) -> Expression:
            score = head_scores(seen, self.count, weights, "dynamics", j)
            own, e = own_weight("i", j, self.graph), exp(beta * score)
            return e if own is None else own * e

        indices = (*head, "i", "j")
        alpha = softmax_along_arcs(weight("j"), weight("k"), indices, loops=False)
        whole = mean_over_heads(self.count, "dynamics", alpha)
        mean = Symbol("mean alpha", r"\overline{\alpha}", ("i", "j"))
        return Named(mean, whole) if head else alpha

    def bind(self, like: Array, seed: Seed) -> Field:
        web = _AttendedGraph.of(self, like, seed)
        first = web.alpha(like)

        def velocity(s: State) -> Velocity:
            alpha = web.alpha(s.x) if self.weights == "attention" else first
            pull = aggregate(s.x, web.arcs, alpha) - web.joined * s.x
            return Velocity(apply_nonlinearity(self.nonlinearity, pull), s.p)

        def rate(s: State) -> Array:
            a, v = at(s.x), velocity(s).x
            return sum_of(sum_of(v * a.graph.net_inflow(a.a1 * a.d0(s.x)), -1), -1)

        frozen = self.weights == "frozen"
        start = web.hodge(like)

        def at(x: Array) -> HodgeComplex:
            return start if frozen else web.hodge(x)

        measures = GraphMeasures(web.graph, at, euclidean=False, moving=not frozen)
        return Field(
            velocity,
            measures.dirichlet,
            graph=web.graph,
            linear=frozen and self.nonlinearity == "none",
            edge_weight=measures.edge_weight,
            measures={**measures.measures(), "rate": rate},
        )


@dataclass(frozen=True, slots=True)
class _AttendedGraph:
    """The arcs of a graph, and the attention along them."""

    graph: Graph
    arcs: Arcs
    query: Array
    key: Array
    joined: Array
    shift: float

    @staticmethod
    def of(law: Grand, like: Array, seed: Seed) -> _AttendedGraph:
        xp, n = namespace(like), like.shape[-2]
        graph = Graph.of(
            law.graph.edge_list(first_of_batch(like), seed.rng("graph")), n, like
        )
        arcs = Arcs.of(graph.edges, n, like, loops=False)
        q, k = (
            xp.asarray(
                w.draw(law.count, like.shape[-1], seed.rng(name)), dtype=like.dtype
            )
            for w, name in ((law.query, "query"), (law.key, "key"))
        )
        if q.shape[1] != k.shape[1]:
            raise ValueError(
                "Q and K must map to one dimension: they have "
                f"{q.shape[1]} and {k.shape[1]} rows."
            )
        lone = np.bincount(graph.edges.reshape(-1), minlength=n) == 0
        joined = xp.asarray(1.0 - lone[:, None], dtype=like.dtype)
        web = _AttendedGraph(graph, arcs, law.beta * q, k, joined, 0.0)
        if not len(graph.edges):
            return web
        one = xp.reshape(like, (-1, *like.shape[-2:]))[0, ...]
        return replace(web, shift=float(xp.max(web.scores(one))))

    def scores(self, x: Array) -> Array:
        """Return s_ij less a constant: (..., n, d) -> (..., h, l, 1)."""
        s = dot_scores(x, self.arcs, self.query, self.key) - self.shift
        if self.graph.weight is None:
            return s
        xp = namespace(x)
        own = xp.log(self.graph.weight)
        return s + xp.concat([own, own], axis=-2)

    def alpha(self, x: Array) -> Array:
        """Return αᵢⱼ, the mean of all heads: (..., n, d) -> (..., l, 1)."""
        return namespace(x).mean(self.arcs.softmax(self.scores(x)), axis=-3)

    def hodge(self, x: Array) -> HodgeComplex:
        """Return the inner products of the symmetrised weights: (..., n, d)."""
        xp, m = namespace(x), len(self.graph.edges)
        w = xp.mean(xp.exp(self.scores(x)), axis=-3)
        a1 = (w[..., :m, :] + w[..., m:, :]) / 2
        return HodgeComplex(
            self.graph, self.graph.d0.apply_abs_transpose(a1) + 1 - self.joined, a1
        )
