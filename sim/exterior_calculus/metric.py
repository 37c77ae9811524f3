"""Weights of nodes, edges and triangles: equal, the graph's own, or by attention."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Literal

from sim.arrays import dot, namespace, to_host, transpose
from sim.exterior_calculus.hodge import HodgeComplex, times
from sim.exterior_calculus.modes import constant
from sim.settings.knobs import Knob, Settings
from sim.weights import KEY, QUERY, VALUE, Weights
from sim.weights.identity import Identity

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.arrays import Array
    from sim.graphs import Graph, Topology
    from sim.law import Symmetry
    from sim.seed import Seed

MATRIX_AXES = 2  # axes of the tokens of one run


@dataclass(frozen=True)
class Metric(Settings):
    """A0, A1, A2: the inner products on nodes, edges and triangles  [1]_.

    By attention: w_ij = e^{β s_ij} with s_ij the mean over heads of the symmetrised
    ⟨Qxᵢ, Kxⱼ⟩, times the graph's own weight; aᵢ = Σ w over the edges at i, so that
    d0* d0 = 1 − P with P row-stochastic; triangles weigh e^{β s_ijk}, s_ijk the mean of
    the symmetrised Σ (Qxᵢ)(Kxⱼ)(Vxₖ).

    References
    ----------
    .. [1] Gruber, Lee, Trask, arXiv:2305.15616, sec. 4.
    """

    weights: Annotated[
        Literal["graph", "frozen", "attention"],
        Knob(
            "weights",
            help="Where edge weights come from: the graph itself (1 if it has none), "
            "the attention of the first tokens, or of the present ones.",
        ),
    ] = "graph"
    convention: Annotated[
        Literal["weighted", "euclidean"],
        Knob(
            "convention",
            help="The energy: ½⟨q,A0 q⟩ + ½⟨p,A1 p⟩, or ½|q|² + ½|p|² as in the "
            "published code.  They differ where weights do.",
        ),
    ] = "weighted"
    beta: Annotated[
        float,
        Knob("β", -16, 16, scale="asinh", help="How sharply attention weighs edges."),
    ] = 1.0
    count: Annotated[int, Knob("heads", 1, 16, help="Heads that scores average.")] = 1
    query: Annotated[Weights, QUERY] = field(default_factory=Identity)
    key: Annotated[Weights, KEY] = field(default_factory=Identity)
    value: Annotated[Weights, VALUE] = field(default_factory=Identity)

    def moving(self, graph: Topology) -> bool:
        """Whether the weights on `graph` depend on the tokens."""
        return self.weights == "attention" or (
            self.weights == "graph" and graph.attended
        )

    def inactive_settings(
        self, graph: Topology, *, faces: bool = False
    ) -> frozenset[str]:
        """Return the paths of settings without effect on `graph`, with `faces` or not.

        The graph's own weights need no scores, and V only weighs triangles.
        """
        if self.weights == "graph" and not graph.attended:
            inactive = ("beta", "count", "query", "key", "value")
        else:
            inactive = () if faces else ("value",)
        return frozenset(f"metric.{name}" for name in inactive)

    def symmetries(
        self, graph: Topology, *, faces: bool = False
    ) -> frozenset[Symmetry]:
        """Return the symmetries of weights on `graph`; see `Dynamics.symmetries`.

        Scores of edges are inner products, invariant under rotations if Q and K are
        multiples of I; those of triangles multiply coordinate by coordinate.
        """
        own = self.weights == "graph" and not graph.attended
        round_ = all(isinstance(m, Identity) for m in (self.query, self.key))
        turns: set[Symmetry] = (
            {"turn", "mirror"} if own or (round_ and not faces) else set()
        )
        orders: set[Symmetry] = set() if graph.numbered else {"order"}
        return frozenset(turns | orders)

    def exact(self, graph: Topology) -> bool:
        """Whether E behaves as the bracket says: not if weights in it move."""
        return self.convention == "euclidean" or not self.moving(graph)

    def bind(
        self, graph: Graph, topology: Topology, like: Array, seed: Seed
    ) -> Callable[[Array], HodgeComplex]:
        """Return tokens ↦ inner products, given the first tokens: (..., n, d)."""
        if self.weights == "graph" and not topology.attended:
            own = HodgeComplex(graph, None, graph.weight, None)
            return constant(own)
        attended = _AttentionMetric(graph, *self._draw(like, seed))
        return attended if self.moving(topology) else constant(attended(like))

    def _draw(self, like: Array, seed: Seed) -> tuple[Array, tuple[Array, ...]]:
        """Return the matrix of symmetric scores, (d, d), and βQ, K and V: (h, e, d)."""
        xp, d = namespace(like), like.shape[-1]
        q, k, v = (
            xp.asarray(w.draw(self.count, d, seed.rng(name)), dtype=like.dtype)
            for w, name in (
                (self.query, "query"),
                (self.key, "key"),
                (self.value, "value"),
            )
        )
        if not q.shape[1] == k.shape[1] == v.shape[1]:
            raise ValueError(
                "Q, K and V must map to one dimension: they have "
                f"{q.shape[1]}, {k.shape[1]} and {v.shape[1]} rows."
            )
        score = xp.mean(transpose(q) @ k, axis=0)
        return self.beta / 2 * (score + transpose(score)), (self.beta * q, k, v)


class _AttentionMetric:
    """Tokens ↦ the inner products that their attention defines."""

    def __init__(self, graph: Graph, score: Array, heads: tuple[Array, ...]) -> None:
        self._graph, self._score, self._heads = graph, score, heads
        self._ends = [at for at, _ in graph.d0.terms]
        xp = namespace(score)
        corners = graph.faces.T.copy()
        self._corners = [xp.asarray(corner) for corner in corners]
        degree = abs(graph.d0.matrix).sum(axis=0)
        lone = (degree == 0)[:, None].astype(float)
        self._lone = xp.asarray(lone, dtype=score.dtype)

    def __call__(self, x: Array) -> HodgeComplex:
        xp, graph = namespace(x), self._graph
        tail, head = (xp.take(x, at, axis=-2) for at in self._ends)
        a1 = times(xp.exp(dot(tail @ self._score, head)), graph.weight)
        return HodgeComplex(
            graph, graph.d0.apply_abs_transpose(a1) + self._lone, a1, self._faces(x)
        )

    def _faces(self, x: Array) -> Array | None:
        """Return e^{β s_ijk}: (..., n, d) -> (..., t, 1)."""
        if not len(self._graph.faces):
            return None
        xp = namespace(x)
        q, k, v = (x[..., None, :, :] @ transpose(m) for m in self._heads)
        (qi, qj, ql), (ki, kj, kl), (vi, vj, vl) = (
            [xp.take(m, at, axis=-2) for at in self._corners] for m in (q, k, v)
        )
        six = (qi * kj + qj * ki) * vl + (qj * kl + ql * kj) * vi
        six = six + (ql * ki + qi * kl) * vj
        score = xp.sum(xp.mean(six, axis=-3), axis=-1, keepdims=True) / 6
        return xp.exp(score)


def first_of_batch(like: Array) -> Array:
    """Return the tokens of the first run of a batch, on the host: (n, d)."""
    host = to_host(like)
    return host if host.ndim == MATRIX_AXES else host.reshape(-1, *host.shape[-2:])[0]
