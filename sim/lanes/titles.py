"""What differs between runs, in words."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from sim.dynamics import Dynamics
from sim.initial.sentence import Sentence
from sim.lanes.fork_titles import fork_texts, numbered, time_text
from sim.lanes.value_texts import (
    are_multiples,
    multiple_text,
    number_text,
    quoted,
    short,
)
from sim.scenario import Scenario
from sim.schedule import WHOLE_RUN
from sim.settings.knobs import Settings, choices, knob_of
from sim.settings.plugins import Plugin
from sim.weights.identity import Identity

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sim.law import Limit, Limits
    from sim.schedule import Change, Run

MAX_NAMED = 3  # settings or changes that a title names
UNCHANGED = "unchanged"
SPEAKING = ("dynamics", "space", "integrator")  # their kinds need no setting's name
ORDER = ("dynamics", "space")  # said first, and last: the space often goes with the law
PRESCRIBED = ("tokens", "dimension")  # by a sentence and its model
NOTHING = object()


def lane_titles(runs: Sequence[Run], forks: Sequence[float | None]) -> tuple[str, ...]:
    """Return for each run what it does not share with the others.

    Starts come first: "β = 9", "hardmax, Euler"; then changes in time that not all have
    alike: "from t = 5: β = 60"; then the time of a fork that is still as its parent.
    A run without any, where others have something, is "unchanged"; all titles are empty
    where nothing differs.  Titles that would be one are numbered.
    """
    starts = _differing([run.start for run in runs], top=True)
    changes = [_own_changes(run, runs) for run in runs]
    parts = zip(starts, changes, fork_texts(runs, forks), strict=True)
    texts = [
        ", ".join(filter(None, [_joined(a, ", "), _joined(b, "; "), fork]))
        for a, b, fork in parts
    ]
    if not any(texts):
        return ("",) * len(runs)
    return numbered([text or UNCHANGED for text in texts])


def _joined(parts: Sequence[str], comma: str) -> str:
    texts = list(dict.fromkeys(parts))  # a law and its setting may have one name
    more = len(texts) - MAX_NAMED
    return comma.join(texts[:MAX_NAMED]) + (f" and {more} more" if more > 0 else "")


def _differing(
    records: Sequence[Settings | None], *, top: bool = False, numbers: bool = False
) -> list[list[str]]:
    """Return for each record the texts of the settings in which not all agree.

    A record that is None takes no part.  At the `top` law, space and integrator speak
    for themselves; others are said with what they are, such as "Start: Uniform".  With
    `numbers` no others are said.
    """
    out: list[list[str]] = [[] for _ in records]
    for name in _names(records):
        if name in PRESCRIBED and all(map(_prescribed, records)):
            continue
        values = [getattr(r, name, NOTHING) for r in records]
        present = [v for v in values if v is not NOTHING]
        if all(_same(v, present[0]) for v in present):
            continue
        if numbers and not all(type(v) in (int, float) for v in present):
            continue
        for k, texts in enumerate(_texts(records, name, values, top)):
            out[k] += texts
    return out


def _prescribed(record: Settings | None) -> bool:
    """Whether tokens are those of a sentence, which says how many there are."""
    return isinstance(record, Scenario) and isinstance(record.initial, Sentence)


def _texts(
    records: Sequence[Settings | None], name: str, values: Sequence[Any], top: bool
) -> list[list[str]]:
    """Return for each record what its setting `name` has of its own."""
    present = [v for v in values if v is not NOTHING]
    parts = [v if isinstance(v, Settings) else None for v in values]
    if not all(isinstance(v, Settings) for v in present) or are_multiples(present):
        return [
            [] if v is NOTHING or r is None else [setting_text(r, name)]
            for r, v in zip(records, values, strict=True)
        ]
    if all(type(v) is type(present[0]) for v in present):
        return _differing(parts)
    within = _of_kinds(parts)
    kinds = [
        []
        if v is NOTHING or r is None
        else [_kind_text(v) if top and name in SPEAKING else setting_text(r, name)]
        for r, v in zip(records, values, strict=True)
    ]
    return [kind + rest for kind, rest in zip(kinds, within, strict=True)]


def _of_kinds(parts: Sequence[Settings | None]) -> list[list[str]]:
    """Return what parts of several kinds have of their own, besides their kinds.

    Between kinds that is numbers, such as β; all that differs in parts of one kind.
    """
    out = _differing(parts, numbers=True)
    for kind in {type(part) for part in parts if part is not None}:
        alike = [part if type(part) is kind else None for part in parts]
        for k, texts in enumerate(_differing(alike)):
            out[k] += [text for text in texts if text not in out[k]]
    return out


def _names(records: Sequence[Settings | None]) -> Iterable[str]:
    """Return the names of settings that a record has and uses, in order."""
    names = dict.fromkeys(
        field.name
        for record in records
        if record is not None
        for field in dataclasses.fields(record)
        if field.name not in (*WHOLE_RUN, *record.inactive())
    )
    return sorted(names, key=_rank)


def _rank(path: str) -> int:
    return {ORDER[0]: 0, ORDER[1]: 2}.get(path.partition(".")[0], 1)


def _betas(law: Dynamics) -> list[str]:
    """Return β of a law, which tells laws of one kind apart; none if it has none."""
    used = "beta" in {f.name for f in dataclasses.fields(law)} - law.inactive()
    return [setting_text(law, "beta")] if used else []


def _same(a: Any, b: Any) -> bool:
    return type(a) is type(b) and a == b


def _kind_text(part: Settings) -> str:
    if not isinstance(part, Plugin):
        return type(part).__name__
    if (limit := _limit(part)) is not None:
        return limit.name
    return part.short_title or part.title or part.kind


def _limit(part: Plugin) -> Limit | None:
    """Return the limit at which a law is, if it is at one."""
    limits: Limits | None = getattr(part, "limits", None)
    return None if limits is None else limits.at(getattr(part, limits.setting))


def setting_text(owner: Settings, name: str) -> str:
    """Return a setting with its value, such as "β = 9" or "Torus on".

    A limit of a law has a name, such as "Hamiltonian".
    """
    value, knob = getattr(owner, name), knob_of(type(owner), name)
    limits = owner.limits if isinstance(owner, Dynamics) else None
    if limits is not None and limits.setting == name and (limit := limits.at(value)):
        return limit.name
    label = knob.label
    if isinstance(value, Identity):
        return multiple_text(label, value)
    if isinstance(value, Settings):
        return f"{label}: {_kind_text(value)}"
    if choices(type(owner), name):
        return f"{label}: {value}" if value == "none" else str(value)
    if isinstance(value, bool):
        return f"{label} {'on' if value else 'off'}"
    if isinstance(value, int | float):
        return f"{label} = {number_text(value)}{knob.unit}"
    if isinstance(value, str):
        words = " " in value and "/" not in value
        return quoted(value) if words else f"{label} = {short(value)}"
    return f"{label} {len(value)} rows" if value else f"{label} none"


def _own_changes(run: Run, runs: Sequence[Run]) -> list[str]:
    """Return the texts of the changes that not all runs have alike."""
    shared = min(_shared(run, other) for other in runs)
    times = {t for each in runs for c in each.changes for t in (c.t, c.t + c.over)}
    return [_change_text(run, change, times) for change in run.changes[shared:]]


def _shared(run: Run, other: Run) -> int:
    """Return how many changes two runs begin with alike."""
    pairs = zip(run.changes, other.changes, strict=False)
    return next(
        (k for k, (a, b) in enumerate(pairs) if a != b),
        min(len(run.changes), len(other.changes)),
    )


def _change_text(run: Run, change: Change, times: Iterable[float]) -> str:
    """Return a change such as "from t = 5: β = 60", one of those at `times`."""
    after = run.at(change.t + change.over)
    texts: list[str] = []
    for path in sorted(change.settings, key=_rank):
        texts.append(_text_at(after, path))
        if path == "dynamics" and f"{path}.beta" not in change.settings:
            texts += _betas(after.dynamics)
    edits = change.tokens
    counts = {"moved": edits.move, "added": edits.add, "removed": edits.remove}
    texts += [f"{len(v)} {_tokens(len(v))} {word}" for word, v in counts.items() if v]
    over = f" to {time_text(change.t + change.over, times)}" if change.over else ""
    return f"from t = {time_text(change.t, times)}{over}: {_joined(texts, ', ')}"


def _tokens(count: int) -> str:
    return "token" if count == 1 else "tokens"


def _text_at(scenario: Settings, path: str) -> str:
    """Return the setting at `path` in words; its name alone if it is gone."""
    *above, name = path.split(".")
    owner: Any = scenario
    for part in above:
        owner = getattr(owner, part, None)
    if isinstance(owner, Identity):  # said with the name of its matrix
        return _text_at(scenario, ".".join(above))
    value = getattr(owner, name, None)
    if value is None or not isinstance(owner, Settings):
        return name
    speaks = path in SPEAKING and isinstance(value, Settings)
    return _kind_text(value) if speaks else setting_text(owner, name)
