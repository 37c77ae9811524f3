"""The same β at every depth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sim.ramps import Ramp


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
