"""Settings of runs that have no effect, in files and changes, and what is said."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

from sim.settings.effect import UnusedSettingWarning, unused_message, without_effect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sim.schedule import Run
    from sim.schedule.change import Change


def say_unused(run: Run, name: str, report: Callable[[str], None] | None) -> None:
    """Report what the file `name` sets without effect; as warnings by default.

    That is what differs from its default at the start, and what changes set later.
    """
    at_start = unused_message(run.start)
    for message in filter(None, [at_start, *unused_changes(run, run.changes)]):
        said = f"{name}: {message}"
        if report is not None:
            report(said)
        else:
            warnings.warn(said, UnusedSettingWarning, stacklevel=2)


def unused_changes(run: Run, changes: Iterable[Change]) -> list[str]:
    """Return a sentence for each setting that the first change of it does not use."""
    out: list[str] = []
    seen: set[str] = set()
    for change in changes:
        paths = [path for path in change.settings if path not in seen]
        seen.update(paths)
        if paths:
            found = without_effect(run.at(change.t), paths)
            out += [f"at t = {change.t:g} {sentence}." for sentence in found]
    return out
