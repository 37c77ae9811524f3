"""Settings as plain data, for files and for text typed by users."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from sim.settings.knobs import Settings, get, hints, kind_of, parse, put
from sim.settings.near_misses import did_you_mean
from sim.settings.plugins import Plugin
from sim.settings.search import suggestion
from sim.settings.values import UnknownSettingError, named_below, short


def family(owner: Settings, name: str) -> type[Plugin] | None:
    """Return the family of the field `name` of `owner`, if it is a part of one."""
    kind = kind_of(type(owner), name)
    return kind if isinstance(kind, type) and issubclass(kind, Plugin) else None


def value_at(record: Settings, path: str, value: Any, prefix: str = "") -> Any:
    """Return `value` converted for the setting at `path` of `record`; see `edit`.

    A part that has the kind already keeps its settings.  `prefix` comes before the path
    in messages.
    """
    owner_path, _, name = path.rpartition(".")
    try:
        get(record, path)
    except UnknownSettingError as error:
        raise UnknownSettingError(f"{error}{suggestion(record, path)}") from None
    owner = get(record, owner_path) if owner_path else record
    kinds, where = family(owner, name), prefix + path
    if kinds is not None:
        if isinstance(value, kinds):
            return value
        member, present = kinds.member(str(value), where), getattr(owner, name)
        return present if type(present) is member else member()
    if isinstance(getattr(owner, name), Settings):
        raise ValueError(f"{where}: a group of settings; set one, such as {where}.…")
    if not isinstance(value, str):
        return value
    with named_below((prefix + owner_path).removesuffix(".")):
        return parse(owner, name, value)


def edited(record: Any, changes: Any) -> Any:
    """Return `record` with settings changed by path; see `sim.edit`."""
    if not isinstance(changes, Mapping):
        raise TypeError(
            'changes must be a dictionary, such as {"dynamics.beta": 9}, got '
            f"{short(changes)}."
        )
    wanted: Mapping[str, Any] = changes
    for path, value in sorted(wanted.items(), key=_depth):
        record = put(record, path, value_at(record, path, value))
    return record


def _depth(change: tuple[str, Any]) -> int:
    """Return how deep a setting is, so that a part comes before what is in it."""
    return change[0].count(".")


def plain_record(owner: Settings) -> dict[str, Any]:
    """Return a settings record as plain data; a part has its kind."""
    out: dict[str, Any] = {"kind": owner.kind} if isinstance(owner, Plugin) else {}
    for f in dataclasses.fields(owner):
        value = getattr(owner, f.name)
        out[f.name] = plain_record(value) if isinstance(value, Settings) else value
    return out


def record(cls: type[Any], data: Any, path: str) -> Any:
    """Return the record of class or family `cls` that `plain_record` wrote as `data`.

    Raises
    ------
    ValueError
        If a setting, kind or value is unknown; says where.
    """
    where = path or "scenario"
    if not isinstance(data, dict):
        raise ValueError(f"{where}: expected a group of settings, got {short(data)}.")
    data = dict(data)
    if issubclass(cls, Plugin):
        cls = cls.member(str(data.pop("kind", "")), where)
    types = hints(cls)
    for name in data:
        if name not in types:
            raise ValueError(
                f"{where}: no setting {short(name)}; there are {', '.join(types)}."
                f"{did_you_mean(name, types)}"
            )
    values = {
        k: _read(kind_of(cls, k), v, f"{path}.{k}".strip(".")) for k, v in data.items()
    }
    with named_below(path):
        return cls(**values)


def _read(kind: Any, value: Any, path: str) -> Any:
    nested = isinstance(kind, type) and issubclass(kind, Settings)
    return record(kind, value, path) if nested else value
