"""The next sensible value of a setting, up or down.  No Qt."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from sim.settings.knobs import choices, kind_of, knob_of

if TYPE_CHECKING:
    from sim.settings.knob import Knob

MANTISSAS = (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0)
STEPS = 20.0  # of a linear range, about
SMALLEST = 0.1  # below, a step downwards goes to 0, where 0 is allowed
ROUNDING = 1e-9
WIDE = 1e6  # a range as wide is none


def next_value(owner: object, name: str, direction: int) -> Any:
    """Return a value of `owner`, one sensible step above (1) or below (−1) its own."""
    cls, value = type(owner), getattr(owner, name)
    if menu := choices(cls, name):
        return menu[(menu.index(value) + direction) % len(menu)]
    if isinstance(value, bool):
        return not value
    knob = knob_of(cls, name)
    new = _number(float(value), knob, direction)
    if kind_of(cls, name) is int:
        new = value + direction if round(new) == value else round(new)
    return type(value)(min(max(new, knob.lo), knob.hi))


def _number(value: float, knob: Knob, direction: int) -> float:
    low, high = knob.soft or (knob.lo, knob.hi)
    if knob.scale == "linear" and high - low < WIDE:
        step = _round_step((high - low) / STEPS)
        small = value <= step if direction < 0 else value < step
        if low >= 0 and small and value % step:
            return _on_ladder(value, direction, low)
        return (math.floor(value / step + 0.5) + direction) * step
    return _on_ladder(value, direction, knob.lo)


def _round_step(step: float) -> float:
    """Return the round number at or above `step`: 1, 2 or 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(step))
    return next(k * power for k in (1.0, 2.0, 5.0, 10.0) if k * power >= step * 0.999)


def _on_ladder(value: float, direction: int, low: float) -> float:
    """Return the next round number: 1, 1.5, 2, 3, …, 9 times a power of ten."""
    if value == 0:
        return direction * SMALLEST
    if value < 0:
        return -_on_ladder(-value, -direction, 0.0)
    power = 10.0 ** math.floor(math.log10(value) + ROUNDING)
    rungs = [0.9 * power, *(k * power for k in MANTISSAS), 10 * power]
    if direction > 0:
        new = next(r for r in rungs if r > value * (1 + ROUNDING))
    else:
        new = next(r for r in reversed(rungs) if r < value * (1 - ROUNDING))
    if direction < 0 and new < SMALLEST * (1 - ROUNDING) and low <= 0:
        return 0.0
    return float(f"{new:.3g}")
