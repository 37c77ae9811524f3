"""Instants at which something changes, and times that are equal but for rounding.

A law holds up to its next instant, and from there on the next one: a step that would
cross an instant ends there, and all its stages see the law before.  A *jump* is an
instant at which the velocity jumps, a *kink* one at which only its slope does.
"""

from __future__ import annotations

import math
import sys

SAME_TIME = 8 * sys.float_info.epsilon  # of a time: closer ones are the same


def reached(t: float, instant: float) -> bool:
    """Whether `t` is the instant but for rounding, or later."""
    return math.isfinite(instant) and t >= instant - SAME_TIME * abs(instant)


def just_before(instant: float) -> float:
    """Return a time that does not reach the instant."""
    return instant - 8 * SAME_TIME * abs(instant)


def next_of(t: float, *instants: float) -> float:
    """Return the first of some instants that `t` has not reached, ∞ if there is none.

    The instants are in the order of time.
    """
    return next((i for i in instants if not reached(t, i)), math.inf)
