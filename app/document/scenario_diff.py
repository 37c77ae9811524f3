"""What changed between two scenarios, for the markers on the time axis."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sim.lanes.value_texts import multiple_text
from sim.settings.knobs import Settings, get, knob_of, knobs, put, walk
from sim.settings.plugins import Plugin
from sim.weights.identity import Identity

if TYPE_CHECKING:
    from sim.dynamics import Dynamics
    from sim.scenario import Scenario

MAX_TEXT_LENGTH = 28  # letters of a marker's text
MINUS = "−"
IGNORED: dict[str, Any] = {"title": "", "note": "", "reference": "", "duration": 1.0}
"""Settings that change nothing that is computed, and one value for all."""


@dataclass(frozen=True)
class ChangeMarker:
    """A time at which a setting changed, so that a curve may jump."""

    t: float
    text: str = ""


def breaks_curves(old: Scenario, new: Scenario) -> bool:
    """Return whether curves break between `old` and `new`; not for a new title."""
    if old is new:
        return False
    return replace(old, **IGNORED) != replace(new, **IGNORED)


def change_text(old: Scenario, new: Scenario) -> str:
    """Return the one setting that changed, such as ``β = 9``; empty for several."""
    if type(old.dynamics) is not type(new.dynamics):
        return _short(new.dynamics.title or new.dynamics.kind)
    if limit := _reached(old.dynamics, new.dynamics):
        return limit
    old, new = replace(old, **IGNORED), replace(new, **IGNORED)
    before = {path: getattr(owner, name) for path, owner, name in walk(old)}
    changed = [
        _text_at(new, path, owner, name)
        for path, owner, name in walk(new)
        if _changed(before.get(path), getattr(owner, name))
    ]
    return _short(changed[0]) if len(changed) == 1 else ""


def setting_text(scenario: Scenario, path: str) -> str:
    """Return the value of a setting, such as ``β = 9``."""
    owner_path, _, name = path.rpartition(".")
    owner = get(scenario, owner_path) if owner_path else scenario
    return _short(_text_at(scenario, path, owner, name))


def _text_at(scenario: Scenario, path: str, owner: Settings, name: str) -> str:
    """Return a setting at a path; a multiple of the identity as that of its matrix."""
    if not isinstance(owner, Identity):
        return _setting_text(owner, name)
    above, _, matrix = path.rpartition(".")[0].rpartition(".")
    return multiple_text(knob_of(type(get(scenario, above)), matrix).label, owner)


def _reached(old: Dynamics, new: Dynamics) -> str:
    """Return the name of the limit that the law was set to, if that alone changed."""
    limits = new.limits
    if limits is None or put(old, limits.setting, get(new, limits.setting)) != new:
        return ""
    limit = limits.at(get(new, limits.setting))
    return limit.name if limit is not None and old != new else ""


def _changed(old: Any, new: Any) -> bool:
    """Return whether a value differs, or settings are of another kind."""
    if isinstance(new, Settings):
        return type(old) is not type(new)
    return old != new


def _setting_text(owner: Settings, name: str) -> str:
    value: Any = getattr(owner, name)
    if isinstance(value, Plugin):
        return value.title or value.kind
    knob = knobs(type(owner)).get(name)
    label = knob.label if knob else name
    if isinstance(value, bool):
        return f"{label} {'on' if value else 'off'}"
    if isinstance(value, int | float):
        number = f"{value:.3g}" if isinstance(value, float) else str(value)
        return f"{label} = {number.replace('-', MINUS)}"
    return f"{label} = {value}"


def _short(text: str) -> str:
    return text if len(text) <= MAX_TEXT_LENGTH else text[: MAX_TEXT_LENGTH - 1] + "…"
