"""Heads, scores and the attention matrix: what all attention laws share."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np

from sim.arrays import namespace, transpose
from sim.knobs import Knob, Settings
from sim.masks import Mask
from sim.masks.full import Full
from sim.sums.direct import Sums, attend, weights
from sim.weights import Weights
from sim.weights.identity import Identity

if TYPE_CHECKING:
    from sim.arrays import Array
    from sim.seed import Seed

BETA = Knob(
    "β",
    -64,
    1024,
    scale="asinh",
    help="Inverse temperature: how sharply a token prefers the tokens it is aligned "
    "with.  0 averages all, large values pick the nearest, below 0 the farthest.",
)


@dataclass(frozen=True)
class Heads(Settings):
    """Query, key and value matrices of multi-head attention."""

    count: Annotated[
        int,
        Knob("heads", 1, 16, help="Attention heads; their velocities are averaged."),
    ] = 1
    value: Weights = field(default_factory=Identity)
    query: Weights = field(default_factory=Identity)
    key: Weights = field(default_factory=Identity)
    mask: Mask = field(default_factory=Full)

    def draw(self, d: int, seed: Seed) -> tuple[Matrices, Matrices, Matrices]:
        """Return Q, K: (h, e, d) and V: (h, d, d), in float64 on the host."""
        q = self.query.draw(self.count, d, seed.rng("query"))
        k = self.key.draw(self.count, d, seed.rng("key"))
        v = self.value.draw(self.count, d, seed.rng("value"))
        if q.shape[1] != k.shape[1]:
            raise ValueError(
                "Q and K must map to one dimension: Q has shape "
                f"{q.shape[1]} × {d}, K {k.shape[1]} × {d}."
            )
        if v.shape[1] != d:
            raise ValueError(f"V must be {d} × {d}, got {v.shape[1]} × {v.shape[2]}.")
        return q, k, v

    def sign(self) -> int:
        """Return c's sign where Q = K = I and V = c·I without a mask, else 0.

        The case in which F is known to be a Lyapunov function.
        """
        known = self.query == self.key == Identity() and isinstance(self.mask, Full)
        if not known or not isinstance(self.value, Identity):
            return 0
        return int(np.sign(self.value.scale))


Matrices = np.ndarray[Any, Any]


@dataclass(frozen=True, slots=True)
class Attention:
    """Scores s_ij = β⟨Qxᵢ, Kxⱼ⟩ bound to matrices on a device.

    Attributes
    ----------
    beta : float
        Inverse temperature.
    query, key : Array, shape (h, e, d), or None for the identity
        Q and K.
    value : Array, shape (h, d, d)
        V.
    mask : Mask
        Which pairs attend.
    """

    beta: float
    query: Array | None
    key: Array | None
    value: Array
    mask: Mask

    @staticmethod
    def of(heads: Heads, beta: float, like: Array, seed: Seed) -> Attention:
        """Draw the matrices of `heads` and put them beside `like`: (..., n, d)."""
        xp, d = namespace(like), like.shape[-1]
        q, k, v = (
            xp.asarray(m, dtype=like.dtype, copy=True) for m in heads.draw(d, seed)
        )
        plain = Identity()
        return Attention(
            beta,
            None if heads.query == plain else q,
            None if heads.key == plain else k,
            v,
            heads.mask,
        )

    @property
    def heads(self) -> int:
        """Number of heads."""
        return self.value.shape[0]

    def queries(self, x: Array) -> Array:
        """Return βQxᵢ: (..., n, d) -> (..., h or 1, n, e)."""
        return self.beta * _apply(self.query, x)

    def keys(self, x: Array) -> Array:
        """Return Kxⱼ: (..., n, d) -> (..., h or 1, n, e)."""
        return _apply(self.key, x)

    def sums(self, x: Array) -> Sums:
        """Return what every token collects, head by head: (..., h or 1, n, ·)."""
        return attend(self.queries(x), self.keys(x), x[..., None, :, :], self.mask)

    def mix(self, y: Array) -> Array:
        """Return (1/h) Σ_h V_h y_h: (..., h or 1, n, d) -> (..., n, d)."""
        return namespace(y).mean(y @ transpose(self.value), axis=-3)

    def rows(self, x: Array, rows: list[int]) -> Array:
        """Return rows of the attention matrix: (..., n, d) -> (..., h or 1, r, n)."""
        xp = namespace(x)
        which = xp.asarray(rows)
        picked = xp.take(x, which, axis=-2)
        allowed = self.mask.allow(which, xp.arange(x.shape[-2]))
        return weights(self.queries(picked), self.keys(x), allowed)


def _apply(matrix: Array | None, x: Array) -> Array:
    one = x[..., None, :, :]
    return one if matrix is None else one @ transpose(matrix)


def interaction(x: Array, beta: float) -> Array:
    """Return F̂ = (1/n²) Σ_ij e^{β(⟨xᵢ,xⱼ⟩−1)}: (..., n, d) -> (...).

    In (0, 1] on the sphere for β ≥ 0, and 1 exactly at consensus; 2F/n² in the notation
    F = ½ Σ e^{-β|xᵢ-xⱼ|²/2}.
    """
    xp, n = namespace(x), x.shape[-2]
    s = attend(beta * x, x, x[..., :1])
    return xp.mean(s.mass * xp.exp(s.top - beta), axis=(-2, -1)) / n
