"""The same β at every depth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim.ramps import Ramp

if TYPE_CHECKING:
    from sim.expressions.expression import Expression


@dataclass(frozen=True)
class NoRamp(Ramp):
    """β(t) = β."""

    kind: ClassVar[str] = "none"
    title: ClassVar[str] = "None"

    def factor(self, t: float) -> float:
        return 1.0

    @property
    def constant(self) -> bool:
        return True

    def formula(self, beta: Expression, t: Expression) -> Expression:
        return beta
