"""Lanes as plain data, as they stand in a file beside the first one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.scenario_format import LANES
from sim.schedule import differences
from sim.schedule_file import SCHEDULE, plain_changes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.schedule import Run

FORK = "fork"
"""The key of the time at which a lane was forked."""


def plain_lanes(runs: Sequence[Run], forks: Sequence[float | None]) -> dict[str, Any]:
    """Return what stands in a file beside the first lane: nothing for one lane.

    ``{"lanes": [{"set": {path: value}, "schedule": [change], "fork": t}]}``, with a
    member for each lane after the first: in what its start differs, its own changes,
    and the time of a fork.
    """
    first, *others = runs
    pairs = zip(others, forks[1:], strict=True)
    lanes = [_plain(first, run, fork) for run, fork in pairs]
    return {LANES: lanes} if lanes else {}


def _plain(first: Run, run: Run, fork: float | None) -> dict[str, Any]:
    out: dict[str, Any] = {"set": differences(first.start, run.start)}
    if run.changes:
        out[SCHEDULE] = plain_changes(run)
    if fork is not None:
        out[FORK] = fork
    return out
