"""Time that accelerates, so that slow dynamics can be watched."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np

from sim.clocks import Clock
from sim.settings.knobs import Knob

if TYPE_CHECKING:
    from sim.array_types import Floats

MAX_E_FOLDS = 500.0  # beyond, t overflows


@dataclass(frozen=True)
class Logarithmic(Clock):
    """t = t₀(e^{s/t₀} − 1): steady at first, then by the same factor every step.

    From t₀ on, steps are t/t₀ times as long: choose the adaptive integrator, which
    divides them as the accuracy requires.
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
            help="Time until which the clock is steady; from then on its speed grows "
            "in proportion to t. With 5, t = 10⁶ is reached after 61 units.",
        ),
    ] = 5.0

    def time(self, coordinate: float) -> float:
        return self.turn * math.expm1(min(coordinate / self.turn, MAX_E_FOLDS))

    def coordinate(self, t: float) -> float:
        return self.turn * math.log1p(t / self.turn)

    def coordinates(self, t: Floats) -> Floats:
        return self.turn * np.log1p(t / self.turn)
