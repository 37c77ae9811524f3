"""Cross-attention of tokens to a fixed set of keys."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np

from sim.arrays import dot, namespace
from sim.attention.formula import AttentionFormula
from sim.attention.heads import BETA, Heads
from sim.attention.softmax import SoftmaxAttention
from sim.dynamics import AttentionLaw, Dynamics, of_each
from sim.dynamics.softmax import softmax_rows
from sim.expressions.formula import Motion
from sim.expressions.symbols import Symbol
from sim.expressions.tokens import Tokens
from sim.field import Field
from sim.initial import Initial
from sim.initial.uniform import Uniform
from sim.masks.full import Full
from sim.masses.equal import Equal
from sim.settings.knobs import Knob
from sim.state import State, Velocity
from sim.sums import Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.arrays import Array
    from sim.law import EnergyBehaviour, Symmetry
    from sim.seed import Seed
    from sim.spaces import Space


@dataclass(frozen=True)
class Cross(AttentionLaw):
    """ẋᵢ = Pₓᵢ V Σⱼ softmaxⱼ(β⟨Qxᵢ, Kkⱼ⟩) kⱼ: a soft dictionary  [1]_.

    The keys kⱼ are fixed, so that tokens do not interact.  With Q = K = I and
    V = cI every token ascends, or descends, LSE(x) = log Σⱼ e^{β⟨x,kⱼ⟩}/mβ on its own:
    dLSE/dt = c|ẋ|².  In the flat space one step of the layer with h = 1, less x, is
    one update of the modern Hopfield network.

    References
    ----------
    .. [1] Ramsauer et al., "Hopfield networks is all you need", arXiv:2008.02217.
    """

    kind: ClassVar[str] = "cross"
    title: ClassVar[str] = "Cross-attention"
    batched: ClassVar[bool] = True
    numbers_of_runs: ClassVar[frozenset[str]] = frozenset({"beta"})
    self_attending: ClassVar[bool] = False
    energy_name: ClassVar[str] = "Mean LSE"
    energy_help: ClassVar[str] = "(1/n) Σᵢ log((1/m) Σⱼ exp(β⟨xᵢ,kⱼ⟩))/β"
    beta: Annotated[float, BETA] = 4.0
    size: Annotated[
        int, Knob("m", 1, 100_000, scale="log", live=False, help="Number of keys.")
    ] = 8
    unit: Annotated[
        bool,
        Knob("Unit keys", help="Normalise every key to length 1, as layer norm does."),
    ] = True
    keys: Annotated[
        Initial,
        Knob("Keys", help="What tokens attend to: a dictionary that does not move."),
    ] = field(default_factory=Uniform)
    heads: Heads = field(default_factory=Heads)

    @property
    def inverse_temperature(self) -> float:
        return self.beta

    def symmetries(self) -> frozenset[Symmetry]:
        return self.heads.symmetries() & {"order"}  # the keys are fixed

    def keys_of(self, n: int) -> int:
        return self.keys.shape(self.size, 1)[0]

    def fixed_tokens(self) -> str:
        return ""  # masses and matrices are of the keys

    def energy_behaviour(self, space: Space) -> EnergyBehaviour:
        sign = self.heads.attraction_sign(space)
        if sign == 0:
            return "none"
        return "ascends" if sign > 0 else "descends"

    def formula(self, x: Tokens) -> Motion:
        count = Symbol("m", "m", (), "dynamics.size", self.size)
        keys = Tokens("k", "keys", r"k_j\ \mathrm{fixed},\; 0\le j<m")
        a = AttentionFormula(self.heads, x, keys, count)
        return Motion(a.velocity(softmax_rows(a, a.beta(self.beta))))

    def bind(self, like: Array, seed: Seed) -> Field:
        return self._looking_up(self.beta, like, seed, *self._dictionary(like, seed))

    def bind_runs(
        self, like: Array, seeds: Sequence[Seed], laws: Sequence[Dynamics]
    ) -> Field:
        drawn = [self._dictionary(like, seed) for seed in seeds]
        words = namespace(like).stack([words for words, _ in drawn])
        beta, mass = of_each(laws, "beta"), drawn[0][1]
        return self._looking_up(beta, like, seeds[0], words, mass)

    def _looking_up(
        self,
        beta: float | list[float],
        like: Array,
        seed: Seed,
        words: Array,
        mass: Array | None,
    ) -> Field:
        """Return the field of tokens that attend to `words`: (m, d) or (runs, m, d)."""
        heads = dataclasses.replace(self.heads, masses=Equal())  # not of the tokens
        lookup = CrossAttention.of(heads, beta, like, seed, keys=words.shape[-2])
        lookup = dataclasses.replace(lookup, words=words, log_mass=mass)

        def velocity(s: State) -> Velocity:
            return Velocity(lookup.at(s.t).velocity(s.x), s.p)

        def energy(s: State) -> Array:
            return lookup.at(s.t).energy(s)

        # The matrix is n × m, not among tokens, and therefore not shown.
        return Field(velocity, energy, hidden_attention=lookup)

    def _dictionary(self, like: Array, seed: Seed) -> tuple[Array, Array | None]:
        """Return kⱼ, (m, d), and log m mⱼ, (m, 1) or None if equal, on the device."""
        xp, d = namespace(like), like.shape[-1]
        if not isinstance(self.heads.mask, Full):
            raise ValueError(
                f"cross-attention needs the mask full, got {self.heads.mask.kind}: "
                "tokens and keys have no common order. Choose the mask full."
            )
        m, width = self.keys.shape(self.size, d)
        if width != d:
            raise ValueError(
                f"the keys must have d = {d} coordinates, as tokens have, got {width}. "
                f"Choose other keys, or d = {width}."
            )
        words = self.keys.place(m, d, seed.rng("dictionary")).x
        if self.unit:
            words = words / np.linalg.norm(words, axis=-1, keepdims=True)
        share = self.heads.masses.shares(m)
        log_mass = None if share is None else np.log(m * share[:, None])
        mass = None if log_mass is None else xp.asarray(log_mass, dtype=like.dtype)
        return xp.asarray(words, dtype=like.dtype, copy=True), mass


@dataclass(frozen=True, slots=True)
class CrossAttention(SoftmaxAttention):
    """p_ij ∝ mⱼ e^{β⟨Qxᵢ, Kkⱼ⟩} between tokens and keys.

    Attributes
    ----------
    words : Array, shape (m, d), or (runs, m, d) where each run has its own
        kⱼ.
    """

    words: Array = None

    def keys(self, x: Array) -> Array:
        return self.project(self.key, self.words[..., None, :, :])

    def values(self, x: Array) -> Array:
        return self.words[..., None, :, :]

    def problem(self, x: Array) -> Problem:
        return Problem(*self.score_factors(x), self.values(x), 1.0, self.mask)

    def energy(self, s: State) -> Array:
        """Return the mean LSE of the tokens: (..., n, d) -> (...)."""
        xp, found = namespace(s.x), self.sums(s.x)
        if self.beta == 0:  # the limit: the inner product with the mean key
            return xp.mean(dot(s.x[..., None, :, :], found.mean), axis=(-3, -2, -1))
        heights = found.log_z - math.log(self.words.shape[-2])
        return xp.mean(heights, axis=(-3, -2, -1)) / self.beta
