"""The changes of a run as marks on a time axis: one for each thing that was done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.document.scenario_diff import change_text
from sim.schedule import Change, Run

if TYPE_CHECKING:
    from collections.abc import Sequence

DRAG_GAP_SHARE = 0.01  # of the duration: changes of a drag are no further apart
SEVERAL = "several settings"


@dataclass(frozen=True)
class Mark:
    """Changes that are one to the person who made them, such as a drag of a slider.

    Attributes
    ----------
    t, end : float
        The times of the first and the last of them.
    text : str
        What changed, such as ``β = 9``.
    first, stop : int
        Their places among the changes of the run: first, and one after the last.
    """

    t: float
    end: float
    text: str
    first: int
    stop: int


def marks_of(run: Run) -> tuple[Mark, ...]:
    """Return the marks of a run, in the order of time."""
    gap = DRAG_GAP_SHARE * run.start.duration
    groups: list[list[int]] = []
    for k, change in enumerate(run.changes):
        last = run.changes[groups[-1][-1]] if groups else None
        if last is not None and _one_drag(last, change, gap):
            groups[-1].append(k)
        else:
            groups.append([k])
    return tuple(_mark(run, group) for group in groups)


def without(run: Run, mark: Mark) -> Run:
    """Return the run as it would be without the changes of a mark.

    Raises
    ------
    ValueError
        If a later change does not apply without them.
    """
    return Run(run.start, run.changes[: mark.first] + run.changes[mark.stop :])


def moved(run: Run, mark: Mark, t: float) -> Run:
    """Return the run with the changes of a mark shifted, so that they begin at `t`.

    Raises
    ------
    ValueError
        If a change does not apply at its new place.
    """
    by = max(t, 0.0) - mark.t
    shifted = [
        Change(max(c.t + by, 0.0), c.settings)
        for c in run.changes[mark.first : mark.stop]
    ]
    rest = without(run, mark).changes
    return Run(run.start, tuple(sorted((*rest, *shifted), key=_time)))


def near(marks: Sequence[Mark], t: float, within: float) -> Mark | None:
    """Return the mark nearest to the time `t`, if one is `within` of it."""
    found = min(marks, key=lambda mark: abs(mark.t - t), default=None)
    return found if found is not None and abs(found.t - t) <= within else None


def _one_drag(a: Change, b: Change, gap: float) -> bool:
    return b.t - a.t <= gap and a.settings.keys() == b.settings.keys()


def _mark(run: Run, group: list[int]) -> Mark:
    first, stop = group[0], group[-1] + 1
    t, end = run.changes[first].t, run.changes[stop - 1].t
    before = run.before(t).last
    return Mark(t, end, change_text(before, run.at(end)) or SEVERAL, first, stop)


def _time(change: Change) -> float:
    return change.t
