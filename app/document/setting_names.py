"""The name of a setting on screen, and the group of the panel it belongs to."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from app.document.sentences import sentence
from sim.settings.knobs import get, knob_of
from sim.settings.values import SettingError

if TYPE_CHECKING:
    from app.document.document import Document
    from sim.settings.knobs import Settings

GROUPS = {
    "tokens": "Tokens",
    "attention": "Attention",
    "block": "Transformer block",
    "norm": "Layer norm",
    "dynamics": "Dynamics",
    "integrator": "Integrator",
    "look": "Look",
    "words": "Caption",
}
"""Icon and title of every group of the settings panel, from top to bottom."""

BLOCK_SETTINGS = (
    "dynamics.heads.positions",
    "dynamics.heads.mlp",
    "dynamics.heads.depth",
)
"""Settings of the transformer block besides attention and normalisation."""


def group_of(path: str) -> str:
    """Return the icon of the group that the setting at `path` belongs to."""
    head, _, rest = path.partition(".")
    if path.startswith(BLOCK_SETTINGS):
        return "block"
    if head == "dynamics" and rest.partition(".")[0] in ("beta", "heads"):
        return "attention"
    return {
        "tokens": "tokens",
        "dimension": "tokens",
        "seed": "tokens",
        "initial": "tokens",
        "encoding": "block",
        "space": "norm",
        "dynamics": "dynamics",
        "integrator": "integrator",
        "step": "integrator",
        "clock": "integrator",
        "duration": "integrator",
        "precision": "integrator",
        "look": "look",
    }.get(head, "words")


def name_of(document: Document, path: str) -> str:
    """Return the name on screen of the setting at `path`, declared beside its field."""
    owner, name = owner_of(document, path)
    return knob_of(type(owner), name).caption


def refusal(document: Document, error: Exception) -> str:
    """Return why an edit of `document` was refused, with names as on screen."""
    if isinstance(error, SettingError):
        with contextlib.suppress(KeyError):
            return f"{name_of(document, error.place.path)} {error.what}"
    return sentence(str(error.args[0]))


def owner_of(document: Document, path: str) -> tuple[Settings, str]:
    """Return the record that holds the setting at `path`, and its field's name."""
    record: Settings = document.scenario
    if path.startswith("look."):
        record, path = document.look, path.removeprefix("look.")
    above, _, name = path.rpartition(".")
    return (get(record, above) if above else record), name
