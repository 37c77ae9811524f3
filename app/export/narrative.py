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
from app.document.marks import marks_of

if TYPE_CHECKING:
    from sim.glides import Stage
    from sim.scenario import Scenario
    from sim.schedule import Run
    from sim.tokens.edits import TokenEdits

BETA = "dynamics.beta"
MERGED_SHARE = 0.03  # of the film: changes closer than this have one mark
MAX_NAMED = 2  # settings that a mark names


@dataclass(frozen=True, slots=True)
class FilmMark:
    """A change, a drag of a slider, or several changes at nearly the same time.

    Attributes
    ----------
    t, end : float
        The times of the first and of the last.
    changes : tuple of SettingChange
        From before the first to after the last.
    edits : tuple of str
        What was done to tokens.
    """

    t: float
    end: float
    changes: tuple[SettingChange, ...]
    edits: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """What changed, in one short line; empty if all was changed back."""
        texts = [*self.edits, *(change.text for change in self.changes)]
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
        self.marks: list[FilmMark] = []
        stage, near = run.stage_at(start), MERGED_SHARE * max(end - start, 0.0)
        group: list[Stage] = []
        drags = [(mark.t, mark.end) for mark in marks_of(run)]
        later = [stage for stage in run.stages if start < stage.t <= end]
        for k, last in enumerate(later):
            group.append(last)
            following = later[k + 1].t if k + 1 < len(later) else end
            dragged = any(t <= last.t and following <= stop for t, stop in drags)
            if k + 1 < len(later) and (dragged or following - group[0].t < near):
                continue
            t, edits = group[0].t, [run.edits_at(one.t) for one in group]
            # what glides is named with the value that it reaches
            self._add(t, last.t, edits, stage.at(t), last.at(following))
            stage, group = last, []

    def _add(
        self,
        t: float,
        end: float,
        edits: list[TokenEdits],
        old: Scenario,
        new: Scenario,
    ) -> None:
        changes = tuple(setting_changes(old, new))
        texts = tuple(text for one in edits for text in _edit_texts(one))
        if not changes and not texts:
            return
        self.marks.append(FilmMark(t, end, changes, texts))
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

    def latest(self, t: float) -> FilmMark | None:
        """Return the last mark at or before `t`."""
        return next((mark for mark in reversed(self.marks) if mark.t <= t), None)


def _edit_texts(edits: TokenEdits) -> list[str]:
    """Return what edits do to tokens, such as ``2 tokens moved``."""
    done = (("moved", edits.move), ("added", edits.add), ("removed", edits.remove))
    return [
        f"{len(tokens)} token{'s' if len(tokens) > 1 else ''} {verb}"
        for verb, tokens in done
        if tokens
    ]
