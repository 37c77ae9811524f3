"""``list``: every setting with its value, its range or choices, and its meaning."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.cli.scenario_flags import add_scenario_flags, scenario_of

if TYPE_CHECKING:
    import argparse


def add_list(parser: argparse.ArgumentParser) -> None:
    """Describe `list`."""
    add_scenario_flags(parser)


def print_list(args: argparse.Namespace) -> int:
    """Print every setting with its value, its range or choices, and its meaning."""
    print("\n".join(listing(scenario_of(args))))
    return 0


def listing(record: Any, prefix: str = "") -> list[str]:
    """Return a line per active setting: its path, value, range and meaning."""
    from sim.settings.knobs import choices, knob_of, knobs, used
    from sim.settings.serialise import family

    lines: list[str] = []
    for path, owner, name in used(record):
        value = getattr(owner, name)
        knob = knob_of(type(owner), name)
        if (kinds := family(owner, name)) is not None:
            value, note = value.kind, f"{' | '.join(kinds.kinds())}  {knob.help}"
        elif name not in knobs(type(owner)):
            continue
        else:
            menu = choices(type(owner), name)
            bounds = f"{knob.lo:g} … {knob.hi:g}" if knob.hi < float("inf") else ""
            note = f"{' | '.join(menu) or bounds}  {knob.help}".strip()
        lines.append(f"{prefix + path:<30} {_short(value):<12} {note}")
    return lines


def _short(value: object) -> str:
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return text if len(text) <= 24 else text[:23] + "…"  # noqa: PLR2004 - a column
