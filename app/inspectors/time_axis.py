"""Where times are on an axis that is linear or logarithmic.  No Qt."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from app.annotations.number_format import tick_labels
from app.figures.parts import Axis
from app.figures.ticks import ticks

if TYPE_CHECKING:
    from sim.array_types import Floats

MAX_TICKS = 6
TWO = 2  # samples, and ticks, that an axis needs


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """Times from `low` to `high` over a width in pixels."""

    low: float
    high: float
    width: float
    log: bool

    @staticmethod
    def of(t: Floats, width: float, *, log: bool) -> TimeAxis:
        """Return the axis of the times t, (s,); a logarithmic one without the first.

        A linear one from 0 to 1 where there are fewer than two.
        """
        if len(t) < TWO + log:
            return TimeAxis(0.0, 1.0, width, False)
        return TimeAxis(float(t[int(log)]), float(t[-1]), width, log)

    def x_of(self, t: Floats | float) -> Floats:
        """Return where times are, in pixels: () or (k,)."""
        t = np.maximum(np.asarray(t, float), self.low)
        if self.log:
            share = np.log(t / self.low) / math.log(self.high / self.low)
        else:
            share = (t - self.low) / (self.high - self.low)
        return share * self.width

    def time_at(self, x: Floats | float) -> Floats:
        """Return the times at positions in pixels: () or (k,)."""
        share = np.clip(np.asarray(x, float) / max(self.width, 1.0), 0.0, 1.0)
        if self.log:
            return self.low * (self.high / self.low) ** share
        return self.low + share * (self.high - self.low)

    def ticks(self) -> list[tuple[float, str]]:
        """Return at least two times with their texts."""
        ends = (self.low, self.high)
        found = ticks(Axis("t", ends, log=self.log), MAX_TICKS)
        if len(found) >= TWO:
            return found
        return list(zip(ends, tick_labels(list(ends)), strict=True))
