"""Hamiltonian flow and double bracket on a graph, mixed by an angle."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, ClassVar

from sim.dynamics import ANY, PhaseSpaceLaw
from sim.expressions.functions import cosine, sine
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

if TYPE_CHECKING:
    from sim.arrays import Array
    from sim.expressions.formula import Motion
    from sim.expressions.tokens import Tokens
    from sim.field import Field
    from sim.seed import Seed
    from sim.spaces import Space
    from sim.state import State, Velocity

ANGLE = Knob(
    "φ",
    0,
    90,
    unit="°",
    help="0° is the Hamiltonian flow, which conserves the energy; 90° the double "
    "bracket alone, which dissipates it.",
)


ENDS = (0.0, 90.0)  # degrees, at which one part alone is left


@dataclass(frozen=True)
class Mix(PhaseSpaceLaw):
    """(q̇, ṗ) = cos φ · J∇E − sin φ · J*J∇E on tokens q and edges p  [1]_.

    dE/dt = −sin φ |J∇E|²; J on graphs is that of [2]_.

    References
    ----------
    .. [1] Bloch, Krishnaprasad, Marsden, Ratiu, "The Euler-Poincaré equations and
           double bracket dissipation", Comm. Math. Phys. 175 (1996).
    .. [2] Gruber, Lee, Trask, arXiv:2305.15616.
    """

    kind: ClassVar[str] = "mix"
    title: ClassVar[str] = "Hamiltonian to double bracket"
    sum_over_modes: ClassVar[bool] = True
    limits: ClassVar[Limits | None] = Limits(
        "phi",
        Limit(0.0, "Hamiltonian", "φ = 0°: E is conserved"),
        Limit(90.0, "Double bracket", "φ = 90°, the double bracket alone: E falls"),
    )
    phi: Annotated[float, ANGLE] = 0.0
    graph: Annotated[Topology, GRAPH] = field(default_factory=Neighbours)
    metric: Metric = field(default_factory=Metric)
    stir: Annotated[float, INITIAL_MOMENTA] = 0.0

    def energy_behaviour(self, space: Space) -> EnergyBehaviour:
        if not energy_is_exact(space, self.graph, self.metric):
            return "none"
        return "descends" if self.phi > 0 else "conserves"

    def required_invariants(self, space: Space) -> frozenset[Structure]:
        if self.phi > 0:
            return ANY
        return conserving_structures(self.graph, self.metric) - {"split"}

    def energy_rate_formula(self) -> str:
        return "−sin φ |J∇E|²" if self.phi else "0"

    def formula(self, x: Tokens) -> Motion:
        phase = PhaseFormula(self.graph, self.metric, x)
        wave = apply(phase.j, phase.slope)
        heat = apply(phase.j_star, phase.j, phase.slope)
        phi = Symbol("phi", r"\varphi", (), "dynamics.phi", self.phi)
        if self.phi in ENDS:
            return phase.motion(-heat if self.phi else wave)
        return phase.motion(cosine(phi) * wave - sine(phi) * heat)

    def bind(self, like: Array, seed: Seed) -> Field:
        phase = PhaseSpace.of(self.graph, self.metric, like, seed, stir=self.stir)
        c, s_ = cos_and_sin(self.phi)

        def velocity(s: State) -> Velocity:
            a = phase.at(s.x)
            wave = apply_j(a, phase.energy_gradient(a, s))
            return c * wave + s_ * apply_j(a, wave)

        def rate(s: State) -> Array:
            a = phase.at(s.x)
            return -s_ * squared_length(a, apply_j(a, phase.energy_gradient(a, s)))

        return phase.field(velocity, phase.energy, rate=rate)


def cos_and_sin(degrees: float) -> tuple[float, float]:
    """Return cosine and sine, exact at 0° and 90°."""
    exact = {0.0: (1.0, 0.0), 90.0: (0.0, 1.0)}
    angle = math.radians(degrees)
    return exact.get(degrees, (math.cos(angle), math.sin(angle)))
