"""In which settings two scenarios differ."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from sim.settings.knobs import Settings
from sim.settings.serialise import plain_record

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sim.scenario import Scenario

WHOLE_RUN = ("title", "note", "reference", "duration")
"""Settings that a run has as a whole: they are not recorded as changes."""


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
