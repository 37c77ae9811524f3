"""Tokens with momentum: Hamiltonian dynamics on the sphere, with friction."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from sim.attention.formula import inverse_temperature
from sim.attention.potential import BETA, SIGN, Potential, Sign, energy_slope
from sim.dynamics import ANY, Dynamics, beside, of_each
from sim.expressions.formula import Motion
from sim.expressions.symbols import Symbol
from sim.exterior_calculus.hodge import squared_norm
from sim.field import Field
from sim.law import EnergyBehaviour, Limit, Limits, Structure
from sim.settings.knobs import Knob
from sim.state import Split, State, Velocity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.arrays import Array
    from sim.expressions.tokens import Tokens
    from sim.seed import Seed
    from sim.spaces import Space


GAMMA = "dynamics.gamma"


@dataclass(frozen=True)
class Inertial(Dynamics):
    """ẋ = p, ∇ₜp = ∓∇U − γp: H = ½Σ|pᵢ|² ∓ U with dH/dt = −γΣ|pᵢ|²  [1]_.

    U = n(F̂ − 1)/2β, and ∇ₜ is the covariant derivative: without a force tokens move
    along geodesics.  γ = 0 conserves H; for γ ≫ 1 momenta follow the force, p = ±∇U/γ,
    which is unnormalised attention with its time divided by γ.

    References
    ----------
    .. [1] Attouch, Goudou, Redont, "The heavy ball with friction method, I. The
           continuous dynamical system", Commun. Contemp. Math. 2 (2000).
    """

    kind: ClassVar[str] = "inertial"
    title: ClassVar[str] = "Tokens with momentum"
    batched: ClassVar[bool] = True
    numbers_of_runs: ClassVar[frozenset[str]] = frozenset({"beta", "gamma"})
    energy_name: ClassVar[str] = "Energy H(x, p)"
    energy_help: ClassVar[str] = "H = ½ Σ|pᵢ|² ∓ n(F̂ − 1)/2β"
    curves: ClassVar[tuple[str, ...]] = ("energy", "energy_rate", "order")
    limits: ClassVar[Limits | None] = Limits(
        "gamma",
        Limit(0.0, "No friction", "γ = 0: H is conserved"),
        Limit(0.5, "Friction", "γ > 0: H falls, and tokens come to rest"),
    )
    gamma: Annotated[
        float,
        Knob(
            "γ",
            0,
            64,
            scale="asinh",
            help="Friction.  0 conserves H: tokens oscillate for ever.  Large values "
            "give self-attention, γ times slower.",
        ),
    ] = 0.0
    beta: Annotated[float, BETA] = 4.0
    sign: Annotated[Sign, SIGN] = "attract"

    @property
    def inverse_temperature(self) -> float:
        return self.beta

    def energy_behaviour(self, space: Space) -> EnergyBehaviour:
        if not space.bounded:  # F̂ is unbounded there, and tokens diverge
            return "none"
        return "descends" if self.gamma > 0 else "conserves"

    def required_invariants(self, space: Space) -> frozenset[Structure]:
        return ANY if self.gamma > 0 else frozenset({"split"})

    def energy_rate_formula(self) -> str:
        return "−γ Σ|pᵢ|²" if self.gamma else "0"

    def formula(self, x: Tokens) -> Motion:
        beta = inverse_temperature(self.beta)
        force = -energy_slope(x, beta, attract=self.sign == "attract")
        p = Symbol("p", "p", ("i",))
        if self.gamma:
            force = force - Symbol("gamma", r"\gamma", (), GAMMA, self.gamma) * p
        return Motion(p, force, "tokens")

    def bind(self, like: Array, seed: Seed) -> Field:
        return self.bind_runs(like, [seed], [self])

    def bind_runs(
        self, like: Array, seeds: Sequence[Seed], laws: Sequence[Dynamics]
    ) -> Field:
        friction = of_each(laws, "gamma")
        potential = Potential.of(of_each(laws, "beta"), like, seeds[0])
        gamma, pull = beside(friction, like), 1.0 if self.sign == "attract" else -1.0

        def velocity(s: State) -> Velocity:
            return Velocity(s.p, pull * potential.gradient(s.x) - gamma * s.p)

        def energy(s: State) -> Array:
            return squared_norm(s.p) / 2 - pull * potential.value(s.x)

        def rate(s: State) -> Array:
            one = math.nan if isinstance(friction, list) else friction
            return -one * squared_norm(s.p)

        def drift(s: State) -> Array:
            return s.p

        def kick(s: State, h: float) -> Array:
            kept, time = relaxed(friction, h)
            force = beside(time, s.x) * pull * potential.gradient(s.x)
            return force - beside(kept, s.x) * s.p

        def start(s: State) -> State:
            return State(s.t, s.x, 0 * s.x)

        return Field(
            velocity,
            energy,
            potential.attention,
            start=start,
            carrier="tokens",
            split=Split(drift, kick),
            measures={"rate": rate},
        )


def relaxed(gamma: float | list[float], h: float) -> tuple[Any, Any]:
    """Return 1 − e^{−γh} and that over γ: of a number, or of each of some.

    Exact for fixed x: p relaxes to force/γ; without friction it grows by h · force.
    """
    if isinstance(gamma, list):
        found = [relaxed(one, h) for one in gamma]
        return [kept for kept, _ in found], [time for _, time in found]
    kept = -math.expm1(-gamma * h)
    return kept, kept / gamma if gamma else h
