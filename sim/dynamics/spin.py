"""Precession and self-attention on the sphere, mixed by an angle."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

from sim.arrays import dot, namespace, norm, sum_of
from sim.attention.formula import inverse_temperature
from sim.attention.interaction import interaction
from sim.attention.potential import (
    BETA,
    SIGN,
    Potential,
    Sign,
    behaviour_of_sign,
    energy_slope,
)
from sim.dynamics import ANY, Dynamics, beside, of_each
from sim.dynamics.mix import ENDS, cos_and_sin
from sim.expressions.formula import Motion
from sim.expressions.functions import cosine, sine
from sim.expressions.functions import cross as cross_product
from sim.expressions.symbols import Symbol
from sim.field import Field
from sim.law import EnergyBehaviour, Limit, Limits, Structure, Symmetry
from sim.settings.knobs import Knob
from sim.state import State, Velocity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.arrays import Array
    from sim.expressions.tokens import Tokens
    from sim.seed import Seed
    from sim.spaces import Space

DIMENSION = 3  # the vector product x × y needs it


@dataclass(frozen=True)
class Spin(Dynamics):
    """ẋᵢ = cos φ · xᵢ×∇ᵢE − sin φ · J*J∇E with J = [xᵢ]× and E = ∓U on S²  [1]_.

    U = n(F̂ − 1)/2β, so that ∇ᵢU is the field of unnormalised attention.  φ = 0 is
    precession, which conserves F̂; at φ = 90° J*J∇E = Pₓ∇E, and the law is unnormalised
    self-attention: USA is the double-bracket part of this bracket.

    References
    ----------
    .. [1] Bloch, Krishnaprasad, Marsden, Ratiu, "The Euler-Poincaré equations and
           double bracket dissipation", Comm. Math. Phys. 175 (1996).
    """

    kind: ClassVar[str] = "spin"
    title: ClassVar[str] = "Spin bracket on S²"
    batched: ClassVar[bool] = True
    numbers_of_runs: ClassVar[frozenset[str]] = frozenset({"beta", "phi"})
    curves: ClassVar[tuple[str, ...]] = ("energy", "energy_rate", "spin")
    limits: ClassVar[Limits | None] = Limits(
        "phi",
        Limit(0.0, "Precession", "φ = 0°: tokens precess, and F̂ is conserved"),
        Limit(90.0, "Double bracket", "φ = 90°: unnormalised attention, which moves F̂"),
    )
    phi: Annotated[
        float,
        Knob(
            "φ",
            0,
            90,
            unit="°",
            help="0° is precession, which conserves F̂; 90° is unnormalised "
            "self-attention; in between, tokens spiral together.",
        ),
    ] = 0.0
    beta: Annotated[float, BETA] = 4.0
    sign: Annotated[Sign, SIGN] = "attract"

    @property
    def inverse_temperature(self) -> float:
        return self.beta

    def symmetries(self) -> frozenset[Symmetry]:
        return frozenset({"turn", "order"})  # a reflection reverses vector products

    def energy_behaviour(self, space: Space) -> EnergyBehaviour:
        if not space.euclidean and space.kind != "sphere":
            return "none"
        if self.phi == 0 or self.beta == 0:
            return "conserves"
        return behaviour_of_sign(self.sign)

    def required_invariants(self, space: Space) -> frozenset[Structure]:
        return ANY if self.phi > 0 else frozenset({"symplectic"})

    def energy_rate_formula(self) -> str:
        if not self.phi or not self.beta:
            return "0"
        return f"{'' if self.sign == 'attract' else '−'}(2β/n) sin φ |J∇U|²"

    def formula(self, x: Tokens) -> Motion:
        beta = inverse_temperature(self.beta)
        slope = energy_slope(x, beta, attract=self.sign == "attract")
        phi = Symbol("phi", r"\varphi", (), "dynamics.phi", self.phi)
        turn = cross_product(x("i"), slope)
        twice = cross_product(x("i"), turn)
        if self.phi in ENDS:
            return Motion(twice if self.phi else turn)
        return Motion(cosine(phi) * turn + sine(phi) * twice)

    def bind(self, like: Array, seed: Seed) -> Field:
        return self.bind_runs(like, [seed], [self])

    def bind_runs(
        self, like: Array, seeds: Sequence[Seed], laws: Sequence[Dynamics]
    ) -> Field:
        if like.shape[-1] != DIMENSION:
            raise ValueError(
                "Spin: precession x × ∇E needs tokens in 3 dimensions, got d = "
                f"{like.shape[-1]}. Set dimension to 3, or choose the inertial law."
            )
        phi = of_each(laws, "phi")
        potential = Potential.of(of_each(laws, "beta"), like, seeds[0])
        one = potential.attention.beta
        if isinstance(phi, list):
            turns = [cos_and_sin(angle) for angle in phi]
            c, s_ = (beside([*part], like) for part in zip(*turns, strict=True))
        else:
            c, s_ = cos_and_sin(phi)
        dissipated = math.nan if isinstance(phi, list) else s_
        outward = -1.0 if self.sign == "attract" else 1.0

        def velocity(s: State) -> Velocity:
            slope = outward * potential.gradient(s.x)  # ∇E
            turn = cross(s.x, slope)  # J∇E
            return Velocity(c * turn + s_ * cross(s.x, turn), s.p)  # −J*J = J²

        def energy(s: State) -> Array:
            return interaction(s.x, potential.attention.inverse_temperature)

        def rate(s: State) -> Array:
            turn = cross(s.x, potential.gradient(s.x))
            lost = sum_of(dot(turn, turn)[..., 0], -1)
            return -outward * dissipated * 2 * one / s.x.shape[-2] * lost

        return Field(
            velocity, energy, potential.attention, measures={"rate": rate, "spin": spin}
        )


def cross(a: Array, b: Array) -> Array:
    """Return a × b, row by row: (..., 3), (..., 3) -> (..., 3)."""
    roll = namespace(a).roll
    left = roll(a, -1, axis=-1) * roll(b, 1, axis=-1)
    return left - roll(a, 1, axis=-1) * roll(b, -1, axis=-1)


def spin(s: State) -> Array:
    """Return |Σ xᵢ|, which precession conserves: (..., n, 3) -> (...)."""
    return norm(sum_of(s.x, -2))[..., 0]
