"""The star setting of a lab: which arrow keys change in a presentation.  No Qt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.annotations.number_format import setting_text
from sim.settings.knobs import choices, knob_of, knobs

if TYPE_CHECKING:
    from sim.labs import Lab


def star_of(lab: Lab) -> str:
    """Return the name of the star setting: that of the lab, or its first single one.

    Empty if it has tables and texts alone.
    """
    single = (k for k in knobs(type(lab)) if not isinstance(getattr(lab, k), tuple))
    steps = (k for k in single if _steps(lab, k))
    return lab.star or next(steps, "")


def _steps(lab: Lab, name: str) -> bool:
    menu = bool(choices(type(lab), name))
    return menu or isinstance(getattr(lab, name), int | float)


def star_text(lab: Lab) -> str:
    """Return the star setting and its value, such as ``β = 1``."""
    name = star_of(lab)
    if not name:
        return ""
    knob, value = knob_of(type(lab), name), getattr(lab, name)
    if isinstance(value, bool):
        return f"{knob.caption}: {'on' if value else 'off'}"
    if isinstance(value, int | float):
        value = setting_text(value, knob.unit)
    return f"{knob.label} = {value}"
