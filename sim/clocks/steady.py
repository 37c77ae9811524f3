"""Time that passes evenly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sim.clocks import Clock


@dataclass(frozen=True)
class Steady(Clock):
    """t = s: all steps are equally long."""

    kind: ClassVar[str] = "steady"
    title: ClassVar[str] = "Steady"

    def time(self, coordinate: float) -> float:
        return coordinate

    def coordinate(self, t: float) -> float:
        return t

    def span(self, coordinate: float, h: float) -> float:
        return h
