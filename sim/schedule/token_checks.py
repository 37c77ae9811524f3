"""Whether the edits of tokens in a run can be made."""

from __future__ import annotations

import bisect
from typing import TYPE_CHECKING, Protocol

from sim.tokens.check import check_edits
from sim.tokens.ids import TokenIds

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sim.glides import Stage
    from sim.scenario import Scenario
    from sim.schedule.change import Change
    from sim.spaces import Space
    from sim.tokens.edits import TokenEdits


class TokenRun(Protocol):
    """What is checked of a run; see `sim.schedule.run.Run`."""

    @property
    def start(self) -> Scenario:
        """The scenario at t = 0."""
        ...

    @property
    def changes(self) -> tuple[Change, ...]:
        """The changes, in the order of time."""
        ...

    @property
    def token_edits(self) -> Iterable[tuple[float, TokenEdits, Space]]:
        """The edits of tokens, with their times and spaces."""
        ...

    def edits_at(self, t: float) -> TokenEdits:
        """Return the edits of tokens at the time `t`."""
        ...


def check_token_edits(run: TokenRun, stages: tuple[Stage, ...]) -> None:
    """Refuse edits of tokens that cannot be made, and laws that they do not fit.

    Raises
    ------
    ValueError
        Says which change, and why.
    """
    if not any(change.tokens for change in run.changes):
        return
    ids, before = TokenIds(run.start.tokens), run.start
    for stage in stages:
        t, after = stage.t, stage.scenario
        try:
            check_edits(ids, t, run.edits_at(t), before, after)
        except ValueError as error:
            number = bisect.bisect_left(run.changes, t, key=_time) + 1
            raise ValueError(f"change {number} (t = {t:g}): {error}") from None
        before = after


def ids_after(run: TokenRun) -> TokenIds:
    """Return the ids after all changes."""
    ids = TokenIds(run.start.tokens)
    for _, edits, _ in run.token_edits:
        ids.apply(edits, run.start.dimension)
    return ids


def _time(change: Change) -> float:
    return change.t
