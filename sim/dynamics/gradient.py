"""Gradient flow on a graph: heat on nodes and edges."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, ClassVar

from sim.dynamics import PhaseSpaceLaw
from sim.expressions.formula import Motion
from sim.expressions.matrices import apply
from sim.exterior_calculus.hodge import squared_norm
from sim.exterior_calculus.metric import Metric
from sim.exterior_calculus.phase_formula import PhaseFormula
from sim.exterior_calculus.phase_space import (
    INITIAL_MOMENTA,
    PhaseSpace,
    energy_is_exact,
)
from sim.graphs import GRAPH, Topology
from sim.graphs.neighbours import Neighbours
from sim.state import State, Velocity

if TYPE_CHECKING:
    from sim.arrays import Array
    from sim.expressions.tokens import Tokens
    from sim.field import Field
    from sim.law import EnergyBehaviour
    from sim.seed import Seed
    from sim.spaces import Space


@dataclass(frozen=True)
class Gradient(PhaseSpaceLaw):
    """(q̇, ṗ) = −(L0, L1)∇E with the Hodge Laplacians of a graph  [1]_.

    L0 = d0* d0 on nodes and L1 = d0 d0* + d1* d1 on edges; the nodes' part is the
    diffusion of GRAND.  dE/dt = −⟨∇E, (L0, L1)∇E⟩.

    References
    ----------
    .. [1] Gruber, Lee, Trask, arXiv:2305.15616, sec. 4.
    """

    kind: ClassVar[str] = "gradient"
    title: ClassVar[str] = "Graph gradient (Hodge diffusion)"
    faces: ClassVar[bool] = True
    sum_over_modes: ClassVar[bool] = True
    graph: Annotated[Topology, GRAPH] = field(default_factory=Neighbours)
    metric: Metric = field(default_factory=Metric)
    stir: Annotated[float, INITIAL_MOMENTA] = 0.0

    def energy_behaviour(self, space: Space) -> EnergyBehaviour:
        return "descends" if energy_is_exact(space, self.graph, self.metric) else "none"

    def energy_rate_formula(self) -> str:
        return "−⟨∇E, (L₀, L₁)∇E⟩"

    def formula(self, x: Tokens) -> Motion:
        phase = PhaseFormula(self.graph, self.metric, x)
        of_q, of_p = phase.slopes
        return Motion(
            -apply(phase.laplacian0, of_q), -apply(phase.laplacian1, of_p), "edges"
        )

    def bind(self, like: Array, seed: Seed) -> Field:
        phase = PhaseSpace.of(
            self.graph, self.metric, like, seed, stir=self.stir, faces=True
        )

        def velocity(s: State) -> Velocity:
            a = phase.at(s.x)
            g = phase.energy_gradient(a, s)
            return Velocity(-a.laplacian0(g.x), -a.laplacian1(g.p))

        def rate(s: State) -> Array:
            a = phase.at(s.x)
            g = phase.energy_gradient(a, s)
            nodes = squared_norm(a.d0(g.x), a.a1) + squared_norm(a.d0_star(g.p), a.a0)
            return -nodes - squared_norm(a.d1(g.p), a.a2)

        return phase.field(velocity, phase.energy, rate=rate)
