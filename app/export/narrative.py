"""What changes during a film, and the values that it shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.annotations.change_text import (
    SettingChange,
    setting_changes,
    setting_name,
    setting_value,
)

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from sim.schedule import Run

BETA = "dynamics.beta"
MERGED_SHARE = 0.03  # of the film: changes closer than this have one mark
MAX_NAMED = 2  # settings that a mark names


@dataclass(frozen=True, slots=True)
class Mark:
    """A change, or several at nearly the same time.

    Attributes
    ----------
    t, end : float
        The times of the first and of the last.
    changes : tuple of SettingChange
        From before the first to after the last.
    """

    t: float
    end: float
    changes: tuple[SettingChange, ...]

    @property
    def text(self) -> str:
        """What changed, in one short line; empty if all was changed back."""
        texts = [change.text for change in self.changes]
        more = len(texts) - MAX_NAMED
        return ", ".join(texts[:MAX_NAMED]) + (f" and {more} more" if more > 0 else "")


@dataclass(frozen=True, slots=True)
class Value:
    """A setting's value at one time of a film; `before` such as ``9 until t = 20``."""

    name: str
    value: str
    before: str = ""


class Narrative:
    """The changes of `run` between two of its times."""

    def __init__(self, run: Run, start: float, end: float) -> None:
        self._paths = [BETA]
        self.marks: list[Mark] = []
        before, near = run.at(start), MERGED_SHARE * max(end - start, 0.0)
        group: list[float] = []
        later = [(t, scenario) for t, scenario in run.stages if start < t <= end]
        for k, (t, after) in enumerate(later):
            group.append(t)
            if k + 1 < len(later) and later[k + 1][0] - group[0] < near:
                continue
            self._add(group[0], t, before, after)
            before, group = after, []

    def _add(self, t: float, end: float, old: Scenario, new: Scenario) -> None:
        changes = tuple(setting_changes(old, new))
        if not changes:
            return
        self.marks.append(Mark(t, end, changes))
        for change in changes:
            if change.path not in self._paths:
                self._paths.append(change.path)

    def values(self, scenario: Scenario, t: float) -> list[Value]:
        """Return β, and the values in force at `t` of all that changes in the film."""
        out: list[Value] = []
        for path in self._paths:
            if value := setting_value(scenario, path):
                name = setting_name(scenario, path)
                out.append(Value(name, value, self._before(path, t)))
        return out

    def _before(self, path: str, t: float) -> str:
        for mark in reversed(self.marks):
            old = [c.old for c in mark.changes if c.path == path]
            if mark.t <= t and old:
                return f"{old[0]} until t = {mark.t:.4g}" if old[0] else ""
        return ""

    def latest(self, t: float) -> Mark | None:
        """Return the last mark at or before `t`."""
        return next((mark for mark in reversed(self.marks) if mark.t <= t), None)
