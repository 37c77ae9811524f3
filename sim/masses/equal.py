"""Equal masses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim.masses import Masses

if TYPE_CHECKING:
    from sim.array_types import Floats
    from sim.expressions.symbols import Symbol


@dataclass(frozen=True)
class Equal(Masses):
    """mⱼ = 1/n."""

    kind: ClassVar[str] = "equal"
    title: ClassVar[str] = "Equal"

    def fixed_tokens(self) -> str:
        return ""

    def shares(self, n: int) -> Floats | None:
        return None

    def formula(self, j: str, path: str) -> Symbol | None:
        return None
