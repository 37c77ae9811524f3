"""Metriplectic dynamics on a graph: energy is conserved, entropy grows."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Annotated, ClassVar

from sim.dynamics import PhaseSpaceLaw
from sim.expressions.matrices import BlockMatrix, Transposed, apply
from sim.expressions.symbols import Named, Symbol
from sim.exterior_calculus.hodge import HodgeComplex, over, squared_norm, times
from sim.exterior_calculus.metric import Metric
from sim.exterior_calculus.phase_formula import PhaseFormula
from sim.exterior_calculus.phase_space import INITIAL_MOMENTA, PhaseSpace
from sim.graphs import GRAPH, Topology
from sim.graphs.neighbours import Neighbours
from sim.state import State, Velocity

if TYPE_CHECKING:
    from sim.arrays import Array
    from sim.expressions.formula import Motion
    from sim.expressions.tokens import Tokens
    from sim.field import Field
    from sim.law import EnergyBehaviour, Structure
    from sim.seed import Seed
    from sim.spaces import Space


@dataclass(frozen=True)
class Metriplectic(PhaseSpaceLaw):
    """q̇ = −A0⁻¹d0ᵀ∂ₚE, ṗ = d0A0⁻¹∂_qE + d1ᵀA2 d1 ∂ₚS on a graph with triangles  [1]_.

    E = ½|q|² + ½|d0ᵀp|² and S = −½|d1p|².  Since d1 d0 = 0, neither part
    changes the function of the other: dE/dt = 0 and dS/dt = |d1∂ₚS|²_{A2} ≥ 0, for any
    weights.

    References
    ----------
    .. [1] Gruber, Lee, Trask, arXiv:2305.15616, sec. 4; with E and S chosen bounded.
    """

    kind: ClassVar[str] = "metriplectic"
    title: ClassVar[str] = "Metriplectic"
    faces: ClassVar[bool] = True
    energy_help: ClassVar[str] = "E = ½ Σ|qᵢ|² + ½|d0ᵀp|²"
    curves: ClassVar[tuple[str, ...]] = ("energy", "disorder", "energy_rate")
    graph: Annotated[Topology, GRAPH] = field(default_factory=Neighbours)
    metric: Metric = field(default_factory=Metric)
    stir: Annotated[float, INITIAL_MOMENTA] = 1.0

    @property
    def weighs_edges(self) -> bool:
        return self.metric.weights != "graph"  # neither E nor S has weights

    def energy_behaviour(self, space: Space) -> EnergyBehaviour:
        return "conserves" if space.euclidean else "none"

    def required_invariants(self, space: Space) -> frozenset[Structure]:
        return frozenset({"quadratic", "linear"})

    def energy_rate_formula(self) -> str:
        return "0"

    def formula(self, x: Tokens) -> Motion:
        phase = PhaseFormula(self.graph, self.metric, x)
        d0, d1, a2 = phase.d0, phase.d1, phase.a2
        up = apply(d0, phase.a0_inverse)
        down = apply(phase.a0_inverse, Transposed(d0))
        lie = Named(Symbol("L", "L"), BlockMatrix((None, -down), (up, None)))
        heat = apply(Transposed(d1), a2, d1)
        m = Named(Symbol("M", "M"), BlockMatrix((None, None), (None, heat)))
        of_p = apply(d0, Transposed(d0), phase.p)
        de = Named(Symbol("dE", r"\nabla E"), BlockMatrix((phase.q,), (of_p,)))
        falls = -apply(Transposed(d1), d1, phase.p)
        ds = Named(Symbol("dS", r"\nabla S"), BlockMatrix((None,), (falls,)))
        return phase.motion(apply(lie, de) + apply(m, ds))

    def bind(self, like: Array, seed: Seed) -> Field:
        phase = PhaseSpace.of(
            self.graph, self.metric, like, seed, stir=self.stir, faces=True
        )
        if not len(phase.graph.faces):
            raise ValueError(
                "Metriplectic: entropy needs triangles, and the graph has none. "
                "Choose one with triangles, such as nearest neighbours or complete."
            )

        def velocity(s: State) -> Velocity:
            a = phase.at(s.x)
            de = a.d0(a.graph.net_inflow(s.p))
            return metriplectic(a, s.x, de, -a.graph.d1.apply_transpose(a.d1(s.p)))

        def energy(s: State) -> Array:
            return (squared_norm(s.x) + squared_norm(phase.graph.net_inflow(s.p))) / 2

        def entropy(s: State) -> Array:
            return -squared_norm(phase.graph.d1.apply(s.p)) / 2

        def rate(s: State) -> Array:
            return 0 * squared_norm(s.x)

        field = phase.field(velocity, energy, rate=rate, disorder=entropy)
        return replace(field, notes=self.weight_notes(phase.graph))


def metriplectic(a: HodgeComplex, eq: Array, ep: Array, sp: Array) -> Velocity:
    """Return the flow for ∂ₚE in the range of d0 and ∂ₚS in that of d1ᵀ.

    ∂_qE has the shape (..., n, d), ∂ₚE and ∂ₚS have (..., m, d).
    """
    wave = a.d0(over(eq, a.a0))
    heat = a.graph.d1.apply_transpose(times(a.d1(sp), a.a2))
    return Velocity(-over(a.graph.net_inflow(ep), a.a0), wave + heat)
