"""The only module that turns numbers into text for the screen, and back; no Qt."""

from __future__ import annotations

import math
import re

SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
MIN_FIXED_EXPONENT = 1e4  # numbers from here on need an exponent in the caption
MIN_PLOT_EXPONENT = 1e6  # numbers from here on need one beside a curve
MAX_SMALL_TICK = 1e-4  # labels of an axis below this need one, too
PLOT_DIGITS = 4  # significant figures of a number beside its curve
SETTING_DIGITS = 7  # significant figures of a setting
DECIMAL_COMMA = re.compile(r"[+-]?\d*,\d+(?:[eE][+-]?\d+)?")
THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")  # as well as a decimal comma


def minus(text: str) -> str:
    """Return a number's text with a true minus instead of a hyphen."""
    return text.replace("-", "−")


def general(value: float, digits: int = 6) -> str:
    """Return `value` with so many significant figures, trailing zeros removed."""
    return minus(f"{value:.{digits}g}")


def superscript(k: int) -> str:
    """Return `k` in superscript figures."""
    return str(k).translate(SUPERSCRIPTS)


def fixed(value: float, places: int) -> str:
    """Return `value` with so many decimals, or a power of ten where it is large."""
    if abs(value) >= MIN_FIXED_EXPONENT:
        return power_of_ten(value)
    return minus(f"{value:.{places}f}")


def power_of_ten(value: float) -> str:
    """Return `value` with a power of ten, as in 6.44·10⁹¹; without where it is 0."""
    if not value or not math.isfinite(value):
        return minus(f"{value:g}".replace("inf", "∞"))
    figures, _, power = f"{value:.2e}".partition("e")
    figures = minus(figures.rstrip("0").rstrip("."))
    return f"{figures}·10{superscript(int(power))}"


def percent(share: float) -> str:
    """Return a share in per cent, never rounded up to all of it."""
    whole = 100 * share
    if whole >= 99.5:  # noqa: PLR2004 - would round to 100
        return "over 99 %" if share < 1 else "100 %"
    return f"{whole:.0f} %" if whole >= 1 else "under 1 %"


def angle(radians: float) -> str:
    """Return an angle in degrees, a small one with a power of ten; a dash for NaN."""
    if math.isnan(radians):
        return "–"
    degrees = math.degrees(radians)
    if 0 < degrees < 0.05:  # noqa: PLR2004 - would read 0.0
        return f"{power_of_ten(degrees)}°"
    return f"{degrees:.1f}°" if degrees else "0°"


def signed(value: float, places: int) -> str:
    """Return a difference with its sign and so many decimals; a dash for NaN."""
    if math.isnan(value):
        return "–"
    return minus(f"{value:+.{places}f}") if value else "0"


def complex_number(value: complex) -> str:
    """Return a complex number with two decimals, as in 0.50 − 1.20i."""
    real = minus(f"{value.real:.2f}")
    if abs(value.imag) < 0.005:  # noqa: PLR2004 - it would read 0.00
        return real
    sign = "+" if value.imag > 0 else "−"
    return f"{real} {sign} {abs(value.imag):.2f}i"


def check_value(value: float) -> str:
    """Return what a check found, or its bound, as in 3.1e−9; a dash for NaN."""
    if math.isnan(value):
        return "–"
    return minus(f"{value:.2g}".replace("e-0", "e-"))


def plot_value(y: float, top: float, whole: bool) -> str:
    """Return `y` as text, with decimals that do not change while `top` does not.

    A number that is far smaller than its scale has digits of its own.

    Parameters
    ----------
    y : float
        The number; NaN gives a dash.
    top : float
        The largest number on its scale.
    whole : bool
        Whether it counts something.
    """
    if math.isnan(y):
        return "–"
    if math.isinf(y) or abs(y) >= MIN_PLOT_EXPONENT:
        return power_of_ten(y)
    if whole:
        return minus(f"{y:.0f}")
    own = abs(y) < top / 10**PLOT_DIGITS
    large = abs(y) if own else max(abs(y), top)
    power = math.floor(math.log10(large)) if large > 0 else 0
    if power < -PLOT_DIGITS:
        return power_of_ten(y)
    decimals = min(max(PLOT_DIGITS - 1 - power, 0), 2 * PLOT_DIGITS)
    return minus(f"{y:.{decimals}f}")


def tick_labels(values: list[float]) -> list[str]:
    """Return the labels of an axis, all with the decimals that they need."""
    top = max((abs(v) for v in values), default=0.0)
    if top >= MIN_PLOT_EXPONENT or 0 < top < MAX_SMALL_TICK:
        return [power_of_ten(v) for v in values]
    for decimals in range(9):
        if all(abs(round(v, decimals) - v) <= 1e-6 * abs(v) for v in values):
            return [minus(f"{v:.{decimals}f}") for v in values]
    return [minus(f"{v:.2g}") for v in values]


def setting_text(value: float, unit: str = "") -> str:
    """Return a number as the settings panel shows it, with its unit."""
    text = str(value) if isinstance(value, int) else f"{value:.{SETTING_DIGITS}g}"
    return minus(text) + unit


def typed_number(text: str, unit: str = "") -> str:
    """Return typed `text` as `sim.settings.knobs.parse` reads numbers.

    A decimal comma is understood.  What may be thousands as well, such as 1,000, stays
    as it is, and is refused.
    """
    text = text.strip().replace("−", "-").replace(" ", "")
    text = text.removesuffix(unit.strip()) if unit.strip() else text
    is_decimal = DECIMAL_COMMA.fullmatch(text) and not THOUSANDS.fullmatch(text)
    return text.replace(",", ".") if is_decimal else text
