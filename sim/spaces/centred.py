"""The centred sphere: layer normalisation as transformers have it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim.arrays import dot, mean_along, scaled, unit
from sim.expressions.tangent import normalised, projected
from sim.jit.rowwise import rowwise
from sim.spaces import Space

if TYPE_CHECKING:
    from sim.arrays import Array
    from sim.expressions.expression import Expression


@dataclass(frozen=True)
class Centred(Space):
    """Tokens of length 1 whose entries sum to 0: LayerNorm with mean removal.

    The great sphere S^{d-2} of S^{d-1} orthogonal to (1, …, 1); two points for
    d = 2.
    """

    kind: ClassVar[str] = "centred"
    title: ClassVar[str] = "Centred (LayerNorm)"
    short_title: ClassVar[str] = "centred"
    autonomous: ClassVar[bool] = True

    def project_point(self, x: Array) -> Array:
        return centred_unit(x)

    def project_tangent(self, x: Array, v: Array) -> Array:
        return tangent_part(x, v)

    def projection_formula(self, x: Expression, v: Expression) -> Expression:
        return projected(x, v, centred=True)

    def layer_formula(self, y: Expression) -> Expression:
        return normalised(y, centred=True)


@rowwise
def centred_unit(x: Array) -> Array:
    """Return the rows of `x` without their means, at length 1: (..., d)."""
    return unit(x - mean_along(x))


@rowwise
def tangent_part(x: Array, v: Array) -> Array:
    """Return the part of `v` orthogonal to centred unit x and (1, …, 1): (..., d)."""
    w = v - mean_along(v)
    return w - scaled(x, dot(x, w))
