"""A run: a start, and its changes in the order of their times."""

from __future__ import annotations

import bisect
import math
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise, zip_longest
from typing import TYPE_CHECKING

from sim.glides import Stage, is_in
from sim.scenario import Scenario
from sim.schedule.change import Change
from sim.schedule.differences import WHOLE_RUN, differences
from sim.schedule.stages import stages_of, with_stage
from sim.schedule.token_checks import check_token_edits, ids_after
from sim.tokens.check import check_edits
from sim.tokens.edits import NO_EDITS, TokenEdits

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sim.spaces import Space

MAX_CHANGES = 100_000  # a drag of a slider for an hour has fewer


@dataclass(frozen=True)
class Run:
    """A starting scenario, and its changes in the order of their times.

    Changes at one time are one change.  Two runs are equal if they start alike and
    change alike; every run of one backend then gives the same bytes.

    Raises
    ------
    ValueError
        If times decrease, or a change is of a setting that there is not, that places
        tokens anew, or has a value out of bounds; says which change, and why.
    """

    start: Scenario = field(default_factory=Scenario)
    changes: tuple[Change, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "changes", tuple(self.changes))
        if len(self.changes) > MAX_CHANGES:
            raise ValueError(
                f"a run has up to {MAX_CHANGES:,} changes, got {len(self.changes):,}."
            )
        for k, (a, b) in enumerate(pairwise(self.changes)):
            if b.t < a.t:
                raise ValueError(
                    f"changes must be in the order of their times: change {k + 2} is "
                    f"at t = {b.t:g}, after one at t = {a.t:g}."
                )
        # What cannot be applied is refused now, and not at its time.
        check_token_edits(self, self.stages)

    @cached_property
    def stages(self) -> tuple[Stage, ...]:
        """The times at which settings change, each with the settings from then on."""
        return stages_of(self.start, self.changes)

    @property
    def token_edits(self) -> Iterable[tuple[float, TokenEdits, Space]]:
        """The times at which tokens are edited, with the edits and the space then."""
        times = dict.fromkeys(change.t for change in self.changes if change.tokens)
        return ((t, self.edits_at(t), self.at(t).space) for t in times)

    @cached_property
    def id_count(self) -> int:
        """How many tokens there ever are: ids are below."""
        return self.start.tokens + sum(len(c.tokens.add) for c in self.changes)

    @cached_property
    def moves(self) -> tuple[tuple[float, Mapping[int, tuple[float, ...]]], ...]:
        """The times at which tokens are moved, each with their points, by id."""
        return tuple((c.t, c.tokens.move) for c in self.changes if c.tokens.move)

    def edits_at(self, t: float) -> TokenEdits:
        """Return the edits of tokens at the time `t`, as one."""
        edits = NO_EDITS
        for change in self.changes[bisect.bisect_left(self.changes, t, key=_t) :]:
            if change.t > t:
                break
            edits = edits.then(change.tokens) if edits else change.tokens
        return edits

    def at(self, t: float) -> Scenario:
        """Return the settings in force at time `t`, changes at that time included."""
        return self.stage_at(t).at(t)

    def stage_at(self, t: float) -> Stage:
        """Return the stage in which the time `t` is."""
        k = bisect.bisect_right(self.stages, t, key=_time)
        return self.stages[k - 1] if k else Stage(0.0, self.start)

    @property
    def last(self) -> Scenario:
        """The settings after the last change, and at the end of its ramps."""
        return self.stage_at(math.inf).at(math.inf)

    def before(self, t: float) -> Run:
        """Return the run with its changes before `t` alone."""
        kept = bisect.bisect_left(self.changes, t, key=_t)
        if kept == len(self.changes):
            return self
        stages = bisect.bisect_left(self.stages, t, key=_time)
        return _applied(self.start, self.changes[:kept], self.stages[:stages])

    def leads_to(self, run: Run, t: float) -> bool:
        """Whether `run` is the same up to `t`, where all changes here are before it.

        The title, the duration and the like may differ.
        """
        k = len(self.changes)
        same = self.start is run.start or self._computed == run._computed
        return same and run.changes[:k] == self.changes and self.next_change(run) >= t

    def next_change(self, run: Run) -> float:
        """Return the time of the first change of `run` after those here."""
        return next((change.t for change in run.changes[len(self.changes) :]), math.inf)

    def divergence(self, other: Run) -> float:
        """Return the time from which two runs differ: ∞ if never, −∞ from the start."""
        if self is other:
            return math.inf
        if self.start is not other.start and self._computed != other._computed:
            return -math.inf
        pairs = zip_longest(self.changes, other.changes)
        differ = (pair for pair in pairs if pair[0] is not pair[1])
        first = next((pair for pair in differ if pair[0] != pair[1]), ())
        return min((c.t for c in first if c is not None), default=math.inf)

    @cached_property
    def _computed(self) -> Scenario:
        """The start without what changes nothing that is computed."""
        default = Scenario()
        whole = {name: getattr(default, name) for name in WHOLE_RUN}
        return replace(self.start, **whole)

    def with_change(
        self, t: float, scenario: Scenario, edits: TokenEdits = NO_EDITS
    ) -> Run:
        """Return the run up to `t`, with the settings of `scenario` from then on.

        Later changes are left out.  Changes at `t` are joined with this one: what has
        been changed back by then is no change.  `edits` of tokens come after those that
        are there.

        Raises
        ------
        ValueError
            If tokens cannot be edited so, at `t` or before the law of `scenario`.
        """
        base = self.before(t)
        changed = differences(base.at(t), scenario)
        joined = self.edits_at(t).then(edits)
        ramps = self._ramps_at(t, changed)
        if not changed and not joined:
            return base.followed_by(*ramps)
        change = Change(t, changed, joined)
        ids = ids_after(base)
        if joined or ids.changed:
            check_edits(ids, t, joined, base.last, scenario)
        return base.followed_by(change, *ramps)

    def _ramps_at(self, t: float, changed: Iterable[str]) -> tuple[Change, ...]:
        """Return the ramps that begin at `t`, but for numbers that are changed."""
        taken = tuple(changed)
        out: list[Change] = []
        for change in self.changes[bisect.bisect_left(self.changes, t, key=_t) :]:
            if change.t == t and change.over:
                left = {p: v for p, v in change.settings.items() if not is_in(p, taken)}
                if left:
                    out.append(replace(change, settings=left, tokens=NO_EDITS))
        return tuple(out)

    def followed_by(self, *changes: Change) -> Run:
        """Return the run with further changes, none before the last that it has.

        Raises
        ------
        KeyError, ValueError
            If a setting is unknown or cannot glide, or a value is out of bounds.
        """
        stages = self.stages
        for change in changes:
            before = stages[-1] if stages else Stage(0.0, self.start)
            stages = with_stage(stages, change.after(before))
        return _applied(self.start, (*self.changes, *changes), stages)

    def with_whole(self, scenario: Scenario) -> Run:
        """Return the run with the title, note and the like of `scenario`."""
        whole = {name: getattr(scenario, name) for name in WHOLE_RUN}
        start = replace(self.start, **whole)
        if start == self.start:
            return self
        stages = tuple(
            replace(s, scenario=replace(s.scenario, **whole)) for s in self.stages
        )
        return _applied(start, self.changes, stages)


def _applied(
    start: Scenario,
    changes: tuple[Change, ...],
    stages: tuple[Stage, ...],
) -> Run:
    """Return a run whose stages are known, without applying its changes again."""
    out = object.__new__(Run)
    object.__setattr__(out, "start", start)
    object.__setattr__(out, "changes", changes)
    out.__dict__["stages"] = stages
    return out


def _time(stage: Stage) -> float:
    return stage.t


def _t(change: Change) -> float:
    return change.t
