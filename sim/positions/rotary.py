"""Rotary encoding: scores depend on the distance of positions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np

from sim.arrays import namespace
from sim.expressions.functions import rotation
from sim.expressions.symbols import MapOf, Position, Symbol
from sim.positions import BASE, PositionCode, Positions, frequencies
from sim.settings.knobs import Knob

if TYPE_CHECKING:
    from sim.arrays import Array
    from sim.expressions.expression import Expression


@dataclass(frozen=True)
class Rotary(Positions):
    """Rᵢx: the planes (1, 2), (3, 4), … rotated by iω_k, ω_k = ω·base^{−2k/d}  [1]_.

    In scores ⟨RᵢQxᵢ, RⱼKxⱼ⟩ = ⟨Qxᵢ, Rⱼ₋ᵢKxⱼ⟩: they depend on differences of positions
    alone.  An odd last coordinate is not rotated.

    References
    ----------
    .. [1] Su et al., "RoFormer: enhanced transformer with rotary position embedding",
           arXiv:2104.09864.
    """

    kind: ClassVar[str] = "rotary"
    title: ClassVar[str] = "Rotary (RoPE)"
    angle: Annotated[
        float,
        Knob(
            "ω",
            0,
            np.pi,
            unit=" rad",
            help="Angle between neighbours in the first plane: 1 in transformers.  "
            "Larger lets attention fall off sooner with distance; 0 is without.",
        ),
    ] = 1.0
    base: Annotated[float, BASE] = 10_000.0

    def bind(self, rows: int, d: int, width: int, like: Array) -> PositionCode | None:
        if self.trivial:
            return None
        xp, even = namespace(like), width - width % 2
        planes = self.angle * frequencies(width, self.base)[: width // 2]
        angle = np.arange(rows)[:, None] * planes
        cos, sin = np.ones((rows, width)), np.zeros((rows, width))
        cos[:, :even] = np.repeat(np.cos(angle), 2, axis=1)
        sin[:, 0:even:2], sin[:, 1:even:2] = -np.sin(angle), np.sin(angle)
        partner = np.arange(width)
        partner[:even] ^= 1
        return RotaryCode(
            xp.asarray(cos, dtype=like.dtype),
            xp.asarray(sin, dtype=like.dtype),
            xp.asarray(partner),
        )

    @property
    def trivial(self) -> bool:
        return self.angle == 0

    def projected_formula(self, y: Expression, i: str, path: str) -> Expression:
        if self.trivial:
            return y
        u = Symbol("projected", "u")
        angle = Symbol("angle", r"\omega", (), f"{path}.angle", self.angle)
        base = Symbol("base", "b", (), f"{path}.base", self.base)
        return MapOf(f"R_{i}", u, rotation(u, Position(i), angle, base), y)


@dataclass(frozen=True, slots=True)
class RotaryCode(PositionCode):
    """Rᵢy = cos ∘ y + sin ∘ y′, y′ being y with the coordinates of each plane swapped.

    Attributes
    ----------
    cos, sin : Array, shape (n, e)
        Of each coordinate's plane; sin with its sign.
    partner : int Array, shape (e,)
        The other coordinate of the plane.
    """

    cos: Array
    sin: Array
    partner: Array

    def encode_projected(self, y: Array) -> Array:
        n = y.shape[-2]
        other = namespace(y).take(y, self.partner, axis=-1)
        return self.cos[:n, :] * y + self.sin[:n, :] * other
