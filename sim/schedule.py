"""A run: a start, and what changes at which time."""

from __future__ import annotations

import bisect
import dataclasses
import math
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise, zip_longest
from numbers import Real
from typing import TYPE_CHECKING, Any

from sim.glides import RAMPS, Stage, glides_between, is_in
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
    over : float
        The time in which numbers glide to these values; 0 if they take them at once.
    ramp : {"linear", "geometric"}
        Whether they glide by equal steps or by equal factors in equal times.
    """

    t: float
    settings: Mapping[str, Any] = field(default_factory=dict[str, Any])
    tokens: TokenEdits = NO_EDITS
    over: float = 0.0
    ramp: str = "linear"

    def __post_init__(self) -> None:
        t, over = _finite(self.t), _finite(self.over)
        if not t >= 0:
            raise ValueError(
                f"the time of a change must be 0 or later, got {self.t!r}."
            )
        if not over >= 0:
            raise ValueError(
                f"the time that a ramp takes must be 0 or more, got {self.over!r}."
            )
        if self.ramp not in RAMPS:
            raise ValueError(
                f"a ramp must be one of {', '.join(RAMPS)}; got {self.ramp!r}."
            )
        object.__setattr__(self, "t", t)
        object.__setattr__(self, "over", over)
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

    def after(self, stage: Stage) -> Stage:
        """Return the stage that begins with this change, where `stage` was before.

        Numbers that glide go on, unless it is they that are changed.

        Raises
        ------
        KeyError, ValueError
            As `sim.edit`, or if a setting cannot glide.
        """
        now, kept = stage.at(self.t), stage.gliding(self.t, self.settings)
        then = self.apply(now)
        if not self.over:
            return Stage(self.t, then, kept)
        times = (self.t, self.over)
        new = glides_between(now, then, self.settings, times, self.ramp)
        return Stage(self.t, now, (*kept, *new))


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
    def stages(self) -> tuple[Stage, ...]:
        """The times at which settings change, each with the settings from then on."""
        stages: list[Stage] = []
        stage = Stage(0.0, self.start)
        for k, change in enumerate(self.changes):
            where, before = f"change {k + 1} (t = {change.t:g})", stage.scenario
            try:
                stage = change.after(stage)
            except (KeyError, ValueError) as error:
                raise ValueError(f"{where}: {error.args[0]}") from None
            now = stage.scenario
            if not _is_live(before, now, change) and restarts(before, now):
                raise ValueError(
                    f"{where}: {', '.join(change.settings)} places tokens anew, which "
                    "a change in time cannot. Set it at the start of the run."
                )
            if stages and change.t == stages[-1].t:
                del stages[-1]
            stages.append(stage)
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
        for stage in self.stages:
            t, after = stage.t, stage.scenario
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
        ids = base._token_ids()
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
        stages = list(self.stages)
        for change in changes:
            stage = change.after(stages[-1] if stages else Stage(0.0, self.start))
            if stages and stages[-1].t == stage.t:
                del stages[-1]
            stages.append(stage)
        return _applied(self.start, (*self.changes, *changes), tuple(stages))

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


def _time(stage: Stage) -> float:
    return stage.t


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
        if change.over:
            typed = {path: get(settings, path) for path in change.settings}
            out = out.followed_by(replace(change, settings=typed))
        else:
            out = out.with_change(change.t, settings, change.tokens)
    return out


def _finite(value: Any) -> float:
    """Return a number as a float; NaN for what is no finite number."""
    if isinstance(value, bool) or not isinstance(value, Real):
        return math.nan
    try:
        number = float(value)
    except OverflowError:  # an integer of more than 308 digits
        return math.nan
    return number if math.isfinite(number) else math.nan


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
