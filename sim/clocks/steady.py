"""Time that passes evenly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sim.clocks import Clock


@dataclass(frozen=True)
class Steady(Clock):
    """t = s: every step is as long as the first."""

    kind: ClassVar[str] = "steady"
    title: ClassVar[str] = "Steady"

    def time(self, reading: float) -> float:
        return reading

    def reading(self, t: float) -> float:
        return t

    def span(self, reading: float, h: float) -> float:
        return h
