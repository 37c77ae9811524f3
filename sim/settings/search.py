"""Finding a setting by a part of its path, by its symbol, or by a word like it."""

from __future__ import annotations

import dataclasses
import inspect
from typing import TYPE_CHECKING, Any

from sim.settings.knobs import Settings, all_knobs, hints, kind_of, walk
from sim.settings.near_misses import nearest
from sim.settings.plugins import Plugin

if TYPE_CHECKING:
    from collections.abc import Iterator


KIND = "kind"
"""The key of a part's kind in files; elsewhere the part's own path is set."""


@dataclasses.dataclass(frozen=True, slots=True)
class Definition:
    """Where a setting is defined, which may depend on kinds that are chosen.

    Attributes
    ----------
    owner : type of Settings
        The class that has it as a field.
    name : str
        The name of that field.
    kinds : tuple of (str, str)
        The parts on the way to it that are of one kind among several: path and kind.
    """

    owner: type[Settings]
    name: str
    kinds: tuple[tuple[str, str], ...] = ()

    def default(self) -> list[Any]:
        """Return its default value, or the kind of it, if it has one."""
        field = self.owner.__dataclass_fields__[self.name]
        if field.default is not dataclasses.MISSING:
            return [field.default]
        if field.default_factory is dataclasses.MISSING:
            return []
        value = field.default_factory()
        return [value.kind] if isinstance(value, Plugin) else []


def definitions(
    cls: type[Settings], path: str, before: str = ""
) -> Iterator[Definition]:
    """Yield every definition of the setting at `path`, whichever kinds are chosen."""
    head, _, rest = path.partition(".")
    for member in _members(cls):
        if head not in hints(member):
            continue
        chosen = ((before.rstrip("."), _kind(member)),) if _is_family(cls) else ()
        if not rest:
            yield Definition(member, head, chosen)
            continue
        kind = kind_of(member, head)
        if isinstance(kind, type) and issubclass(kind, Settings):
            for found in definitions(kind, rest, f"{before}{head}."):
                yield dataclasses.replace(found, kinds=chosen + found.kinds)


def kinds_with(found: list[Definition]) -> dict[str, list[str]]:
    """Return the kinds that have a setting, by the path of the part that has kinds."""
    out: dict[str, list[str]] = {}
    for definition in found:
        for path, kind in definition.kinds:
            if kind not in out.setdefault(path, []):
                out[path].append(kind)
    return out


def suggestion(record: Settings, path: str, prefix: str = "") -> str:
    """Return a sentence on the setting that `path` probably means, or nothing.

    `prefix` comes before the paths of `record`.
    """
    kinds = kinds_with(list(definitions(type(record), path)))
    other = {k: v for k, v in kinds.items() if _kind_at(record, k) not in v}
    if other:
        found = other.items()
        where = " and ".join(f"{prefix}{k} is {' or '.join(v)}" for k, v in found)
        return f" It exists where {where}."
    meant = meant_path(record, path)
    return f" Did you mean {prefix + meant!r}?" if meant else ""


def meant_path(record: Settings, path: str, *, exact: bool = False) -> str:
    """Return the path of the setting that `path` probably means; empty if none is.

    A last name or a symbol alone means the setting nearest to the top that has it;
    with `exact`, nothing else is taken for it.
    """
    paths: list[str] = []
    symbols: dict[str, str] = {}
    for where, owner, name in walk(record):
        paths.append(where)
        knob = all_knobs(type(owner)).get(name)
        for symbol in () if knob is None else (knob.label, knob.name):
            symbols.setdefault(symbol.lower(), where)
    lasts = {_last(p): p for p in sorted(paths, key=_depth, reverse=True)}
    known = lasts.get(_last(path)) or symbols.get(path.lower(), "")
    if known or exact:
        return known
    parent = path.rpartition(".")[0]
    if _last(path) == KIND and parent in paths:  # as files name it
        return parent
    beside = [_last(p) for p in paths if p.rpartition(".")[0] == parent]
    if near := nearest(_last(path), beside):
        return f"{parent}.{near}".strip(".")
    return lasts.get(nearest(_last(path), lasts), "")


def _kind_at(record: Settings, path: str) -> str:
    """Return the kind that is chosen at `path`; empty if there is nothing."""
    value: object = record
    for name in path.split("."):
        value = getattr(value, name, None)
    return value.kind if isinstance(value, Plugin) else ""


def _last(path: str) -> str:
    return path.rpartition(".")[2]


def _depth(path: str) -> int:
    return path.count(".")


def _is_family(cls: type[Settings]) -> bool:
    return issubclass(cls, Plugin) and (inspect.isabstract(cls) or not cls.kind)


def _members(cls: type[Settings]) -> list[type[Settings]]:
    if issubclass(cls, Plugin) and _is_family(cls):
        return list(cls.kinds().values())
    return [cls]


def _kind(cls: type[Settings]) -> str:
    return cls.kind if issubclass(cls, Plugin) else ""
