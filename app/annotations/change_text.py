"""Words for settings that change during a run: names, and values before and after.

No Qt.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.annotations.number_format import general
from sim.schedule import differences
from sim.settings.knobs import Settings, get, knob_of
from sim.settings.plugins import Plugin

if TYPE_CHECKING:
    from sim.scenario import Scenario

DIGITS = 4  # significant figures of a value
MAX_NAMED = 2  # settings that a short text names


@dataclass(frozen=True, slots=True)
class SettingChange:
    """One setting that takes another value; texts as on screen.

    Attributes
    ----------
    path : str
        As in `sim.edit`.
    name, old, new : str
        Its name, and its values; empty for a value that is no number and has no name.
    """

    path: str
    name: str
    old: str
    new: str

    @property
    def text(self) -> str:
        """What changed in short, such as ``β 9 → 1``."""
        if self.old and self.new:
            return f"{self.name} {self.old} → {self.new}"
        return f"{self.name} → {self.new}" if self.new else f"{self.name} changed"


def setting_changes(old: Scenario, new: Scenario) -> list[SettingChange]:
    """Return what differs between two scenarios of one run."""
    return [
        SettingChange(
            path,
            setting_name(new, path),
            setting_value(old, path),
            setting_value(new, path),
        )
        for path in differences(old, new)
    ]


def change_text(old: Scenario, new: Scenario) -> str:
    """Return what differs in one short line, such as ``β 9 → 1, η 0 → 0.1``."""
    texts = [change.text for change in setting_changes(old, new)]
    more = len(texts) - MAX_NAMED
    return ", ".join(texts[:MAX_NAMED]) + (f" and {more} more" if more > 0 else "")


def setting_name(scenario: Scenario, path: str) -> str:
    """Return the name on screen of the setting at `path`."""
    above, _, name = path.rpartition(".")
    owner = get(scenario, above) if above else scenario
    return knob_of(type(owner), name).caption


def setting_value(scenario: Scenario, path: str) -> str:
    """Return a setting's value in short; empty if there is none, or it has no name."""
    try:
        value: Any = get(scenario, path)
    except (KeyError, AttributeError):
        return ""
    above, _, name = path.rpartition(".")
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, int | float):
        owner = get(scenario, above) if above else scenario
        return general(float(value), DIGITS) + knob_of(type(owner), name).unit
    if isinstance(value, Plugin):
        return value.short_title or value.title or value.kind
    if isinstance(value, Settings) or not isinstance(value, str):
        return ""
    return value
