"""The potential of unnormalised attention, for laws with momentum or spin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sim.arrays import namespace, sum_of
from sim.attention.formula import SIZE
from sim.attention.heads import Heads
from sim.attention.interaction import interaction, of_kind
from sim.attention.softmax import SoftmaxAttention
from sim.expressions.expression import ONE, Expression, reciprocal
from sim.expressions.functions import exp, inner
from sim.expressions.sums import Total
from sim.expressions.symbols import Named, Symbol
from sim.settings.knobs import Knob

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.arrays import Array
    from sim.expressions.tokens import Tokens
    from sim.law import EnergyBehaviour
    from sim.seed import Seed

BETA = Knob(
    "β",
    0,
    100_000,
    scale="asinh",
    help="Inverse temperature: how sharply a token prefers the tokens near it.",
    soft=(0, 256),
)
SIGN = Knob("sign", help="Whether tokens attract, E = −U, or repel, E = +U.")
Sign = Literal["attract", "repel"]


@dataclass(frozen=True, slots=True)
class Potential:
    """U = Σ_ij (e^{β(⟨xᵢ,xⱼ⟩−1)} − 1)/2βn = n(F̂ − 1)/2β, and its gradient.

    Attributes
    ----------
    attention : Soft
        β, with Q = K = V = I.
    """

    attention: SoftmaxAttention

    @staticmethod
    def of(beta: float | Sequence[float], like: Array, seed: Seed) -> Potential:
        """Return the potential of β ≥ 0 for tokens as `like`: (..., n, d).

        `beta` is one number, or one for each run of a batch.
        """
        return Potential(SoftmaxAttention.of(Heads(), beta, like, seed))

    def value(self, x: Array) -> Array:
        """Return U: (..., n, d) -> (...)."""
        n, beta = x.shape[-2], self.attention.beta
        if beta:
            return n * (interaction(x, beta) - 1) / (2 * beta)
        total = sum_of(x, -2)  # the limit β → 0
        return (sum_of(total * total, -1) / n - n) / 2

    def gradient(self, x: Array) -> Array:
        """Return ∇ᵢU = (1/n) Σⱼ e^{β(⟨xᵢ,xⱼ⟩−1)} xⱼ, the field of USA: (..., n, d)."""
        sums = self.attention.sums(x)
        beta = of_kind(self.attention.inverse_temperature, x)
        grown = namespace(x).exp(sums.top - beta)
        weight = sums.mass * grown / x.shape[-2]
        return (weight * sums.mean)[..., 0, :, :]


def energy_slope(x: Tokens, beta: Expression, *, attract: bool) -> Expression:
    """Return ∇ᵢE of E = −U, or of +U where tokens repel, as a formula."""
    power = beta * (inner(x("i"), x("j")) - ONE)
    total = reciprocal(SIZE) * Total("j", exp(power) * x("j"))
    return Named(
        Symbol("slope", r"\nabla", ("i",), around="{}E"), -total if attract else total
    )


def behaviour_of_sign(sign: Sign) -> EnergyBehaviour:
    """Return what happens to F̂ where tokens follow the force."""
    return "ascends" if sign == "attract" else "descends"
