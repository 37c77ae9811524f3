"""All of R^d: no normalisation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim.spaces import Space

if TYPE_CHECKING:
    from sim.arrays import Array
    from sim.expressions.expression import Expression


@dataclass(frozen=True)
class Flat(Space):
    """R^d: no layer normalisation; tokens may grow without bound."""

    kind: ClassVar[str] = "flat"
    title: ClassVar[str] = "Flat (none)"
    short_title: ClassVar[str] = "flat"
    bounded: ClassVar[bool] = False
    euclidean: ClassVar[bool] = True

    def project_point(self, x: Array) -> Array:
        return x

    def project_tangent(self, x: Array, v: Array) -> Array:
        return v

    def projection_formula(self, x: Expression, v: Expression) -> Expression:
        return v

    def layer_formula(self, y: Expression) -> Expression:
        return y
