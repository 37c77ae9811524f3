"""Blocks: several independent texts in one run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

from sim.expressions.conditions import Both, Compare
from sim.expressions.expression import Quotient
from sim.expressions.functions import floor
from sim.expressions.symbols import Position, Symbol
from sim.masks import Mask
from sim.settings.knobs import Knob

if TYPE_CHECKING:
    from sim.arrays import Array
    from sim.expressions.expression import Expression


@dataclass(frozen=True)
class BlockDiagonal(Mask):
    """Token i attends to j in the same block of b tokens in a row."""

    kind: ClassVar[str] = "block"
    title: ClassVar[str] = "Blocks"
    size: Annotated[
        int,
        Knob("b", 1, 100_000, scale="log", help="Tokens in a block."),
    ] = 16
    causal: Annotated[
        bool, Knob("Look back only", help="Hide later positions, as a decoder does.")
    ] = False

    def allow(self, rows: Array, columns: Array) -> Array | None:
        i, j = rows[:, None], columns[None, :]
        same = i // self.size == j // self.size
        return same & (j <= i) if self.causal else same

    def formula(self, i: str, j: str, path: str) -> Expression | None:
        b = Symbol("block", "b", (), f"{path}.size", self.size)
        left, right = (floor(Quotient(Position(k), b, inline=True)) for k in (i, j))
        same = Compare(left, "==", right)
        before = Compare(Position(j), "<=", Position(i))
        return Both(same, before) if self.causal else same
