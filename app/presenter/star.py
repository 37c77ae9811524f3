"""The star setting: the one that a presentation shows large, and its steps.  No Qt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.document.setting_names import owner_of
from app.document.setting_steps import next_value
from sim.settings.knobs import choices

if TYPE_CHECKING:
    from app.document.document import Document

USUAL = (
    "dynamics.beta",
    "dynamics.gamma",
    "dynamics.coupling",
    "tokens",
)
"""What is shown large without a choice: the first of these that a run has."""


def has(document: Document, path: str) -> bool:
    """Return whether a document has a setting at `path` that steps can change."""
    try:
        value = document.get(path)
    except (KeyError, AttributeError):
        return False
    owner, name = owner_of(document, path)
    menu = bool(choices(type(owner), name))
    return menu or isinstance(value, int | float)


def star_of(document: Document) -> str:
    """Return the path of the star setting; empty if there is none."""
    wanted = (document.look.star, *USUAL)
    return next((path for path in wanted if path and has(document, path)), "")


def stepped(document: Document, path: str, direction: int) -> Any:
    """Return the value one sensible step above (1) or below (−1) that in force."""
    owner, name = owner_of(document, path)
    return next_value(owner, name, direction)
