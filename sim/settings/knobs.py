"""Settings records: each setting is described once, beside its default."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from functools import cache
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    Literal,
    get_args,
    get_origin,
    get_type_hints,
)

from sim.settings.knob import Knob
from sim.settings.values import (
    Place,
    UnknownSettingError,
    checked_list,
    checked_number,
    checked_table,
    named_below,
    parsed_list,
    parsed_number,
    parsed_switch,
    parsed_table,
    short,
)

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True)
class Settings:
    """Base of every immutable settings record; validates on creation."""

    def __post_init__(self) -> None:
        for name, knob in knobs(type(self)).items():
            check(self, name, knob)
        for name, kind in groups(type(self)).items():
            if not isinstance(value := getattr(self, name), kind):
                raise Place(name).error(
                    f"must be a {kind.__name__}, got {short(value)}. Give one, or "
                    "a kind by `sim.edit`."
                )

    def inactive(self) -> frozenset[str]:
        """Return the settings that change nothing while the others are as they are.

        They are named by their paths from here, such as ``"metric.beta"``; what is
        below them changes nothing either.
        """
        return frozenset()


@cache
def hints(cls: type) -> dict[str, Any]:
    """Return the resolved annotations of the settings record `cls`, by field."""
    found = get_type_hints(cls, include_extras=True)
    return {f.name: found[f.name] for f in dataclasses.fields(cls)}


@cache
def all_knobs(cls: type) -> dict[str, Knob]:
    """Return the knob of every field of `cls` that has one, in field order."""
    return {
        name: knob
        for name, hint in hints(cls).items()
        if get_origin(hint) is Annotated
        for knob in get_args(hint)[1:]
        if isinstance(knob, Knob)
    }


def knob_of(cls: type, name: str) -> Knob:
    """Return the knob of the field `name` of `cls`; without one, its name as label."""
    return all_knobs(cls).get(name) or Knob(name)


@cache
def knobs(cls: type) -> dict[str, Knob]:
    """Return the knobs of the fields of `cls` that are values, not settings records."""
    inner = groups(cls)
    return {name: knob for name, knob in all_knobs(cls).items() if name not in inner}


@cache
def groups(cls: type) -> dict[str, type[Settings]]:
    """Return the class of every field of `cls` that is a settings record itself."""
    kinds = {name: kind_of(cls, name) for name in hints(cls)}
    return {
        name: kind
        for name, kind in kinds.items()
        if isinstance(kind, type) and issubclass(kind, Settings)
    }


PATH = "path"
"""The field of a file, whose name may have bytes that are not UTF-8."""


def kind_of(cls: type, name: str) -> Any:
    """Return the plain type of the field `name` of `cls`, such as ``float``."""
    hint = hints(cls)[name]
    return get_args(hint)[0] if get_origin(hint) is Annotated else hint


def choices(cls: type, name: str) -> tuple[str, ...]:
    """Return the choices of the field `name` of `cls` if it is a menu, else none."""
    kind = kind_of(cls, name)
    return get_args(kind) if get_origin(kind) is Literal else ()


def check(record: Settings, name: str, knob: Knob) -> None:
    """Convert the field `name` of `record` to its type and validate it.

    Raises
    ------
    SettingError
        If it has a wrong type or is out of bounds; names the bound and the value.
    """
    cls, value = type(record), getattr(record, name)
    where, kind = Place(name, knob.label), kind_of(cls, name)
    if kind in (int, float):
        bounds = (knob.lo, knob.hi)
        object.__setattr__(record, name, checked_number(where, kind, bounds, value))
    elif kind is bool and not isinstance(value, bool):
        raise where.error(f"must be true or false, got {short(value)}.")
    elif kind is str and not isinstance(value, str):
        raise where.error(f"must be text, got {short(value)}.")
    elif isinstance(value, str) and name != PATH and not _can_be_saved(value):
        raise where.error(f"has half a character, which cannot be saved: {value!a:.80}")
    elif (menu := choices(cls, name)) and value not in menu:
        raise where.error(f"must be one of {', '.join(menu)}; got {short(value)}.")
    elif get_origin(kind) is tuple:
        read = checked_list if get_args(kind)[0] is int else checked_table
        object.__setattr__(record, name, read(where, (knob.lo, knob.hi), value))


def _can_be_saved(text: str) -> bool:
    """Whether UTF-8 has all characters of a text; it has no lone surrogates."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def parse(record: Settings, name: str, text: str) -> Any:
    """Parse `text` as a value of the field `name`.

    Numbers may be written as ``9``, ``1e-3`` or ``-1``; switches as on, off, true,
    false, yes, no; tables as ``1,0;0,1``.

    Raises
    ------
    SettingError
        If it is not such a value.
    """
    cls = type(record)
    where, kind = Place(name, knob_of(cls, name).label), kind_of(cls, name)
    text = text.strip()
    if kind is bool:
        return parsed_switch(where, text)
    if kind in (int, float):
        return parsed_number(where, text)
    if get_origin(kind) is tuple:
        return (parsed_list if get_args(kind)[0] is int else parsed_table)(text)
    return text


def walk(record: Settings, path: str = "") -> Iterator[tuple[str, Settings, str]]:
    """Yield ``(dotted path, owner, field name)`` for every leaf and branch."""
    for field in dataclasses.fields(record):
        here = f"{path}{field.name}"
        yield here, record, field.name
        value = getattr(record, field.name)
        if isinstance(value, Settings):
            yield from walk(value, f"{here}.")


def used(
    record: Settings, path: str = "", inactive: frozenset[str] = frozenset()
) -> Iterator[tuple[str, Settings, str]]:
    """Yield what `walk` yields, but for settings that are `inactive` at present."""
    inactive |= {path + name for name in record.inactive()}
    for field in dataclasses.fields(record):
        here = f"{path}{field.name}"
        if here in inactive:
            continue
        yield here, record, field.name
        value = getattr(record, field.name)
        if isinstance(value, Settings):
            yield from used(value, f"{here}.", inactive)


def get(record: Settings, path: str) -> Any:
    """Return the setting at the dotted `path`.

    Raises
    ------
    UnknownSettingError
        If the setting does not exist; lists those that do.
    """
    value: Any = record
    for name in path.split("."):
        known = [f.name for f in dataclasses.fields(value)] if _is_record(value) else []
        if name not in known:
            have = ", ".join(known) or "nothing below it"
            raise UnknownSettingError(
                f"no setting {short(path)}: {short(name)} is not one of {have}."
            )
        value = getattr(value, name)
    return value


def put(record: Any, path: str, value: Any) -> Any:
    """Return a copy of `record` with the setting at `path` replaced.

    Raises
    ------
    UnknownSettingError
        If there is no such setting.
    SettingError
        If the value cannot be taken; names the whole path.
    """
    head, _, rest = path.partition(".")
    get(record, head)
    new = value
    if rest:
        with named_below(head):
            new = put(getattr(record, head), rest, value)
    return dataclasses.replace(record, **{head: new})


def _is_record(value: Any) -> bool:
    return isinstance(value, Settings)
