"""Time that races, so that long waits can be watched."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Annotated, ClassVar

from sim.clocks import Clock
from sim.settings.knobs import Knob

LONGEST = 500.0  # e-folds: beyond, t leaves the range of numbers


@dataclass(frozen=True)
class Logarithmic(Clock):
    """t = t₀(e^{s/t₀} − 1): steady at first, then by the same factor every step.

    From t₀ on, steps are t/t₀ times as long: choose the adaptive integrator, which
    divides them as the motion asks for.
    """

    kind: ClassVar[str] = "logarithmic"
    title: ClassVar[str] = "Logarithmic"
    turn: Annotated[
        float,
        Knob(
            "t₀",
            0.1,
            1000,
            scale="log",
            help="Time until which the clock is steady; from then on it runs the "
            "faster, the later it is. With 5, t = 10⁶ is reached at 61 on the dial.",
        ),
    ] = 5.0

    def time(self, reading: float) -> float:
        return self.turn * math.expm1(min(reading / self.turn, LONGEST))

    def reading(self, t: float) -> float:
        return self.turn * math.log1p(t / self.turn)
