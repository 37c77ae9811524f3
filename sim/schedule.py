"""A run: a start, and what changes at which time."""

from __future__ import annotations

import bisect
import dataclasses
import math
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise, zip_longest
from numbers import Real
from typing import TYPE_CHECKING, Any

from sim.scenario import Scenario, edit, restarts
from sim.settings.knobs import Settings, get, knobs
from sim.settings.serialise import family, plain_record, record
from sim.tokens.check import check_edits
from sim.tokens.edits import NO_EDITS, TokenEdits
from sim.tokens.ids import TokenIds

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sim.spaces import Space

MAX_CHANGES = 100_000  # a drag of a slider for an hour has fewer
WHOLE_RUN = ("title", "note", "reference", "duration")
"""Settings that a run has as a whole: they are not recorded as changes."""


@dataclass(frozen=True)
class Change:
    """Settings that take other values from a time of the run on, and edits of tokens.

    Attributes
    ----------
    t : float
        The time, 0 or later.
    settings : mapping of str to value
        Paths as in `sim.edit`; a part is given by its kind, or as a record with all of
        its settings, as in a scenario's file.
    tokens : TokenEdits
        Tokens that are added, moved and removed, under these settings.
    """

    t: float
    settings: Mapping[str, Any] = field(default_factory=dict[str, Any])
    tokens: TokenEdits = NO_EDITS

    def __post_init__(self) -> None:
        t: Any = self.t
        number = not isinstance(t, bool) and isinstance(t, Real)
        try:
            time = float(t) if number else math.nan
        except OverflowError:  # an integer of more than 308 digits
            time = math.inf
        if not 0 <= time < math.inf:
            raise ValueError(f"the time of a change must be 0 or later, got {t!r}.")
        object.__setattr__(self, "t", time)
        object.__setattr__(self, "settings", dict(self.settings))
        if whole := [path for path in self.settings if path in WHOLE_RUN]:
            raise ValueError(
                f"{whole[0]} belongs to the whole run: set it at the start, not in a "
                "change."
            )

    def apply(self, scenario: Scenario) -> Scenario:
        """Return `scenario` with the changed settings.

        Raises
        ------
        KeyError, ValueError
            As `sim.edit`.
        """
        parts = {p: _part(scenario, p, v) for p, v in self.settings.items()}
        return edit(scenario, parts)


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
        _ = self.stages  # refuse what cannot be applied, now and not at its time
        self._check_tokens()

    @cached_property
    def stages(self) -> tuple[tuple[float, Scenario], ...]:
        """The times at which settings change, each with the settings from then on."""
        stages: list[tuple[float, Scenario]] = []
        scenario = self.start
        for k, change in enumerate(self.changes):
            where, before = f"change {k + 1} (t = {change.t:g})", scenario
            try:
                scenario = change.apply(before)
            except (KeyError, ValueError) as error:
                raise ValueError(f"{where}: {error.args[0]}") from None
            if not _is_live(before, scenario, change) and restarts(before, scenario):
                raise ValueError(
                    f"{where}: {', '.join(change.settings)} places tokens anew, which "
                    "a change in time cannot. Set it at the start of the run."
                )
            if stages and change.t == stages[-1][0]:
                del stages[-1]
            stages.append((change.t, scenario))
        return tuple(stages)

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

    def _check_tokens(self) -> None:
        """Refuse edits of tokens that cannot be made, and laws that they do not fit."""
        if not any(change.tokens for change in self.changes):
            return
        ids, before = TokenIds(self.start.tokens), self.start
        for t, after in self.stages:
            try:
                check_edits(ids, t, self.edits_at(t), before, after)
            except ValueError as error:
                number = bisect.bisect_left(self.changes, t, key=_t) + 1
                raise ValueError(f"change {number} (t = {t:g}): {error}") from None
            before = after

    def _token_ids(self) -> TokenIds:
        """Return the ids after all changes."""
        ids = TokenIds(self.start.tokens)
        for _, edits, _ in self.token_edits:
            ids.apply(edits, self.start.dimension)
        return ids

    def at(self, t: float) -> Scenario:
        """Return the settings in force at time `t`, changes at that time included."""
        k = bisect.bisect_right(self.stages, t, key=_time)
        return self.stages[k - 1][1] if k else self.start

    @property
    def last(self) -> Scenario:
        """The settings after the last change."""
        return self.stages[-1][1] if self.stages else self.start

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
        return min(
            (
                c.t
                for pair in pairs
                if pair[0] != pair[1]
                for c in pair
                if c is not None
            ),
            default=math.inf,
        )

    @cached_property
    def _computed(self) -> Scenario:
        """The start without what changes nothing that is computed."""
        default = Scenario()
        whole = {name: getattr(default, name) for name in WHOLE_RUN}
        return dataclasses.replace(self.start, **whole)

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
        kept = bisect.bisect_left(self.changes, t, key=_t)
        base = dataclasses.replace(self, changes=self.changes[:kept])
        changed = differences(base.at(t), scenario)
        joined = self.edits_at(t).then(edits)
        if not changed and not joined:
            return base
        change = Change(t, changed, joined)
        ids = base._token_ids()
        if joined or ids.changed:
            check_edits(ids, t, joined, base.last, scenario)
        stage = (change.t, change.apply(base.at(t)))
        return _applied(self.start, (*base.changes, change), (*base.stages, stage))

    def with_whole(self, scenario: Scenario) -> Run:
        """Return the run with the title, note and the like of `scenario`."""
        whole = {name: getattr(scenario, name) for name in WHOLE_RUN}
        start = dataclasses.replace(self.start, **whole)
        if start == self.start:
            return self
        stages = ((t, dataclasses.replace(s, **whole)) for t, s in self.stages)
        return _applied(start, self.changes, tuple(stages))


def _applied(
    start: Scenario,
    changes: tuple[Change, ...],
    stages: tuple[tuple[float, Scenario], ...],
) -> Run:
    """Return a run whose stages are known, without applying its changes again."""
    out = object.__new__(Run)
    object.__setattr__(out, "start", start)
    object.__setattr__(out, "changes", changes)
    out.__dict__["stages"] = stages
    return out


def differences(old: Scenario, new: Scenario) -> dict[str, Any]:
    """Return the changes that lead from `old` to `new`, by path, as plain data.

    A part of another kind is given whole; `edit` makes `new` of them, except for what
    belongs to the whole run.
    """
    return {
        path: value
        for path, value in _differences(old, new, "")
        if path not in WHOLE_RUN
    }


def _differences(
    old: Settings, new: Settings, prefix: str
) -> Iterable[tuple[str, Any]]:
    for item in dataclasses.fields(new):
        path, a, b = (
            prefix + item.name,
            getattr(old, item.name),
            getattr(new, item.name),
        )
        if a == b and type(a) is type(b):
            continue
        if isinstance(b, Settings) and type(a) is type(b):
            yield from _differences(a, b, f"{path}.")
        else:
            yield path, plain_record(b) if isinstance(b, Settings) else b


def _is_live(old: Scenario, new: Scenario, change: Change) -> bool:
    """Whether a change is of single live settings only, so that it cannot restart.

    It says in a tenth of the time what `restarts` would say.
    """
    for path in change.settings:
        owner_path, _, name = path.rpartition(".")
        owner = get(old, owner_path) if owner_path else old
        knob = knobs(type(owner)).get(name)
        branch = path.partition(".")[0]
        if knob is None or not knob.live or branch in ("initial", "encoding"):
            return False
    return (old.tokens, old.dimension) == (new.tokens, new.dimension)


def _part(scenario: Scenario, path: str, value: Any) -> Any:
    """Return `value`, where it is the record of a part, as that part."""
    if not isinstance(value, dict):
        return value
    owner_path, _, name = path.rpartition(".")
    owner = get(scenario, owner_path) if owner_path else scenario
    get(scenario, path)
    kinds = family(owner, name)
    return value if kinds is None else record(kinds, value, path)


def _time(stage: tuple[float, Scenario]) -> float:
    return stage[0]


def _t(change: Change) -> float:
    return change.t


def with_changes(run: Run, changes: Iterable[Change]) -> Run:
    """Return `run` with more changes, whose values may be text as a person types it.

    Raises
    ------
    ValueError
        If they are not in the order of their times, or one cannot be applied.
    """
    new = tuple(changes)
    if any(b.t < a.t for a, b in pairwise(new)):
        times = ", ".join(f"{change.t:g}" for change in new)
        raise ValueError(
            f"changes must be in the order of their times; got t = {times}."
        )
    merged = sorted((*run.changes, *new), key=_t)
    checked = Run(run.start, tuple(merged))
    out = Run(run.start)
    for change in checked.changes:
        settings = change.apply(out.at(change.t))
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
