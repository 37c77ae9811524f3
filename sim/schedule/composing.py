"""Runs of changes that a person gives: joined in order, and within the duration."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from sim.schedule.run import Run
from sim.settings.knobs import get

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sim.schedule.change import Change


def with_changes(run: Run, changes: Iterable[Change]) -> Run:
    """Return `run` with more changes, whose values may be text as a person types it.

    Raises
    ------
    ValueError
        If they are not in the order of their times, one is after the end of the run,
        even where it changes nothing, or one cannot be applied.
    """
    new = tuple(changes)
    if any(b.t < a.t for a, b in pairwise(new)):
        times = ", ".join(f"{change.t:g}" for change in new)
        raise ValueError(
            f"changes must be in the order of their times; got t = {times}."
        )
    merged = sorted((*run.changes, *new), key=_time)
    checked = Run(run.start, tuple(merged))
    check_duration(checked)
    out = Run(run.start)
    for change in checked.changes:
        settings = change.apply(out.at(change.t))
        if change.over:
            typed = {path: get(settings, path) for path in change.settings}
            out = out.followed_by(replace(change, settings=typed))
        else:
            out = out.with_change(change.t, settings, change.tokens)
    return out


def check_duration(run: Run) -> None:
    """Refuse a change after the end of the run.

    Raises
    ------
    ValueError
        With the time and the duration.
    """
    late = [change.t for change in run.changes if change.t > run.start.duration]
    if late:
        raise ValueError(
            f"a change is at t = {late[0]:g}, after the end of the run at "
            f"T = {run.start.duration:g}. Raise the duration, or leave it out."
        )


def _time(change: Change) -> float:
    return change.t
