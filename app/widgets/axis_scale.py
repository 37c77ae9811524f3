"""Ranges of an axis that grow by doubling, and the round numbers inside them."""

from __future__ import annotations

import math

PADDING = 0.08  # of the range: air above the highest and below the lowest value
FIRST_RANGE = 0.05  # of a value: the first range around it
MIN_FIRST_RANGE = 1e-9  # half of the first range around zero
FIRST_RANGE_OF_COUNTS = 2.0  # half of the first range around what is counted
TICK_STEPS = (5.0, 2.5, 2.0, 1.0, 0.5, 0.25, 0.2, 0.1)  # of a power of ten
MAX_TICKS = 4
TICK_MARGIN = 0.08  # of the range: nearer to its ends no number is written
MAX_UNUSED = 3.0  # times as large as a new range: a larger one is given up
MAX_DRAWN = 1e300  # larger values are not drawn


def first_range(
    y: float, whole: bool = False, least: float = MIN_FIRST_RANGE
) -> tuple[float, float]:
    """Return the first range, with `y` in its middle and `least` on either side."""
    half = max(FIRST_RANGE * abs(y) / 2, FIRST_RANGE_OF_COUNTS if whole else least)
    return y - half, y + half


def grown_range(low: float, high: float, y: float) -> tuple[float, float]:
    """Return the range doubled towards `y` until it holds it with some air."""
    span = high - low
    if y > high - PADDING * span:
        high = low + span * _doublings((y - low) / (1 - PADDING) / span)
    elif y < low + PADDING * span:
        low = high - span * _doublings((high - y) / (1 - PADDING) / span)
    return low, high


def held_range(
    kept: tuple[float, float] | None,
    first: tuple[float, float],
    values: tuple[float, float],
) -> tuple[float, float]:
    """Return the range kept so far, grown to hold the least and greatest values.

    Where values that are gone left it far too large, it is chosen anew from `first`.
    """
    low, high = first
    for y in values:
        low, high = grown_range(low, high, y)
    if kept is None:
        return low, high
    kept_low, kept_high = kept
    for y in values:
        kept_low, kept_high = grown_range(kept_low, kept_high, y)
    too_large = kept_high - kept_low > MAX_UNUSED * (high - low)
    return (low, high) if too_large else (kept_low, kept_high)


def _doublings(ratio: float) -> float:
    return 2.0 ** math.ceil(math.log2(ratio)) if ratio > 1 else 1.0


def end_of_time(t: float, least: float) -> float:
    """Return the power of two that holds the time `t`, at least `least`."""
    return 2.0 ** math.ceil(math.log2(max(t * 1.02, least)))


def axis_ticks(
    low: float, high: float, lines: float, whole: bool = False
) -> list[float]:
    """Return round numbers whose labels do not overlap along an axis.

    Parameters
    ----------
    low, high : float
        The range of the axis.
    lines : float
        Its height, in lines of text.
    whole : bool
        Whether it counts something.
    """
    air = min(max(0.5 / max(lines, 1.0), TICK_MARGIN), 0.4) * (high - low)
    inside = low + air, high - air
    values = round_numbers(*inside, whole)
    apart = (values[1] - values[0]) / (high - low) * lines if len(values) > 1 else 1.0
    every = math.ceil(1 / apart)
    if every < len(values):
        return values[::every]
    return round_numbers(*inside, whole, least=1)[:1]


def decade_ticks(low: float, high: float, lines: float) -> list[float]:
    """Return round numbers whose labels do not overlap along a logarithmic axis.

    All are powers: the axis goes from 10^low to 10^high, over so many lines of text.
    """
    whole = range(math.ceil(low), math.floor(high) + 1)
    if len(whole) > 1:
        every = max(1, math.ceil(len(whole) / max(min(lines, MAX_TICKS), 1)))
        return [float(k) for k in whole[::every]]
    decades = range(math.floor(low), math.ceil(high))
    between = [k + math.log10(m) for k in decades for m in (1, 2, 5)]
    found = [v for v in between if low <= v <= high]
    return found or [round((low + high) / 2, 2)]


def round_numbers(
    low: float, high: float, whole: bool = False, least: int = 2
) -> list[float]:
    """Return the roundest numbers in [low, high]: four at most, `least` if there are.

    Parameters
    ----------
    whole : bool
        Whether only whole numbers are wanted; there may be fewer of them.
    """
    power = 10 ** math.floor(math.log10(high - low))
    units = [step * power for step in TICK_STEPS]  # widest first
    if whole:
        units = [u for u in units if u > 1 and u.is_integer()] + [1.0]
    for unit in units:
        first, last = math.ceil(low / unit), math.floor(high / unit)
        if last - first >= least - 1:
            return [k * unit for k in range(first, last + 1)][:MAX_TICKS]
    return [float(round((low + high) / 2))] if whole else [low, high]
