"""Phase space of brackets on a graph: q on nodes, p on edges, and J between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.arrays import namespace
from sim.exterior_calculus.hodge import HodgeComplex, over, squared_norm
from sim.exterior_calculus.metric import first_of_batch
from sim.exterior_calculus.modes import GraphMeasures
from sim.field import Field
from sim.graphs import Graph
from sim.settings.knobs import Knob
from sim.state import State, Velocity

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.arrays import Array
    from sim.exterior_calculus.metric import Metric
    from sim.graphs import Topology
    from sim.law import Structure
    from sim.seed import Seed
    from sim.spaces import Space
    from sim.state import Split

INITIAL_MOMENTA = Knob(
    "σ",
    0,
    4,
    live=False,
    help="Spread of the random momenta of the edges at the start; 0 starts at rest.",
)

CONSERVING: frozenset[Structure] = frozenset({"quadratic", "split", "linear"})
"""What conserves the energy of a Hamiltonian bracket with constant weights."""


@dataclass(frozen=True, slots=True)
class PhaseSpace:
    """Inner products, and the energy E and its gradient in one of two conventions.

    Weighted: E = ½⟨q,A0 q⟩ + ½⟨p,A1 p⟩ and ∇E = (q, p).  Euclidean: E = ½|q|² + ½|p|²
    and ∇E = (A0⁻¹q, A1⁻¹p), for ∇ is taken in the weighted inner product.

    Attributes
    ----------
    graph : Graph
        Where q and p live.
    at : Array -> Hodge
        The inner products for tokens q.
    euclidean : bool
        Which convention.
    moving : bool
        Whether the inner products depend on the tokens.
    first : Array, shape (m, d)
        Momenta at the start.
    """

    graph: Graph
    at: Callable[[Array], HodgeComplex]
    euclidean: bool
    moving: bool
    first: Array

    @staticmethod
    def of(
        topology: Topology,
        metric: Metric,
        like: Array,
        seed: Seed,
        *,
        stir: float = 0.0,
        faces: bool = False,
    ) -> PhaseSpace:
        """Bind a graph and its weights to the first tokens `like`: (..., n, d).

        Momenta start as N(0, stir²); with `faces` the graph has triangles.
        """
        found = topology.edge_list(first_of_batch(like), seed.rng("graph"))
        graph = Graph.of(found, like.shape[-2], like, faces=faces)
        at = metric.bind(graph, topology, like, seed)
        euclidean = metric.convention == "euclidean"
        shape = (len(graph.edges), like.shape[-1])
        drawn = stir * seed.rng("momenta").standard_normal(shape) if stir else 0.0
        first = namespace(like).asarray(np.zeros(shape) + drawn, dtype=like.dtype)
        return PhaseSpace(graph, at, euclidean, metric.moving(topology), first)

    def energy_gradient(self, a: HodgeComplex, s: State) -> Velocity:
        """Return ∇E in the inner products `a`: (..., n, d) and (..., m, d)."""
        if not self.euclidean:
            return Velocity(s.x, s.p)
        return Velocity(over(s.x, a.a0), over(s.p, a.a1))

    def energy(self, s: State) -> Array:
        """Return E: (...)."""
        if self.euclidean:
            return (squared_norm(s.x) + squared_norm(s.p)) / 2
        return squared_length(self.at(s.x), Velocity(s.x, s.p)) / 2

    def start(self, s: State) -> State:
        """Return tokens with the momenta of the start."""
        lead = (*s.x.shape[:-2], *self.first.shape)
        return State(s.t, s.x, namespace(s.x).broadcast_to(self.first, lead))

    def field(
        self,
        velocity: Callable[[State], Velocity],
        energy: Callable[[State], Array],
        split: Split | None = None,
        **measures: Callable[[State], Array],
    ) -> Field:
        """Return the field of a law on this phase space, with the measures of all."""
        spectrum = GraphMeasures(self.graph, self.at, self.euclidean, self.moving)
        known = {**spectrum.measures(momenta=True), **measures}
        return Field(
            velocity,
            energy,
            graph=self.graph,
            start=self.start,
            carrier="edges",
            linear=not self.moving,
            split=None if self.moving else split,
            edge_weight=spectrum.edge_weight,
            measures=known,
        )


def apply_j(a: HodgeComplex, g: Velocity) -> Velocity:
    """Return J g with J = [[0, −d0*], [d0, 0]], so that J* = −J."""
    return Velocity(-a.d0_star(g.p), a.d0(g.x))


def squared_length(a: HodgeComplex, v: Velocity) -> Array:
    """Return |v|²_A of q and p together: (..., n, d) and (..., m, d) -> (...)."""
    return squared_norm(v.x, a.a0) + squared_norm(v.p, a.a1)


def energy_is_exact(space: Space, topology: Topology, metric: Metric) -> bool:
    """Whether E behaves as the bracket says: in R^d, and in a fitting convention."""
    return space.euclidean and metric.exact(topology)


def conserving_structures(topology: Topology, metric: Metric) -> frozenset[Structure]:
    """Return what an integrator must preserve one of, for E to be conserved."""
    return frozenset({"quadratic"}) if metric.moving(topology) else CONSERVING
