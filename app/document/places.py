"""What the times of a run are called: the half layers of a trained transformer."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.schedule import Run

MAX_PLACES = 400  # half layers that are named on a time axis


def named_places(run: Run, end: float) -> tuple[tuple[float, str], ...]:
    """Return where the times of a run with names begin, up to `end`, with their names.

    Such as ``(4.0, "layer 3 attention")``; a name that is empty ends the one before.
    """
    out: list[tuple[float, str]] = []
    if not run.changes and not run.start.dynamics.time_name(0.0):
        return ()
    whole = range(min(math.ceil(end) + 1, MAX_PLACES))
    for t in sorted({*map(float, whole), *(change.t for change in run.changes)}):
        name = run.at(t).dynamics.time_name(t)
        if name != (out[-1][1] if out else ""):
            out.append((t, name))
    return tuple(out)


def name_at(places: tuple[tuple[float, str], ...], t: float) -> str:
    """Return what the time t is called; empty if it has no name."""
    return next((name for start, name in reversed(places) if start <= t), "")
