"""How much of a document an edit changes, and undoing it takes back."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from sim.scenario import restarts

if TYPE_CHECKING:
    from app.document.document import Document


class Scope(Enum):
    """What an entry of the undo stack takes back."""

    LOOK = "look"
    """How the run is looked at."""

    SETTINGS = "settings"
    """Settings, from the present moment on: what was seen before stays true."""

    RUN = "run"
    """The whole run, with its time: another one took its place."""


def scope_of_edit(old: Document, new: Document, t: float) -> Scope:
    """Return what an edit at the time `t` changes."""
    if new.scenario == old.scenario:
        return Scope.LOOK
    restarted = restarts(old.scenario, new.scenario)
    return Scope.RUN if restarted or has_changes_after(old, t) else Scope.SETTINGS


def scope_across(scope: Scope, document: Document, t: float) -> Scope:
    """Return what taking back an entry changes: the run, if its change is to come."""
    later = scope is Scope.SETTINGS and has_changes_after(document, t)
    return Scope.RUN if later else scope


def has_changes_after(document: Document, t: float) -> bool:
    """Whether the run has changes after the time `t`; an edit would replace them."""
    return any(change.t > t for change in document.changes[-1:])
