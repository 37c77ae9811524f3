"""Which changed settings have no effect beside the others."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from sim.settings.knobs import Settings, used, walk

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MAX_NAMED = 3  # settings of a file that one message names


class UnusedSettingWarning(UserWarning):
    """A setting was given that has no effect beside the others."""


def without_effect(record: Settings, paths: Iterable[str]) -> list[str]:
    """Return a sentence for each setting of `paths` that `record` makes no use of."""
    in_use = {path for path, _, _ in used(record)}
    return [
        f"{path} has no effect while the other settings are as they are"
        for path in paths
        if path not in in_use
    ]


def unused_message(record: Settings) -> str:
    """Return which settings away from their defaults `record` makes no use of.

    One sentence; empty if there are none.
    """
    found = list(_unused(record))
    if not found:
        return ""
    named, more = ", ".join(found[:MAX_NAMED]), len(found) - MAX_NAMED
    named += f" and {more} more" if more > 0 else ""
    have = "has" if len(found) == 1 else "have"
    return f"{named} {have} no effect while the other settings are as they are."


def _unused(record: Settings) -> Iterator[str]:
    """Yield the settings that have no effect and not their default, topmost alone."""
    in_use = {path for path, _, _ in used(record)}
    above = "."  # the last one that was yielded
    for path, owner, name in walk(record):
        if path in in_use or path.startswith(f"{above}."):
            continue
        if getattr(owner, name) != _default(owner, name):
            above = path
            yield path


def _default(owner: Settings, name: str) -> object:
    field = next(f for f in dataclasses.fields(owner) if f.name == name)
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory()
    return field.default
