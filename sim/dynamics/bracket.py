"""Bracket dynamics on a graph: one slider from reversible to irreversible."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

from sim.arrays import namespace, to_host
from sim.dynamics import Dynamics, Field, Law
from sim.graphs import Graph
from sim.graphs.neighbours import neighbours
from sim.knobs import Knob
from sim.state import State, Velocity

if TYPE_CHECKING:
    from sim.arrays import Array
    from sim.seed import Seed
    from sim.spaces import Space


@dataclass(frozen=True)
class Bracket(Dynamics):
    """(q̇, ṗ) = J∇E − γ JᵀJ∇E on the nearest-neighbour graph of the tokens  [1]_.

    E = ½|q|² + ½|p|² with q on the nodes (the tokens) and p on the edges, and
    J = [[0, −d0ᵀ], [d0, 0]].  γ = 0 is Hamiltonian and conserves E; any γ > 0 adds the
    double bracket, which dissipates it: dE/dt = −γ|J∇E|².

    References
    ----------
    .. [1] Gruber, Lee, Trask, "Reversible and irreversible bracket-based dynamics for
           deep graph neural networks", arXiv:2305.15616.
    """

    kind: ClassVar[str] = "bracket"
    title: ClassVar[str] = "Graph bracket"
    energy_name: ClassVar[str] = "Energy E(q, p)"
    energy_help: ClassVar[str] = "E = ½ Σ|qᵢ|² + ½ Σ|pₑ|²"
    gamma: Annotated[
        float,
        Knob(
            "γ",
            0,
            4,
            help="Strength of the double bracket.  0 is Hamiltonian: E is conserved. "
            "Above 0, E falls, the faster the larger γ.",
        ),
    ] = 0.0
    neighbours: Annotated[
        int,
        Knob("k", 1, 16, live=False, help="Nearest neighbours joined to each token."),
    ] = 4

    def law(self, space: Space) -> Law:
        if space.bounded:
            return "none"
        return "descends" if self.gamma > 0 else "conserves"

    def formula(self) -> str:
        if self.gamma == 0:
            return r"\dot{x} = J\,\nabla E"
        return r"\dot{x} = J\,\nabla E - \gamma\,J^{\top}\!J\,\nabla E"

    def bind(self, like: Array, seed: Seed) -> Field:
        first = to_host(like)
        if first.ndim > 2:  # noqa: PLR2004 - a batch shares the graph of its first run
            first = first.reshape(-1, *first.shape[-2:])[0]
        graph = Graph.of(neighbours(first, self.neighbours), len(first), like)

        def velocity(s: State) -> Velocity:
            dq, dp = -graph.collect(s.p), graph.difference(s.x)  # J∇E, ∇E = (q, p)
            return Velocity(
                dq - self.gamma * graph.collect(dp),
                dp + self.gamma * graph.difference(dq),
            )

        def energy(s: State) -> Array:
            xp = namespace(s.x)
            return (
                xp.sum(s.x * s.x, axis=(-2, -1)) + xp.sum(s.p * s.p, axis=(-2, -1))
            ) / 2

        def start(s: State) -> State:
            return State(s.t, s.x, 0 * graph.difference(s.x))

        return Field(velocity, energy, graph=graph, start=start)
