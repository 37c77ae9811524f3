"""Round numbers along an axis of a figure, and their texts."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from app.annotations.number_format import superscript, tick_labels

if TYPE_CHECKING:
    from app.figures.parts import Axis

STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)  # of a power of ten
MAX_MINOR_DECADES = 5.0  # on a longer logarithmic axis there are no minor ticks
EDGE = 1e-9  # of the span: a tick at an end counts as inside


def ticks(axis: Axis, most: int) -> list[tuple[float, str]]:
    """Return at most `most` ticks with texts; two at least where there is room."""
    if axis.log:
        return _decades(*axis.span, most)
    values = round_values(*axis.span, most, axis.whole)
    return list(zip(values, tick_labels(values), strict=True))


def minor_ticks(axis: Axis) -> list[float]:
    """Return the ticks without text of a logarithmic axis."""
    low, high = axis.span
    if not axis.log or math.log10(high / low) > MAX_MINOR_DECADES:
        return []
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)))
    values = [k * 10.0**p for p in powers for k in range(2, 10)]
    return [v for v in values if low <= v <= high]


def round_values(low: float, high: float, most: int, whole: bool) -> list[float]:
    """Return the multiples of the smallest round step of which `most` fit."""
    span = high - low
    if not span > 0 or not math.isfinite(span):
        return [low]
    power = 10.0 ** math.floor(math.log10(span / max(most, 1)))
    steps = [s * p for p in (power, 10 * power) for s in STEPS]
    for step in steps:
        if whole and (step < 1 or step % 1):
            continue
        first = math.ceil((low - EDGE * span) / step)
        last = math.floor((high + EDGE * span) / step)
        if last - first < most:
            return [k * step for k in range(first, last + 1)]
    return [low, high]


def _decades(low: float, high: float, most: int) -> list[tuple[float, str]]:
    first, last = math.ceil(math.log10(low) - EDGE), math.floor(math.log10(high) + EDGE)
    every = max(1, math.ceil((last - first + 1) / max(most, 1)))
    found = [range(first + (r - first) % every, last + 1, every) for r in range(every)]
    powers = max(found, key=len)  # the first of them has 1
    return [(10.0**k, f"10{superscript(k)}" if k else "1") for k in powers]
