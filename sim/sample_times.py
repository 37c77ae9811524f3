"""Times that a caller gives: checked, and evenly spaced."""

from __future__ import annotations

import math
from numbers import Real
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_SAMPLES = 1_000_000  # rows of a table
ROUNDING = 1e-9  # of the time between two: how far the last may be off


def checked_time(name: str, value: Any) -> float:
    """Return a length of time; raise an error unless it is finite and 0 or more."""
    if isinstance(value, bool) or not isinstance(value, Real):
        raise ValueError(f"{name} must be a number, got {value!r}.")
    if not 0 <= float(value) < math.inf:
        raise ValueError(
            f"{name} must be a finite time of 0 or more, got {value!r}. A run goes "
            "forwards alone; `resume` goes back."
        )
    return float(value)


def sample_times(now: float, duration: float, every: float) -> Iterator[float]:
    """Return ``now + k every`` for all k up to `duration`, its end included.

    Raises
    ------
    ValueError
        If a time is not finite and positive, or they are more than a million.
    """
    duration, every = checked_time("duration", duration), checked_time("every", every)
    if not every:
        raise ValueError("every must be above 0, got 0.")
    count = duration / every
    if count > MAX_SAMPLES:
        raise ValueError(
            f"there are at most {MAX_SAMPLES:,} samples, got {count:,.0f}. Take a "
            "longer time between them."
        )
    return (now + k * every for k in range(math.floor(count + ROUNDING) + 1))
