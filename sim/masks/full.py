"""Every token attends to every token."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim.masks import Mask

if TYPE_CHECKING:
    from sim.arrays import Array
    from sim.expressions.expression import Expression


@dataclass(frozen=True)
class Full(Mask):
    """No mask: an encoder."""

    kind: ClassVar[str] = "full"
    title: ClassVar[str] = "None"
    numbered: ClassVar[bool] = False

    def allow(self, rows: Array, columns: Array) -> Array | None:
        return None

    def formula(self, i: str, j: str, path: str) -> Expression | None:
        return None
