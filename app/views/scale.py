"""Ranges that grow by doubling, round numbers inside them, and how numbers are told."""

from __future__ import annotations

import math

PAD = 0.08  # of the range: air above the highest and below the lowest value
FLAT = 0.05  # of a value: the first range around it
TINIEST = 1e-9  # the first range around zero
STEPS = (5.0, 2.5, 2.0, 1.0, 0.5, 0.25, 0.2, 0.1)  # of a power of ten, widest first
LINES = 4  # at most, inside a range
DIGITS = 4  # of a number beside its curve
LARGE = 1e6  # from here numbers are told by powers of ten
SMALL = 1e-4  # and below


def around(
    y: float, whole: bool = False, least: float = TINIEST
) -> tuple[float, float]:
    """Return the first range, with `y` in its middle, and `least` on either side."""
    half = max(FLAT * abs(y) / 2, 1.0 if whole else least)
    return y - half, y + half


def grown(low: float, high: float, y: float) -> tuple[float, float]:
    """Return the range doubled towards `y` until it holds it with some air."""
    span = high - low
    if y > high - PAD * span:
        high = low + span * _doublings((y - low) / (1 - PAD) / span)
    elif y < low + PAD * span:
        low = high - span * _doublings((high - y) / (1 - PAD) / span)
    return low, high


def _doublings(ratio: float) -> float:
    return 2.0 ** math.ceil(math.log2(ratio)) if ratio > 1 else 1.0


def end_of_time(t: float, least: float) -> float:
    """Return the power of two that holds the time `t`."""
    return 2.0 ** math.ceil(math.log2(max(t * 1.02, least)))


def round_numbers(low: float, high: float) -> list[float]:
    """Return two to four round numbers inside [low, high]."""
    power = 10 ** math.floor(math.log10(high - low))
    for step in STEPS:
        unit = step * power
        first, last = math.ceil(low / unit), math.floor(high / unit)
        if last > first:
            return [k * unit for k in range(first, last + 1)][:LINES]
    return [low, high]


def alike(values: list[float]) -> list[str]:
    """Return the numbers as text, all with the decimals that they need."""
    top = max((abs(v) for v in values), default=0.0)
    if top >= LARGE or 0 < top < SMALL:
        return [f"{v:.2g}" for v in values]
    for decimals in range(9):
        if all(abs(round(v, decimals) - v) <= 1e-6 * abs(v) for v in values):
            return [f"{v:.{decimals}f}" for v in values]
    return [f"{v:.2g}" for v in values]


def told(y: float, top: float, whole: bool) -> str:
    """Return `y` as text, with decimals that do not change while `top` does not.

    Parameters
    ----------
    y : float
        The number; NaN is told as a dash.
    top : float
        The largest number on its scale.
    whole : bool
        Whether it counts something.
    """
    if math.isnan(y):
        return "–"
    if math.isinf(y) or abs(y) >= LARGE:
        return f"{y:.3g}"
    if whole:
        return f"{y:.0f}"
    large = max(abs(y), top)
    power = math.floor(math.log10(large)) if large > 0 else 0
    if power < -DIGITS:
        return f"{y:.2e}"
    return f"{y:.{min(max(DIGITS - 1 - power, 0), 2 * DIGITS)}f}"
