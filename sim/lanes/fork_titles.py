"""What tells lanes apart that are still alike: forks, and runs that stand twice."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.schedule import Run


def fork_texts(runs: Sequence[Run], forks: Sequence[float | None]) -> list[str]:
    """Return such as "fork at t = 5" for forks that are the past of another lane.

    `forks` has the time of each, or None; empty for a lane that is no fork, or has
    changes of its own, which its title says instead.
    """
    return [
        f"fork at t = {t:.7g}" if t is not None and _is_past(runs, k, t) else ""
        for k, t in enumerate(forks)
    ]


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
