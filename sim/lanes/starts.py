"""Why the tokens of runs do not start alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.placement import place
from sim.schedule import differences

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sim.scenario import Scenario
    from sim.schedule import Run

WORDS = {
    "tokens": "n",
    "dimension": "d",
    "seed": "seed",
    "initial": "initial condition",
    "encoding": "positional encoding",
}
"""Settings that place tokens, and what they are called here."""
SAME_PLACE = 1e-9  # of a coordinate, in which rounding by two spaces differs less


def start_reasons(runs: Sequence[Run]) -> tuple[str, ...]:
    """Return for each run why it does not start like the first one.

    A sentence such as "Lane 2 has a start of its own: another n."; empty where the
    starts are the same.
    """
    first = runs[0].start
    reasons = [_reason(first, run.start) for run in runs]
    return tuple(
        f"Lane {k} has a start of its own: another {why}." if why else ""
        for k, why in enumerate(reasons, 1)
    )


def _reason(first: Scenario, other: Scenario) -> str:
    branches = dict.fromkeys(p.partition(".")[0] for p in differences(first, other))
    words = [WORDS[branch] for branch in branches if branch in WORDS]
    if not words and first.space != other.space and _placed_apart(first, other):
        words = ["surface"]
    return listed(words)


def _placed_apart(first: Scenario, other: Scenario) -> bool:
    """Whether two spaces put the same tokens at different places."""
    try:
        a, b = place(first).x, place(other).x
    except (ValueError, OSError):  # the run itself says so
        return False
    return bool(np.abs(a - b).max() > SAME_PLACE)


def listed(words: Iterable[str]) -> str:
    """Return words as "a, b and c"."""
    *most, last = list(words) or [""]
    return f"{', '.join(most)} and {last}" if most else last
