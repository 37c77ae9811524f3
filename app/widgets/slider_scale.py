"""The scale of a slider: linear, logarithmic, or asinh for both signs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.settings.knobs import Knob

TICKS = 1000  # positions of a slider, less one
SIGNIFICANT_FIGURES = 3  # of what a slider sets: 9.04, not 9.0371
LINEAR_STEPS = 400  # a linear slider has about so many, of a round size
REACH, LEAST_SIZE = 4.0, 4.0  # of an asinh scale, in values, and the smallest value
MAX_LINEAR_SPAN = 1e6  # a wider range gets no slider: steps would be too coarse


@dataclass(frozen=True, slots=True)
class SliderScale:
    """The values that the positions of a slider stand for.

    Attributes
    ----------
    knob : Knob
        The setting.
    lo, hi : float
        Ends of the slider, inside the knob's bounds.
    whole : bool
        Whether values are whole numbers.
    size : float
        Size of the values that an asinh scale is for, about half of which it is linear
        in; 0 for all sizes.
    """

    knob: Knob
    lo: float
    hi: float
    whole: bool
    size: float = 0.0

    @staticmethod
    def of(knob: Knob, whole: bool) -> SliderScale | None:
        """Return the scale of `knob`, or None if no slider makes sense for it."""
        lo, hi = knob.lo, knob.hi
        if knob.soft is not None:
            lo, hi = knob.soft
        endless = not (math.isfinite(lo) and math.isfinite(hi))
        if endless or (knob.scale == "linear" and hi - lo > MAX_LINEAR_SPAN):
            return None
        return SliderScale(knob, lo, hi, whole)

    def near(self, value: float) -> SliderScale:
        """Return the scale for a hand at `value`: this one, or one of its size.

        An asinh scale would span many powers of ten: so it reaches from −value to four
        times the value, and stays while the value does not leave it nor is much less.
        """
        size = max(abs(value), LEAST_SIZE)
        if self.knob.scale != "asinh" or (self.size and self._suits(value, size)):
            return self
        ends = (-size, REACH * size) if value >= 0 else (-REACH * size, size)
        lo, hi = max(ends[0], self.knob.lo), min(ends[1], self.knob.hi)
        return SliderScale(self.knob, lo, hi, self.whole, size)

    def _suits(self, value: float, size: float) -> bool:
        """Whether a value is on this scale, and of about its size."""
        return self.lo <= value <= self.hi and 1 / REACH < size / self.size < REACH

    def value(self, tick: int) -> float:
        """Return the rounded value at `tick` of `TICKS`."""
        if tick in (0, TICKS):
            return self.lo if tick == 0 else self.hi
        bare = self._bent(self._low + (self._high - self._low) * tick / TICKS)
        return min(max(self._rounded(bare), self.lo), self.hi)

    def tick(self, value: float) -> int:
        """Return the position at which the slider shows `value`."""
        value = min(max(value, self.lo), self.hi)
        span = self._high - self._low
        part = (self._straight(value) - self._low) / span if span else 0.0
        return round(TICKS * part)

    def nudged(self, value: float, steps: float) -> float:
        """Return `value` moved by a few fine steps, inside the knob's own bounds."""
        if self.knob.scale == "linear":
            moved = value + steps * self._grain
        else:
            moved = value + steps * max(_unit(value, 2), 1.0 if self.whole else 0.01)
        moved = round(moved) if self.whole else float(f"{moved:.6g}")
        return min(max(moved, self.knob.lo), self.knob.hi)

    @property
    def _low(self) -> float:
        return self._straight(self.lo)

    @property
    def _high(self) -> float:
        return self._straight(self.hi)

    def _straight(self, value: float) -> float:
        match self.knob.scale:
            case "log":
                return math.log(value)
            case "asinh":
                return math.asinh(value / self._bend)
            case _:
                return value

    def _bent(self, along: float) -> float:
        match self.knob.scale:
            case "log":
                return math.exp(along)
            case "asinh":
                return self._bend * math.sinh(along)
            case _:
                return along

    @property
    def _bend(self) -> float:
        """Below it an asinh scale is about linear."""
        return self.size / 2 if self.size else 1.0

    @property
    def _grain(self) -> float:
        """A round step near span / LINEAR_STEPS: 1, 2 or 5 times a power of ten."""
        if self.whole:
            return 1.0
        rough = (self.hi - self.lo) / LINEAR_STEPS
        unit = 10.0 ** math.floor(math.log10(rough))
        return next(k * unit for k in (1, 2, 5, 10) if k * unit >= rough * 0.999)

    def _rounded(self, value: float) -> float:
        if self.whole:
            return float(round(value))
        if self.knob.scale == "linear":
            return float(f"{round(value / self._grain) * self._grain:.12g}") + 0.0
        unit = max(
            _unit(value, SIGNIFICANT_FIGURES),
            0.01 if self.knob.scale == "asinh" else 0.0,
        )
        return float(f"{round(value / unit) * unit:.12g}") + 0.0 if unit else 0.0


def _unit(value: float, figures: int) -> float:
    """Return one in the last of `figures` significant figures of `value`."""
    if value == 0:
        return 0.0
    return 10.0 ** (math.floor(math.log10(abs(value))) - figures + 1)
