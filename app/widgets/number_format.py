"""Ranges that grow by doubling, round numbers inside them, and how numbers are told."""

from __future__ import annotations

import math

from app.annotations.caption_text import powered

PAD = 0.08  # of the range: air above the highest and below the lowest value
FLAT = 0.05  # of a value: the first range around it
TINIEST = 1e-9  # the first range around zero
STEPS = (5.0, 2.5, 2.0, 1.0, 0.5, 0.25, 0.2, 0.1)  # of a power of ten, widest first
LINES = 4  # at most, inside a range
EDGE = 0.08  # of the range: nearer to its ends no number is written
COUNTED = 2.0  # the first range around what is counted, on either side
FARTHEST = 1e300  # a value beyond is drawn no more
DIGITS = 4  # of a number beside its curve
LARGE = 1e6  # from here numbers are told by powers of ten
SMALL = 1e-4  # and below


def around(
    y: float, whole: bool = False, least: float = TINIEST
) -> tuple[float, float]:
    """Return the first range, with `y` in its middle, and `least` on either side."""
    half = max(FLAT * abs(y) / 2, COUNTED if whole else least)
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


def ruled(low: float, high: float, lines: float, whole: bool = False) -> list[float]:
    """Return round numbers that can be written along an axis, none upon another.

    Parameters
    ----------
    low, high : float
        What the axis holds.
    lines : float
        Its height, in lines of text.
    whole : bool
        Whether it counts something.
    """
    air = min(max(0.5 / max(lines, 1.0), EDGE), 0.4) * (high - low)
    inside = low + air, high - air
    values = round_numbers(*inside, whole)
    apart = (values[1] - values[0]) / (high - low) * lines if len(values) > 1 else 1.0
    every = math.ceil(1 / apart)
    if every < len(values):
        return values[::every]
    return round_numbers(*inside, whole, least=1)[:1]


def round_numbers(
    low: float, high: float, whole: bool = False, least: int = 2
) -> list[float]:
    """Return the roundest numbers in [low, high]: four at most, `least` if there are.

    Parameters
    ----------
    whole : bool
        Whether only whole numbers will do; there may be fewer of them.
    """
    power = 10 ** math.floor(math.log10(high - low))
    units = [step * power for step in STEPS]
    if whole:
        units = [u for u in units if u > 1 and u.is_integer()] + [1.0]
    for unit in units:
        first, last = math.ceil(low / unit), math.floor(high / unit)
        if last - first >= least - 1:
            return [k * unit for k in range(first, last + 1)][:LINES]
    return [float(round((low + high) / 2))] if whole else [low, high]


def alike(values: list[float]) -> list[str]:
    """Return the numbers as text, all with the decimals that they need."""
    top = max((abs(v) for v in values), default=0.0)
    if top >= LARGE or 0 < top < SMALL:
        return [powered(v) for v in values]
    for decimals in range(9):
        if all(abs(round(v, decimals) - v) <= 1e-6 * abs(v) for v in values):
            return [minus(f"{v:.{decimals}f}") for v in values]
    return [minus(f"{v:.2g}") for v in values]


def minus(text: str) -> str:
    """Return a number's text with a true minus."""
    return text.replace("-", "−")


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
        return powered(y)
    if whole:
        return minus(f"{y:.0f}")
    large = max(abs(y), top)
    power = math.floor(math.log10(large)) if large > 0 else 0
    if power < -DIGITS:
        return powered(y)
    return minus(f"{y:.{min(max(DIGITS - 1 - power, 0), 2 * DIGITS)}f}")
