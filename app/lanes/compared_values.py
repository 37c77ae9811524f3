"""Values of a setting to compare a run by: proposed, and as a person types them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.annotations import number_format
from sim.lanes import MAX_LANES
from sim.settings.knobs import choices, get, knob_of
from sim.settings.plugins import Plugin
from sim.settings.serialise import family
from sim.settings.value_lists import values

if TYPE_CHECKING:
    from app.document.document import Document
    from sim.settings.knobs import Settings

FEW = f"Give 2 to {MAX_LANES} values, with commas between them."
PRESENT = f"This is the present value. Give another one, or 2 to {MAX_LANES} values."


def lane_settings(document: Document, path: str, text: str) -> list[dict[str, Any]]:
    """Return the settings of each lane for values of the setting at `path`.

    One value alone is compared with the present run.

    Raises
    ------
    ValueError
        If there are no values, or `text` is no list of them.
    """
    lanes: list[dict[str, Any]] = [
        {path: value} for value in typed_values(document, path, text)
    ]
    return lanes if len(lanes) > 1 else [{}, *lanes]


def typed_values(document: Document, path: str, text: str) -> list[Any]:
    """Return values as they are typed: with commas between them, or as a range.

    After a ``;`` numbers may have decimal commas.  Kinds may be given by their names on
    screen.

    Raises
    ------
    ValueError
        If there are none, or `text` is no list of them.
    """
    text = text.strip(" ,;")
    if not text:
        raise ValueError(FEW)
    owner, name = _owner(document, path)
    parts = text.split(";") if ";" in text else values(text)
    names = _names(owner, name)
    return [_typed(part, names) for part in parts]


def _typed(value: Any, names: dict[str, str]) -> Any:
    """Return a value as settings take it."""
    if not isinstance(value, str):
        return value
    text = value.strip()
    if text.casefold() in names:
        return names[text.casefold()]
    return text if " " in text else number_format.typed_number(text)  # 1 9 is not 19


def _names(owner: Settings, name: str) -> dict[str, str]:
    """Return the kind or choice of every name, in small letters."""
    found = {option.casefold(): option for option in choices(type(owner), name)}
    members = family(owner, name)
    kinds = {} if members is None else members.kinds()
    for kind, member in kinds.items():
        for text in (member.title, member.short_title):
            found.setdefault(text.casefold(), kind)
    return found | {kind.casefold(): kind for kind in kinds}


def suggested(document: Document, path: str) -> str:
    """Return the present value of a setting, and another to compare it with."""
    owner, name = _owner(document, path)
    return ", ".join(_suggested(owner, name, getattr(owner, name)))


def _suggested(owner: Settings, name: str, value: Any) -> list[str]:
    if isinstance(value, Plugin):
        members = family(owner, name)
        kinds = [] if members is None else members.kinds()
        return [value.kind, *[k for k in kinds if k != value.kind][:1]]
    if isinstance(value, bool):
        return ["off", "on"]
    if options := choices(type(owner), name):
        return [str(value), *[o for o in options if o != value][:1]]
    if name == "beta":
        return ["1", "9"]
    other = min(2 * value or 1, knob_of(type(owner), name).hi)
    if isinstance(value, int):
        return [str(value), f"{other:.0f}"]
    return [f"{value:.{number_format.SETTING_DIGITS}g}", f"{other:g}"]


def _owner(document: Document, path: str) -> tuple[Settings, str]:
    above, _, name = path.rpartition(".")
    return (get(document.scenario, above) if above else document.scenario), name
