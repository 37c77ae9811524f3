"""No token attends to itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim.expressions.conditions import Compare, Either
from sim.expressions.expression import ONE
from sim.expressions.symbols import Position, Symbol
from sim.masks import Mask

if TYPE_CHECKING:
    from sim.arrays import Array
    from sim.expressions.expression import Expression


@dataclass(frozen=True)
class Others(Mask):
    """Token i attends to all j ≠ i; a single token attends to itself."""

    kind: ClassVar[str] = "others"
    title: ClassVar[str] = "Others only"
    numbered: ClassVar[bool] = False

    def allow(self, rows: Array, columns: Array) -> Array | None:
        if columns.shape[0] == 1:
            return None
        return columns[None, :] != rows[:, None]

    def formula(self, i: str, j: str, path: str) -> Expression | None:
        alone = Compare(Symbol("n", "n", path="tokens"), "==", ONE)
        return Either(Compare(Position(j), "!=", Position(i)), alone)
