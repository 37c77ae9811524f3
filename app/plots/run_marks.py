"""The changes of a run, as breaks and marks of its curves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.document.marks import marks_of
from app.document.scenario_diff import ChangeMarker

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.schedule import Run

MAX_MARKERS = 48


def breaks_of(run: Run) -> tuple[float, ...]:
    """Return the times at which changes begin and end."""
    marks = [mark for mark in marks_of(run) if mark.t]
    return tuple(sorted({t for m in marks for t in (m.t, m.end)}))


def markers_of(run: Run, names: Mapping[int, str]) -> list[ChangeMarker]:
    """Return a mark for each of the last changes; tokens have `names`, by id."""
    marks = [mark for mark in marks_of(run, names) if mark.t]
    return [ChangeMarker(m.t, m.text) for m in marks][-MAX_MARKERS:]
