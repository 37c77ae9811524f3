"""Attention with a doubly stochastic matrix."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from sim.arrays import dot, namespace, sum_of, transpose
from sim.attention.base import Attention
from sim.attention.formula import attention_formula
from sim.attention.heads import BETA, Heads
from sim.attention.interaction import append_column, append_ones
from sim.attention.sinkhorn_formula import sinkhorn_potentials
from sim.dynamics import AttentionLaw, Dynamics, of_each
from sim.expressions.formula import Motion
from sim.expressions.functions import exp
from sim.expressions.symbols import Symbol
from sim.field import Field
from sim.masks.full import Full
from sim.settings.knobs import Knob
from sim.state import State, Velocity
from sim.sums.choose import FEW_PAIRS, attend
from sim.weights.identity import Identity

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sim.arrays import Array
    from sim.expressions.expression import Expression
    from sim.expressions.tokens import Tokens
    from sim.law import EnergyBehaviour
    from sim.seed import Seed
    from sim.spaces import Space

RUN_AND_HEAD = 3  # axes of the tokens of one run: heads, tokens, coordinates


@dataclass(frozen=True)
class Sinkhorn(AttentionLaw):
    """ẋᵢ = Pₓᵢ V Σⱼ p_ij xⱼ, p = diag(a) e^{β⟨Qx, Kx⟩} diag(b) doubly stochastic  [1]_.

    The mean of the tokens obeys x̄' = V x̄ in the flat space.  With Q = K = I and V = cI
    the flow on the sphere ascends, or descends, the optimal value of entropic transport
    of μ to itself, E = max_p ½ Σ p_ij⟨xᵢ,xⱼ⟩/n + H(p)/2βn, with dE/dt = c mean |ẋ|².

    References
    ----------
    .. [1] Sander, Ablin, Blondel, Peyré, "Sinkformers", arXiv:2110.11773.
    """

    kind: ClassVar[str] = "sinkhorn"
    title: ClassVar[str] = "Sinkhorn attention"
    batched: ClassVar[bool] = True
    numbers_of_runs: ClassVar[frozenset[str]] = frozenset({"beta"})
    energy_name: ClassVar[str] = "Transport energy"
    energy_help: ClassVar[str] = "E = ½ Σ pᵢⱼ⟨xᵢ,xⱼ⟩/n − Σ pᵢⱼ log n pᵢⱼ /2βn"
    beta: Annotated[float, BETA] = 4.0
    rounds: Annotated[
        int,
        Knob(
            "rounds",
            1,
            500,
            scale="log",
            help="Times that rows and columns are normalised in turn; more are "
            "needed at large β.",
        ),
    ] = 30
    heads: Heads = field(default_factory=Heads)

    @property
    def inverse_temperature(self) -> float:
        return self.beta

    def energy_behaviour(self, space: Space) -> EnergyBehaviour:
        sign = self.heads.attraction_sign(space)
        if sign == 0 or self.heads.count > 1:
            return "none"
        return "ascends" if sign > 0 else "descends"

    def formula(self, x: Tokens) -> Motion:
        a = attention_formula(self.heads, x)
        beta = a.beta(self.beta)

        def score(i: str, j: str) -> Expression:
            return beta * a.score(i, j)

        alike = self.heads.query == self.heads.key == Identity()
        rounds = Symbol("rounds", "R", (), "dynamics.rounds", self.rounds)
        f, g = sinkhorn_potentials(a, score, rounds, alike=alike)
        weight = exp(f("i") + score("i", "j") + g("j"))
        return Motion(a.velocity(a.averaged_named(weight)))

    def bind(self, like: Array, seed: Seed) -> Field:
        return self.bind_runs(like, [seed], [self])

    def bind_runs(
        self, like: Array, seeds: Sequence[Seed], laws: Sequence[Dynamics]
    ) -> Field:
        if not isinstance(self.heads.mask, Full):
            raise ValueError(
                f"Sinkhorn attention needs the mask full, got {self.heads.mask.kind}: "
                "under a mask there may be no doubly stochastic matrix. Choose the "
                "mask full, or softmax attention."
            )
        beta = of_each(laws, "beta")
        attention = SinkhornAttention.of(self.heads, beta, like, seeds[0])
        attention = dataclasses.replace(attention, rounds=self.rounds)

        def velocity(s: State) -> Velocity:
            return Velocity(attention.at(s.t).velocity(s.x), s.p)

        def energy(s: State) -> Array:
            return attention.at(s.t).energy(s)

        return Field(velocity, energy, attention)


class LatestPotentials:
    """Keeps the potentials of the last tokens: the very same array."""

    def __init__(self) -> None:
        self._held: tuple[Array, tuple[Array, Array]] | None = None

    def of(self, x: Array, make: Callable[[Array], tuple[Array, Array]]) -> Any:
        """Return the potentials ``make(x)``, which are made once for one array."""
        if self._held is None or self._held[0] is not x:
            self._held = (x, make(x))
        return self._held[1]


@dataclass(frozen=True, slots=True)
class SinkhornAttention(Attention):
    """p_ij = mⱼ e^{f_i + s_ij + g_j} with Σⱼ p_ij = 1 and Σᵢ mᵢ p_ij = mⱼ.

    Attributes
    ----------
    rounds : int
        Sinkhorn iterations for f and g, in the logarithmic domain.
    """

    rounds: int = 30
    latest: LatestPotentials = field(
        default_factory=LatestPotentials, init=False, compare=False, repr=False
    )
    """The potentials of the latest tokens, which several quantities need."""

    def undropped_row_sums(self, x: Array) -> Array:
        f, g = self.potentials(x)
        q, k = append_ones(self.queries(x), g), self.keys(x)
        sums = attend(q, append_column(k, g + self._log_mass(x)), self.values(x))
        return sums.mean * namespace(x).exp(sums.log_z + f)

    def undropped_weights(self, x: Array, rows: Array) -> Array:
        xp, (f, g) = namespace(x), self.potentials(x)
        scores, _ = self.scores(x, rows)
        mass = self._log_mass(x)
        return xp.exp(scores + xp.take(f, rows, axis=-2) + transpose(g + mass))

    def columns_alone(self, x: Array, tokens: Array) -> Array | None:
        xp, (f, g) = namespace(x), self.potentials(x)
        scores = self.queries(x) @ transpose(xp.take(self.keys(x), tokens, axis=-2))
        mass = xp.take(g + self._log_mass(x), tokens, axis=-2)
        return xp.exp(scores + f + transpose(mass))

    def entropy(self, x: Array) -> Array | None:
        if not self.stochastic:
            return None
        f, g = self.potentials(x)
        q = append_ones(self.queries(x), g)
        k = append_column(self.keys(x), g + self._log_mass(x))
        sums = attend(q, k, k)
        share = namespace(x).exp(sums.log_z + f)  # Σⱼ p_ij, nearly 1
        return -share * (dot(q, sums.mean) + f)

    def potentials(self, x: Array) -> tuple[Array, Array]:
        """Return f and g: (..., n, d) -> (..., h or 1, n, 1) each."""
        return self.latest.of(x, self._iterated)

    def _iterated(self, x: Array) -> tuple[Array, Array]:
        q, k, mass = self.queries(x), self.keys(x), self._log_mass(x)
        f = g = 0 * dot(k, k)
        symmetric = self.query is self.key  # both None
        rows, columns = log_sums(q, k, mass), log_sums(k, q, mass)
        for _ in range(self.rounds):
            if symmetric:  # f = g, and half steps converge
                f = g = (f - rows(g)) / 2
            else:
                f = -rows(g)
                g = -columns(f)
        return f, g

    def energy(self, s: State) -> Array:
        """Return −Σᵢ mᵢ(fᵢ + gᵢ)/2β of one head: (..., n, d) -> (...)."""
        xp = namespace(s.x)
        mass = xp.exp(self._log_mass(s.x))
        if self.beta == 0:  # the limit: half the squared length of the mean token
            mean = sum_of(s.x * mass, -2, keepdims=True)
            return dot(mean, mean)[..., 0, 0] / 2
        f, g = self.potentials(s.x)
        return -xp.mean(sum_of((f + g) * mass, -2), axis=(-2, -1)) / (2 * self.beta)

    def _log_mass(self, x: Array) -> Array:
        """Return log mⱼ: (n, 1)."""
        n = x.shape[-2]
        equal = namespace(x).full((n, 1), -math.log(n), dtype=x.dtype)
        return equal if self.log_mass is None else equal + self.log_mass


def log_sums(a: Array, b: Array, log_mass: Array) -> Callable[[Array], Array]:
    """Return a function of potentials pⱼ: log Σⱼ mⱼ e^{⟨aᵢ,bⱼ⟩ + pⱼ}.

    Few tokens of one run keep their scores, which are the same in every round.  Shapes
    (..., n, e) each, and (..., n, 1) -> (..., n, 1).
    """
    xp = namespace(a)
    many_runs = a.ndim > RUN_AND_HEAD
    if many_runs or a.shape[-2] * b.shape[-2] > FEW_PAIRS:
        ones = 1 + 0 * b[..., :1]

        def attended(p: Array) -> Array:
            keys = append_column(b, p + log_mass)
            return attend(append_ones(a, p), keys, ones).log_z

        return attended
    scores = a @ transpose(b) + transpose(log_mass)

    def added(p: Array) -> Array:
        rows = scores + transpose(p)
        top = xp.max(rows, axis=-1, keepdims=True)
        rows -= top
        return top + xp.log(sum_of(xp.exp(rows), -1, keepdims=True))

    return added
