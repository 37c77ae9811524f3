"""Reading lanes from files: each after the first one under ``"lanes"``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.lanes.comparison import Comparison, check_own
from sim.lanes.plain_lanes import FORK
from sim.loading import open_with_window
from sim.scenario_format import LANES
from sim.schedule import Change, Run
from sim.schedule_file import SCHEDULE, changes_from_plain, quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from sim.scenario import Scenario

KEYS = {"set", SCHEDULE, FORK}


def lanes_from_plain(first: Run, data: Any) -> Comparison:
    """Return `first` with the lanes that `plain_lanes` wrote into `data`.

    Raises
    ------
    ValueError
        If they are no lanes, or one cannot be made; says which, and why.
    """
    listed = data.get(LANES, []) if isinstance(data, dict) else []
    if not isinstance(listed, list):
        raise ValueError(
            f"{LANES}: expected a list of lanes such as "
            f'{{"set": {{"dynamics.beta": 9}}}}, got {quoted(listed)}.'
        )
    others = [_lane(first, k, item) for k, item in enumerate(listed, 2)]
    forks = [_fork(first, k, item) for k, item in enumerate(listed, 2)]
    return Comparison((first, *others), (None, *forks))


def _lane(first: Run, k: int, item: Any) -> Run:
    """Return the lane of number `k`, from 1, as it is in a file."""
    where = f"{LANES}, lane {k}"
    if not isinstance(item, dict) or not item.keys() <= KEYS:
        raise ValueError(
            f'{where}: expected {{"set": {{path: value}}, "schedule": [change]}}, got '
            f"{quoted(item)}."
        )
    settings = item.get("set", {})
    if not isinstance(settings, dict):
        raise ValueError(
            f'{where}: "set" must hold settings by path, got {quoted(settings)}.'
        )
    try:
        start = _start(first, settings)
        return Run(start, changes_from_plain(item.get(SCHEDULE, [])))
    except (KeyError, ValueError) as error:
        raise ValueError(f"{where}: {error.args[0]}") from None


def _fork(first: Run, k: int, item: Mapping[str, Any]) -> float | None:
    """Return the time at which the lane of number `k` was forked, if it was."""
    t, end = item.get(FORK), first.start.duration
    number = isinstance(t, int | float) and not isinstance(t, bool)
    if t is not None and not (number and 0 <= t <= end):
        raise ValueError(
            f'{LANES}, lane {k}: "{FORK}" must be a time from 0 to {end:g}, got '
            f"{quoted(t)}."
        )
    return t


def _start(first: Run, settings: Mapping[str, Any]) -> Scenario:
    """Return the start of a lane; a part may be a record with all of its settings."""
    if not settings:
        return first.start
    check_own(settings)
    return Change(0.0, settings).apply(first.start)


def open_comparison(
    path: str | Path,
    *,
    allow_files: bool = False,
    report: Callable[[str], None] | None = None,
) -> Comparison:
    """Read what `sim.open_run` does, with all lanes; a run alone is one lane.

    Parameters and errors are those of `sim.open_run`.
    """
    run, window = open_with_window(path, allow_files=allow_files, report=report)
    return lanes_from_plain(run, window)
