"""The look-ahead mask of decoders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim.expressions.conditions import Compare
from sim.expressions.symbols import Position
from sim.masks import Mask

if TYPE_CHECKING:
    from sim.arrays import Array
    from sim.expressions.expression import Expression


@dataclass(frozen=True)
class Causal(Mask):
    """Token i attends to tokens j ≤ i only: a decoder."""

    kind: ClassVar[str] = "causal"
    title: ClassVar[str] = "Causal"

    def allow(self, rows: Array, columns: Array) -> Array | None:
        return columns[None, :] <= rows[:, None]

    def formula(self, i: str, j: str, path: str) -> Expression | None:
        return Compare(Position(j), "<=", Position(i))
