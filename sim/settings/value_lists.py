"""Values of settings as a person lists them: 1,9, or 1:9:5."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_VALUES = 100_000  # more take days, and fill a table that is too long to read
DIGITS = 12  # of the values of a range: 0.3, and not 0.30000000000000004
RANGE = "A:B:COUNT or A:B:COUNT:log"


def values_by_path(texts: Sequence[str], flag: str) -> dict[str, tuple[Any, ...]]:
    """Read the ``PATH=VALUES`` texts of a flag; see `values`.

    Raises
    ------
    ValueError
        If one has another form, or two name the same setting.
    """
    out: dict[str, tuple[Any, ...]] = {}
    for text in texts:
        path, equals, value = text.partition("=")
        path = path.strip()
        if not equals or not path:
            raise ValueError(
                f"{flag} needs PATH=VALUES, such as dynamics.beta=1,9; got {text!r}."
            )
        if path in out:
            raise ValueError(f"{flag} {path} is given twice. Give all values in one.")
        out[path] = values(value)
    return out


def values(text: str) -> tuple[Any, ...]:
    """Read ``A:B:COUNT``, ``A:B:COUNT:log``, or values with commas between.

    COUNT values at equal distances from A to B, or at equal factors.  Tables, which
    have commas of their own, are put between ``|`` instead.

    Raises
    ------
    ValueError
        If it has none of these forms.
    """
    parts = text.split(":")
    if len(parts) in (3, 4) or (len(parts) > 1 and _is_number(parts[0])):
        return _range(text, parts)
    found = [v.strip() for v in text.split("|" if "|" in text else ",")]
    if not all(found):
        raise ValueError(
            f"values must be {RANGE}, or v1,v2,v3; got {text!r}, where one is empty."
        )
    return tuple(found)


def _range(text: str, parts: list[str]) -> tuple[float, ...]:
    log = len(parts) == 4  # noqa: PLR2004 - A:B:COUNT:log
    try:
        a, b, count = float(parts[0]), float(parts[1]), int(parts[2])
    except (ValueError, IndexError):
        count = 0
        a = b = math.nan
    if not (math.isfinite(a) and math.isfinite(b)) or (parts[3:] not in ([], ["log"])):
        raise ValueError(f"a range must be {RANGE}, such as 0.1:9:12; got {text!r}.")
    if not 1 <= count <= MAX_VALUES:
        raise ValueError(
            f"COUNT must be in [1, {MAX_VALUES}], got {count} in {text!r}. Give the "
            "number of values."
        )
    if log and not (a > 0 and b > 0):
        raise ValueError(
            f"A and B of a logarithmic range must be above 0, got {text!r}. Leave "
            ":log out."
        )
    shares = [k / max(1, count - 1) for k in range(count)]
    found = (a * (b / a) ** u if log else a + (b - a) * u for u in shares)
    return tuple(float(f"{v:.{DIGITS}g}") for v in found)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
