"""Documents with other lanes: compared, forked, closed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.document.lane import Lane
from sim.lanes import MAX_LANES, Comparison
from sim.lanes.comparison import forked as forked_run

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.document.document import Document
    from sim.schedule import Run


def compared(document: Document, settings: Sequence[Mapping[str, Any]]) -> Document:
    """Return the run that is edited in several lanes, each with settings of its own.

    Settings are by path, and hold from the start on; none leaves a run as it is.  The
    first lane is edited.

    Raises
    ------
    KeyError, ValueError
        If a setting or value is not possible; says in which lane.
    """
    runs = Comparison.of(document.run, settings).runs
    numbers = [document.number, *_new_numbers(document, len(runs) - 1)]
    lanes = [
        Lane.of_run(run, number) for run, number in zip(runs, numbers, strict=True)
    ]
    return document.with_lanes(lanes, 0)


def duplicated(document: Document, t: float) -> Document:
    """Return the document with one more lane: the run that is edited, once more.

    Raises
    ------
    ValueError
        If there are as many lanes as there can be.
    """
    return with_lane(document, document.run, t, document.forked_at)


def forked(
    document: Document, t: float, changes: Mapping[str, Any] | None = None
) -> Document:
    """Return the document with a lane that has the past up to `t` of the one edited.

    Its later changes are its own: first `changes`, settings by path from `t` on.  Those
    of the run that is edited stay.  The new lane is edited from now on.

    Raises
    ------
    KeyError, ValueError
        If there are as many lanes as there can be, or a change is not possible.
    """
    return with_lane(document, forked_run(document.run, t, changes or {}), t, t)


def without_lane(document: Document, place: int) -> Document:
    """Return the document without one of its lanes, where there are others."""
    lanes = [*document.lanes]
    del lanes[place]
    edited = document.place - (document.place > place)
    return document.with_lanes(lanes, min(edited, len(lanes) - 1))


def lane_alone(document: Document, place: int) -> Document:
    """Return the document with one of its lanes as its only run."""
    return document.with_lanes([document.lanes[place]], 0)


def edited_lanes(document: Document, changes: Mapping[str, Any]) -> Document:
    """Return the document with settings changed in every lane that has them.

    Raises
    ------
    KeyError, ValueError
        If a setting or value is not possible in the run that is edited.
    """
    lanes: list[Lane] = []
    for place in range(len(document.lanes)):
        one = document.with_lanes(document.lanes, place)
        try:
            lanes.append(one.edit(changes).lane)
        except (KeyError, ValueError):
            if place == document.place:
                raise
            lanes.append(one.lane)
    return document.edit(changes).with_lanes(lanes, document.place)


def with_lane(
    document: Document, run: Run, t: float, forked_at: float | None = None
) -> Document:
    """Return the document with one more lane, a run that is looked at at the time `t`.

    `forked_at` is the time at which it was forked from another lane.

    Raises
    ------
    ValueError
        If there are as many lanes as there can be.
    """
    if len(document.lanes) == MAX_LANES:
        raise ValueError(f"There are {MAX_LANES} lanes already. Close one first.")
    log = run if run.changes else None
    lane = Lane(run.at(t), log, _new_numbers(document, 1)[0], forked_at)
    lanes = (*document.lanes, lane)
    return document.with_lanes(lanes, len(lanes) - 1)


def _new_numbers(document: Document, count: int) -> list[int]:
    first = max(lane.number for lane in document.lanes) + 1
    return [first + k for k in range(count)]
