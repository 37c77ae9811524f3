"""The axis of times: even steps of a run's clock are equally long on it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.annotations.number_format import general
from app.widgets import axis_scale
from sim.clocks.steady import Steady

if TYPE_CHECKING:
    from sim.array_types import Floats
    from sim.clocks import Clock

QUARTERS = 4  # of an even axis: its inner borders are labelled
LEAST_APART = 0.12  # of the axis, between the labels of an uneven one
TICK_DIGITS = 6


@dataclass(frozen=True, slots=True)
class ClockAxis:
    """Times from 0 to `end`, placed by the coordinate of a clock.

    Attributes
    ----------
    clock : Clock
        That of the run.
    end : float
        The last time of the axis.
    """

    clock: Clock
    end: float

    @classmethod
    def holding(cls, clock: Clock, t: float, least: float) -> ClockAxis:
        """Return the axis that holds `t` and grows by doubling its coordinate."""
        last = axis_scale.end_of_time(clock.coordinate(t), clock.coordinate(least))
        return cls(clock, clock.time(last))

    @property
    def length(self) -> float:
        """The coordinate of the end."""
        return self.clock.coordinate(self.end)

    @property
    def even(self) -> bool:
        """Whether equal times are equally long."""
        return isinstance(self.clock, Steady)

    def share(self, t: float) -> float:
        """Return where a time is, in [0, 1] up to the end."""
        return self.clock.coordinate(t) / self.length

    def places(self, t: Floats) -> Floats:
        """Return the coordinates of times: (k,) to (k,)."""
        return t if self.even else self.clock.coordinates(t)

    def ticks(self) -> list[tuple[float, str]]:
        """Return times inside the axis and their labels, which do not overlap."""
        if self.even:
            return [
                (t, f"{t:g}")
                for t in (self.end * k / QUARTERS for k in range(1, QUARTERS))
            ]
        out: list[tuple[float, str]] = []
        last = 1.0
        for power in range(math.floor(math.log10(self.end)), -300, -1):
            t = 10.0**power
            if (at := self.share(t)) < LEAST_APART:
                break
            if last - at >= LEAST_APART:
                out.insert(0, (t, general(t, TICK_DIGITS)))
                last = at
        return out
