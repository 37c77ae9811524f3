"""What a symbol of the formula stands for: the value in force, in words."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from app.annotations.number_format import general, minus, setting_text
from app.document.setting_names import owner_of
from sim.settings.knobs import knob_of
from sim.settings.plugins import Plugin
from sim.weight_sizes import matrix_size

if TYPE_CHECKING:
    from app.document.document import Document
    from sim.settings.knobs import Knob

NORM_DIGITS = 3  # significant figures


def value_in_force(document: Document, path: str, d: int) -> str:
    """Return what the setting at `path` is set to, such as ``β = 9``.

    Of matrices their kind, number, shape and norm, for tokens in R^d.
    """
    knob, value = _knob(document, path), document.get(path)
    if isinstance(value, Plugin):
        title = value.title or value.kind
        size = _size(document, path, d)
        return f"{knob.label}: {title}{size}"
    if isinstance(value, bool):
        return f"{knob.caption}: {'on' if value else 'off'}"
    if isinstance(value, int | float):
        return f"{knob.label} = {setting_text(value, knob.unit)}"
    text = f"{len(value)} rows" if isinstance(value, tuple) else str(value)
    return f"{knob.caption}: {text}"


def meaning(document: Document, path: str) -> str:
    """Return what the setting at `path` means, in a sentence or two."""
    return " ".join(_knob(document, path).help.split())


def _knob(document: Document, path: str) -> Knob:
    owner, name = owner_of(document, path)
    return knob_of(type(owner), name)


def _size(document: Document, path: str, d: int) -> str:
    size = matrix_size(document.scenario, path, d)
    if size is None:
        return ""
    shape = f"{size.rows} × {size.columns}"
    several = size.count > 1
    text = f", {size.count} of {shape}" if several else f", {shape}"
    if math.isfinite(size.norm):
        norm = minus(general(size.norm, NORM_DIGITS))
        text += f", {'largest ' if several else ''}norm {norm}"
    return text
