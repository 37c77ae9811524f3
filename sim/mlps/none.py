"""Attention alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim.mlps import FeedForward, Mlp

if TYPE_CHECKING:
    from sim.arrays import Array
    from sim.expressions.expression import Expression
    from sim.mlps import Indices
    from sim.seed import Seed


@dataclass(frozen=True)
class NoMlp(Mlp):
    """No MLP: tokens move by attention alone."""

    kind: ClassVar[str] = "none"
    title: ClassVar[str] = "None"

    def bind(
        self, layers: int, heads: int, like: Array, seed: Seed
    ) -> tuple[FeedForward | None, ...]:
        return (None,) * layers

    @property
    def trivial(self) -> bool:
        return True

    def inside_formula(self, u: Expression, indices: Indices, path: str) -> Expression:
        return u

    def beside_formula(
        self, x: Expression, indices: Indices, path: str
    ) -> Expression | None:
        return None
