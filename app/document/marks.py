"""The changes of a run as marks on a time axis: one for each thing that was done."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from app.document.scenario_diff import change_text, setting_text
from sim.schedule import Change, Run
from sim.tokens.renumber import renumbered

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sim.tokens.edits import TokenEdits

DRAG_GAP_SHARE = 0.01  # of the duration: changes of a drag are no further apart
SEVERAL = "several settings"
NO_NAMES: Mapping[int, str] = MappingProxyType({})


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
    over : float
        How long a number then glides to its value.
    """

    t: float
    end: float
    text: str
    first: int
    stop: int
    over: float = 0.0

    @property
    def arrival(self) -> float:
        """The time at which everything has its last value."""
        return self.end + self.over


def marks_of(run: Run, names: Mapping[int, str] = NO_NAMES) -> tuple[Mark, ...]:
    """Return the marks of a run, in the order of time; tokens have `names`, by id."""
    gap = DRAG_GAP_SHARE * run.start.duration
    groups: list[list[int]] = []
    for k, change in enumerate(run.changes):
        last = run.changes[groups[-1][-1]] if groups else None
        if last is not None and _one_drag(last, change, gap):
            groups[-1].append(k)
        else:
            groups.append([k])
    known = {**names, **_names_of_added(run)}
    return tuple(_mark(run, group, known) for group in groups)


def without(run: Run, mark: Mark) -> Run:
    """Return the run as it would be without the changes of a mark.

    Raises
    ------
    ValueError
        If a later change does not apply without them.
    """
    places = [*range(mark.first), *range(mark.stop, len(run.changes))]
    return _arranged(run, run.changes, places)


def moved(run: Run, mark: Mark, t: float) -> Run:
    """Return the run with the changes of a mark shifted, so that they begin at `t`.

    Raises
    ------
    ValueError
        If a change does not apply at its new place.
    """
    by = max(t, 0.0) - mark.t
    changes = [
        replace(c, t=max(c.t + by, 0.0)) if mark.first <= k < mark.stop else c
        for k, c in enumerate(run.changes)
    ]
    inside = range(mark.first, mark.stop)
    places = sorted(range(len(changes)), key=lambda k: (changes[k].t, k in inside, k))
    return _arranged(run, changes, places)


def _arranged(run: Run, changes: Sequence[Change], places: Sequence[int]) -> Run:
    """Return a run with some of `changes`, in another order, of the same tokens."""
    if any(change.tokens for change in changes):
        edits = renumbered(run.start.tokens, [c.tokens for c in changes], places)
        pairs = zip(places, edits, strict=True)
        kept = [replace(changes[k], tokens=edit) for k, edit in pairs]
        return Run(run.start, tuple(c for c in kept if c.settings or c.tokens))
    return Run(run.start, tuple(changes[k] for k in places))


def near(marks: Sequence[Mark], t: float, within: float) -> Mark | None:
    """Return the mark nearest to the time `t`, if one is `within` of it."""
    found = min(marks, key=lambda mark: abs(mark.t - t), default=None)
    return found if found is not None and abs(found.t - t) <= within else None


def _one_drag(a: Change, b: Change, gap: float) -> bool:
    moves = all(
        not change.tokens.resizes and change.tokens.move.keys() == a.tokens.move.keys()
        for change in (a, b)
    )
    at_once = not (a.over or b.over)
    same = a.settings.keys() == b.settings.keys()
    return at_once and b.t - a.t <= gap and moves and same


def _mark(run: Run, group: list[int], names: Mapping[int, str]) -> Mark:
    first, stop = group[0], group[-1] + 1
    t, end = run.changes[first].t, run.changes[stop - 1].t
    change, before = run.changes[first], run.before(t).at(t)
    after = change.apply(before) if change.over else run.at(end)
    text = change_text(before, after)
    if not text and len(change.settings) == 1:  # the value that it has had before
        text = setting_text(after, *change.settings)
    texts = (text and text + over_text(change), edits_text(change.tokens, names))
    said = ", ".join(filter(None, texts)) or SEVERAL
    return Mark(t, end, said, first, stop, change.over)


def over_text(change: Change) -> str:
    """Return how long a ramp takes, such as `` in 3``; empty for what is at once."""
    return f" in {change.over:g}" if change.over else ""


def _names_of_added(run: Run) -> dict[int, str]:
    """Return the names of the tokens that a run adds, by id."""
    added = [token for change in run.changes for token in change.tokens.add]
    return {run.start.tokens + k: token.name for k, token in enumerate(added)}


def edits_text(edits: TokenEdits, names: Mapping[int, str] = NO_NAMES) -> str:
    """Return what is done to tokens, such as ``bank moved``; empty for nothing.

    Those without one of the `names`, which are by id, are counted from 1, as on the
    picture.
    """
    done = {
        "added": [token.name for token in edits.add],
        "moved": [names.get(k) or f"token {k + 1}" for k in edits.move],
        "removed": [names.get(k) or f"token {k + 1}" for k in edits.remove],
    }
    return ", ".join(f"{_brief(who)} {what}" for what, who in done.items() if who)


def _brief(tokens: list[str]) -> str:
    """Return the name of one token, or how many there are."""
    return tokens[0] or "a token" if len(tokens) == 1 else f"{len(tokens)} tokens"
