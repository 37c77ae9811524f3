"""Whether the edits of tokens in a run can be made."""

from __future__ import annotations

import bisect
from typing import TYPE_CHECKING

from sim.tokens.check import check_edits
from sim.tokens.ids import TokenIds

if TYPE_CHECKING:
    from sim.schedule.change import Change
    from sim.schedule.run import Run


def check_token_edits(run: Run) -> None:
    """Refuse edits of tokens that cannot be made, and laws that they do not fit.

    Raises
    ------
    ValueError
        Says which change, and why.
    """
    if not any(change.tokens for change in run.changes):
        return
    ids, before = TokenIds(run.start.tokens), run.start
    for stage in run.stages:
        t, after = stage.t, stage.scenario
        try:
            check_edits(ids, t, run.edits_at(t), before, after)
        except ValueError as error:
            number = bisect.bisect_left(run.changes, t, key=_time) + 1
            raise ValueError(f"change {number} (t = {t:g}): {error}") from None
        before = after


def ids_after(run: Run) -> TokenIds:
    """Return the ids after all changes."""
    ids = TokenIds(run.start.tokens)
    for _, edits, _ in run.token_edits:
        ids.apply(edits, run.start.dimension)
    return ids


def _time(change: Change) -> float:
    return change.t
