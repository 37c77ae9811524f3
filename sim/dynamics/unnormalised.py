"""Attention without the normalising sum: the gradient flow of F."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Annotated, ClassVar

from sim.arrays import namespace
from sim.attention.formula import attention_formula
from sim.attention.heads import BETA, Heads
from sim.attention.interaction import of_kind
from sim.attention.softmax import SoftmaxAttention
from sim.dynamics import AttentionLaw, Dynamics, of_each
from sim.dynamics.softmax import attention_field, interaction_behaviour
from sim.expressions.formula import Motion
from sim.expressions.functions import absolute, exp
from sim.law import RowWeights
from sim.settings.knobs import Knob

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.arrays import Array
    from sim.expressions.expression import Expression
    from sim.expressions.tokens import Tokens
    from sim.field import Field
    from sim.law import EnergyBehaviour
    from sim.seed import Seed
    from sim.spaces import Space
    from sim.sums import Sums

MAX_UNSHIFTED_BETA = 80.0  # e^80 does not overflow in float32


@dataclass(frozen=True)
class Unnormalised(AttentionLaw):
    """ẋᵢ = Pₓᵢ V (1/n) Σⱼ e^{β⟨Qxᵢ, Kxⱼ⟩ − |β|} xⱼ  [1]_.

    The factor e^{-|β|} keeps the exponent at most 0 for Q = K = I.  It changes the
    clock, not the orbit: the paper's time is this one times e^{-|β|}, and is the clock
    where `shifted` is off.

    References
    ----------
    .. [1] Geshkovski, Letrouit, Polyanskiy, Rigollet, "A mathematical perspective on
           transformers", arXiv:2312.10794, eq. (USA).
    """

    kind: ClassVar[str] = "unnormalised"
    title: ClassVar[str] = "Unnormalised attention (USA)"
    row_weights: ClassVar[RowWeights] = "exponential"
    batched: ClassVar[bool] = True
    numbers_of_runs: ClassVar[frozenset[str]] = frozenset({"beta"})
    beta: Annotated[float, BETA] = 4.0
    shifted: Annotated[
        bool,
        Knob(
            "exp(−|β|)",
            help="Slow the clock by exp(−|β|), so that speeds stay near 1 at any β.  "
            "Off, it is the papers' clock: steps must then shrink like exp(−|β|).",
            name="Clock × exp(−|β|)",
        ),
    ] = True
    heads: Heads = field(default_factory=Heads)

    @property
    def inverse_temperature(self) -> float:
        return self.beta

    def energy_behaviour(self, space: Space) -> EnergyBehaviour:
        return interaction_behaviour(self.heads, self.beta, space)

    def shift(self, beta: float) -> float:
        """Return what is subtracted from every exponent where β is `beta`."""
        return abs(beta) if self.shifted else 0.0

    def formula(self, x: Tokens) -> Motion:
        a = attention_formula(self.heads, x)
        beta = a.beta(self.beta)

        def weight(i: str, j: str) -> Expression:
            power = beta * a.score(i, j)
            return exp(power - a.scaled(absolute(beta)) if self.shifted else power)

        return Motion(a.velocity(a.averaged(weight)))

    def bind(self, like: Array, seed: Seed) -> Field:
        return self.bind_runs(like, [seed], [self])

    def bind_runs(
        self, like: Array, seeds: Sequence[Seed], laws: Sequence[Dynamics]
    ) -> Field:
        self._check_speed()
        beta = of_each(laws, "beta")
        drawn = UnnormalisedAttention.of(self.heads, beta, like, seeds[0])
        return attention_field(replace(drawn, shifted=self.shifted))

    def _check_speed(self) -> None:
        """Raise a ValueError if the papers' clock is too fast for β."""
        most = abs(self.beta) * max(1.0, abs(self.heads.depth.ramp.factor(math.inf)))
        if not self.shifted and most > MAX_UNSHIFTED_BETA:
            raise ValueError(
                "dynamics.shifted, exp(−|β|), must be on where |β| > "
                f"{MAX_UNSHIFTED_BETA:g}, got β = {most:g}: steps of exp β are too "
                "large."
            )


@dataclass(frozen=True, slots=True)
class UnnormalisedAttention(SoftmaxAttention):
    """Softmax attention times the sum of each row, without its normalisation.

    Attributes
    ----------
    shifted : bool
        Whether every exponent is less by |β|.
    """

    shifted: bool = True

    def attention_output(self, x: Array) -> Array:
        sums = self.sums(x)
        return sums.mass * self.row_mass(sums.top, x.shape[-2]) * sums.mean

    def from_moments(
        self, log_z: Array, mean: Array, second: Array, n: int
    ) -> tuple[Array, Array]:
        mass = self.row_mass(log_z, n)
        return mass * mean, mass[..., None] * second

    def row_divergence(self, unnormalised: Array, square: Array, sums: Sums) -> Array:
        mass = sums.mass * self.row_mass(sums.top, sums.top.shape[-2])
        return mass[..., 0, :, :] * unnormalised

    def row_mass(self, log_z: Array, n: int) -> Array:
        """Return Zᵢ/n, shifted or not, given log Zᵢ: (..., m, 1) -> (..., m, 1)."""
        beta = of_kind(self.inverse_temperature, log_z)
        shift = abs(beta) if self.shifted else 0.0
        return namespace(log_z).exp(log_z - shift) / n
