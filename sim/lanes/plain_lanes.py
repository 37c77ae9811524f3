"""Lanes as plain data, as they stand in a file beside the first one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.scenario_format import LANES
from sim.schedule import differences
from sim.schedule_file import SCHEDULE, plain_changes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.schedule import Run


def plain_lanes(runs: Sequence[Run]) -> dict[str, Any]:
    """Return what stands in a file beside the first lane: nothing for one lane.

    ``{"lanes": [{"set": {path: value}, "schedule": [change]}]}``, with a member for
    each lane after the first: in what its start differs, and its own changes.
    """
    first, *others = runs
    lanes = [_plain(first, run) for run in others]
    return {LANES: lanes} if lanes else {}


def _plain(first: Run, run: Run) -> dict[str, Any]:
    out: dict[str, Any] = {"set": differences(first.start, run.start)}
    if run.changes:
        out[SCHEDULE] = plain_changes(run)
    return out
