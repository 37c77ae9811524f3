"""Time as a number of steps of a clock, so that additions do not drift."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.clocks import Clock

STEP_TOLERANCE = 1e-9  # of a step: shorter remainders are rounding, not time


@dataclass(slots=True)
class StepCounter:
    """Counts steps of h on a clock: 10⁵ additions of h would drift.

    Attributes
    ----------
    clock : Clock
        Maps its coordinate to time.
    start : float
        The clock's coordinate at step 0.
    h : float
        Length of a step in the clock's coordinate.
    steps : int
        How many steps were made.
    """

    clock: Clock
    start: float
    h: float
    steps: int = 0

    @property
    def coordinate(self) -> float:
        """The clock's coordinate."""
        return self.start + self.steps * self.h

    @property
    def t(self) -> float:
        """The time."""
        return self.clock.time(self.coordinate)

    @property
    def span(self) -> float:
        """How much time the next step takes."""
        return self.clock.span(self.coordinate, self.h)
