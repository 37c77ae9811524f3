"""How much of a document an edit changes, and undoing it takes back."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from sim.restarts import restarts

if TYPE_CHECKING:
    from app.document.document import Document
    from app.document.lane import Lane


class Scope(Enum):
    """What an entry of the undo stack takes back."""

    LOOK = "look"
    """How the run is looked at."""

    SETTINGS = "settings"
    """Settings, from the present moment on: what was seen before stays true."""

    LANES = "lanes"
    """Which lanes there are: those that stay go on as they are."""

    RUN = "run"
    """The whole run, with its time: another one took its place."""


def scope_of_edit(old: Document, new: Document, t: float) -> Scope:
    """Return what an edit at the time `t` changes, of documents of the same lanes."""
    pairs = zip(old.lanes, new.lanes, strict=True)
    edited = [(a, b) for a, b in pairs if a.scenario != b.scenario]
    if not edited:
        return Scope.LOOK
    whole = any(
        restarts(a.scenario, b.scenario) or _has_changes_after(a, t) for a, b in edited
    )
    return Scope.RUN if whole else Scope.SETTINGS


def scope_across(scope: Scope, document: Document, t: float) -> Scope:
    """Return what taking back an entry changes: the run, if its change is to come."""
    later = any(_has_changes_after(lane, t) for lane in document.lanes)
    return Scope.RUN if scope is Scope.SETTINGS and later else scope


def _has_changes_after(lane: Lane, t: float) -> bool:
    """Whether a run has changes after the time `t`; an edit would replace them."""
    return lane.log is not None and any(c.t > t for c in lane.log.changes[-1:])
