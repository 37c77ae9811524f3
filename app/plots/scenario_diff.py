"""What happened between two scenarios, for the marks on the time axis."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sim.settings.knobs import Settings, get, knobs, put, walk
from sim.settings.plugins import Plugin

if TYPE_CHECKING:
    from sim.dynamics import Dynamics
    from sim.scenario import Scenario

LONGEST = 28  # letters of a mark's text
WORDS: dict[str, Any] = {"title": "", "note": "", "reference": "", "duration": 1.0}
"""What changes nothing that is computed, made alike."""


@dataclass(frozen=True)
class Mark:
    """A moment at which a curve may jump for a reason that is no motion."""

    t: float
    text: str = ""


def matters(old: Scenario, new: Scenario) -> bool:
    """Whether a curve breaks between `old` and `new`; a new title does not matter."""
    if old is new:
        return False
    return replace(old, **WORDS) != replace(new, **WORDS)


def change(old: Scenario, new: Scenario) -> str:
    """Return the one setting that changed, such as ``β = 9``; nothing for several."""
    if type(old.dynamics) is not type(new.dynamics):
        return _short(new.dynamics.title or new.dynamics.kind)
    if limit := _reached(old.dynamics, new.dynamics):
        return limit
    old, new = replace(old, **WORDS), replace(new, **WORDS)
    before = {path: getattr(owner, name) for path, owner, name in walk(old)}
    turned = [
        _told(owner, name)
        for path, owner, name in walk(new)
        if _turned(before.get(path), getattr(owner, name))
    ]
    return _short(turned[0]) if len(turned) == 1 else ""


def _reached(old: Dynamics, new: Dynamics) -> str:
    """Return the name of the end that the law alone was turned to, if it was."""
    limits = new.limits
    if limits is None or put(old, limits.setting, get(new, limits.setting)) != new:
        return ""
    limit = limits.at(get(new, limits.setting))
    return limit.name if limit is not None and old != new else ""


def _turned(old: Any, new: Any) -> bool:
    """Whether a leaf has another value, or a branch another kind."""
    if isinstance(new, Settings):
        return type(old) is not type(new)
    return old != new


def _told(owner: Settings, name: str) -> str:
    value: Any = getattr(owner, name)
    if isinstance(value, Plugin):
        return value.title or value.kind
    knob = knobs(type(owner)).get(name)
    label = knob.label if knob else name
    if isinstance(value, bool):
        return f"{label} {'on' if value else 'off'}"
    return (
        f"{label} = {value:.3g}" if isinstance(value, float) else f"{label} = {value}"
    )


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
