"""Hamiltonian flow on a graph, with a double bracket of any strength."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, ClassVar

from sim.dynamics import ANY, PhaseSpaceLaw
from sim.expressions.matrices import apply
from sim.expressions.symbols import Symbol
from sim.exterior_calculus.metric import Metric
from sim.exterior_calculus.phase_formula import PhaseFormula
from sim.exterior_calculus.phase_space import (
    INITIAL_MOMENTA,
    PhaseSpace,
    apply_j,
    conserving_structures,
    energy_is_exact,
    squared_length,
)
from sim.graphs import GRAPH, Topology
from sim.graphs.neighbours import Neighbours
from sim.law import EnergyBehaviour, Limit, Limits, Structure
from sim.settings.knobs import Knob
from sim.state import Split, State, Velocity

if TYPE_CHECKING:
    from sim.arrays import Array
    from sim.expressions.formula import Motion
    from sim.expressions.tokens import Tokens
    from sim.field import Field
    from sim.seed import Seed
    from sim.spaces import Space


@dataclass(frozen=True)
class Bracket(PhaseSpaceLaw):
    """(q̇, ṗ) = J∇E − γ J*J∇E on the tokens q and edges p of a graph  [1]_.

    J = [[0, −d0*], [d0, 0]] with d0* the adjoint of d0 in the inner products of the
    weights, so that J* = −J.  γ = 0 is Hamiltonian and conserves E; any γ > 0 adds the
    double bracket, which dissipates it: dE/dt = −γ|J∇E|².

    References
    ----------
    .. [1] Gruber, Lee, Trask, "Reversible and irreversible bracket-based dynamics for
           deep graph neural networks", arXiv:2305.15616.
    """

    kind: ClassVar[str] = "bracket"
    title: ClassVar[str] = "Hamiltonian / double bracket"
    sum_over_modes: ClassVar[bool] = True
    limits: ClassVar[Limits | None] = Limits(
        "gamma",
        Limit(0.0, "Hamiltonian", "Bracket with γ = 0: E is conserved"),
        Limit(0.5, "Double bracket", "Bracket with γ > 0: E falls"),
    )
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
    graph: Annotated[Topology, GRAPH] = field(default_factory=Neighbours)
    metric: Metric = field(default_factory=Metric)
    stir: Annotated[float, INITIAL_MOMENTA] = 0.0

    def energy_behaviour(self, space: Space) -> EnergyBehaviour:
        if not energy_is_exact(space, self.graph, self.metric):
            return "none"
        return "descends" if self.gamma > 0 else "conserves"

    def required_invariants(self, space: Space) -> frozenset[Structure]:
        return ANY if self.gamma > 0 else conserving_structures(self.graph, self.metric)

    def energy_rate_formula(self) -> str:
        return "−γ|J∇E|²" if self.gamma else "0"

    def formula(self, x: Tokens) -> Motion:
        phase = PhaseFormula(self.graph, self.metric, x)
        wave = apply(phase.j, phase.slope)
        if not self.gamma:
            return phase.motion(wave)
        gamma = Symbol("gamma", r"\gamma", (), "dynamics.gamma", self.gamma)
        return phase.motion(wave - gamma * apply(phase.j_star, phase.j, phase.slope))

    def bind(self, like: Array, seed: Seed) -> Field:
        phase = PhaseSpace.of(self.graph, self.metric, like, seed, stir=self.stir)
        gamma = self.gamma

        def velocity(s: State) -> Velocity:
            a = phase.at(s.x)
            wave = apply_j(a, phase.energy_gradient(a, s))  # J∇E
            return wave + gamma * apply_j(a, wave) if gamma else wave  # −J*J = J²

        def rate(s: State) -> Array:
            a = phase.at(s.x)
            return -gamma * squared_length(a, apply_j(a, phase.energy_gradient(a, s)))

        def drift(s: State) -> Array:
            a = phase.at(s.x)
            return -a.d0_star(phase.energy_gradient(a, s).p)

        def kick(s: State, h: float) -> Array:
            a = phase.at(s.x)
            return h * a.d0(phase.energy_gradient(a, s).x)

        split = None if gamma else Split(drift, kick)
        return phase.field(velocity, phase.energy, split, rate=rate)
