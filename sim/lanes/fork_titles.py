"""What tells lanes apart that are still alike: forks, and runs that stand twice."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.lanes.value_texts import DIGITS, number_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sim.schedule import Run

TIME_DIGITS = 4  # significant figures of a time, where they tell times apart


def fork_texts(runs: Sequence[Run], forks: Sequence[float | None]) -> list[str]:
    """Return such as "fork at t = 5" for forks that are the past of another lane.

    `forks` has the time of each, or None; empty for a lane that is no fork, or has
    changes of its own, which its title says instead.
    """
    times = [t for t in forks if t is not None]
    return [
        f"fork at t = {time_text(t, times)}"
        if t is not None and _is_past(runs, k, t)
        else ""
        for k, t in enumerate(forks)
    ]


def time_text(t: float, others: Iterable[float]) -> str:
    """Return a time with four significant figures, or as many as set it apart."""
    apart = {other for other in others if other != t}
    whole = len(str(int(t)))  # figures before the point stay
    for digits in range(max(TIME_DIGITS, whole), DIGITS):
        text = number_text(t, digits)
        if all(number_text(other, digits) != text for other in apart):
            return text
    return number_text(t)


def _is_past(runs: Sequence[Run], k: int, t: float) -> bool:
    """Return whether run `k` is another one up to `t`, and has nothing after it."""
    after = math.nextafter(t, math.inf)
    others = (*runs[:k], *runs[k + 1 :])
    return any(other.before(after) == runs[k] for other in others)


def numbered(titles: Sequence[str]) -> tuple[str, ...]:
    """Return titles of which no two are one: "β = 9" and "β = 9 (2)"."""
    counts = [titles[: k + 1].count(title) for k, title in enumerate(titles)]
    return tuple(
        title if count == 1 else f"{title} ({count})"
        for title, count in zip(titles, counts, strict=True)
    )
