"""A sliding window: attention to near positions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

from sim.arrays import namespace
from sim.expressions.conditions import Both, Compare
from sim.expressions.functions import absolute
from sim.expressions.symbols import Position, Symbol
from sim.masks import Mask
from sim.settings.knobs import Knob

if TYPE_CHECKING:
    from sim.arrays import Array
    from sim.expressions.expression import Expression


@dataclass(frozen=True)
class Window(Mask):
    """Token i attends to j with |i − j| ≤ w; looking back only, to j ≤ i of them."""

    kind: ClassVar[str] = "window"
    title: ClassVar[str] = "Sliding window"
    reach: Annotated[
        int,
        Knob(
            "w",
            0,
            100_000,
            scale="asinh",
            help="Positions to either side that a token sees; 0 leaves only itself.",
        ),
    ] = 8
    causal: Annotated[
        bool, Knob("Look back only", help="Hide later positions, as a decoder does.")
    ] = False

    def allow(self, rows: Array, columns: Array) -> Array | None:
        apart = rows[:, None] - columns[None, :]
        near = namespace(apart).abs(apart) <= self.reach
        return near & (apart >= 0) if self.causal else near

    def formula(self, i: str, j: str, path: str) -> Expression | None:
        w = Symbol("reach", "w", (), f"{path}.reach", self.reach)
        near = Compare(absolute(Position(i) - Position(j)), "<=", w)
        before = Compare(Position(j), "<=", Position(i))
        return Both(near, before) if self.causal else near
