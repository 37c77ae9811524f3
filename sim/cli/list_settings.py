"""``list``: every setting with its value, its range or choices, and its meaning."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sim.cli.scenario_flags import add_scenario_flags, scenario_of

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from sim.cli.parser import Parser
    from sim.settings.knobs import Knob, Settings

MAX_VALUE = 24  # characters of a value in the table
PRESETS = "presets"
"""The word that lists the presets instead of settings."""


def add_list(parser: Parser) -> None:
    """Describe `list`."""
    add_scenario_flags(parser)
    parser.add_argument(
        "setting",
        nargs="?",
        metavar="PATH",
        help="one setting, or a group of them, such as dynamics.beta; or `presets`",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(change=[], compare=[])
    parser.show_examples(
        "orrery list",
        "orrery list presets",
        "orrery list dynamics.beta",
        "orrery list words dynamics.heads",
    )


def print_list(args: argparse.Namespace) -> int:
    """Print every setting with its value, its range or choices, and its meaning."""
    sort_words(args)
    if args.setting == PRESETS:
        return print_presets(args)
    print_settings(args, [("", scenario_of(args))])
    return 0


def sort_words(args: argparse.Namespace) -> None:
    """Take the only word for a path of a setting, if it is no file and no preset."""
    from sim.loading import with_home
    from sim.resources import preset

    word = args.file
    if word is None or word == "-" or args.setting is not None:
        return
    if not with_home(word).exists() and preset(word) is None:
        args.file, args.setting = None, word


def print_presets(args: argparse.Namespace) -> int:
    """Print the name and the title of every preset."""
    from sim.resources import presets

    titles = {
        name: str(json.loads(path.read_text(encoding="utf-8")).get("title", ""))
        for name, path in presets().items()
    }
    if args.json:
        print(json.dumps(titles, indent=2, ensure_ascii=False))
    else:
        print("\n".join(f"{name:<24} {title}" for name, title in titles.items()))
    return 0


def print_settings(
    args: argparse.Namespace, records: list[tuple[str, Settings]]
) -> None:
    """Print the settings of records, each with the prefix of its paths.

    Raises
    ------
    ValueError
        If PATH is given, and there is no such setting.
    """
    rows = [row for prefix, record in records for row in described(record, prefix)]
    if (wanted := args.setting) is not None:
        wanted = wanted.rstrip(".")
        rows = [r for r in rows if f"{r['path']}.".startswith(f"{wanted}.")]
        if not rows:
            raise ValueError(_unknown(wanted, records))
    if args.json:
        print(json.dumps(rows, indent=2, ensure_ascii=False, default=str))
    elif wanted is not None and len(rows) == 1:
        print("\n".join(_details(rows[0], records)))
    else:
        print("\n".join(_line(row) for row in rows))


def listing(record: Settings, prefix: str = "") -> list[str]:
    """Return a line per active setting: its path, value, range and meaning."""
    return [_line(row) for row in described(record, prefix)]


def described(record: Settings, prefix: str = "") -> Iterator[dict[str, Any]]:
    """Yield what is known of every active setting, as plain data."""
    from sim.settings.knobs import choices, knob_of, knobs, used
    from sim.settings.serialise import family

    for path, owner, name in used(record):
        value, knob = getattr(owner, name), knob_of(type(owner), name)
        if (kinds := family(owner, name)) is not None:
            value, menu = value.kind, tuple(kinds.kinds())
        elif name not in knobs(type(owner)):
            continue
        else:
            menu = choices(type(owner), name)
        row: dict[str, Any] = {"path": prefix + path, "value": value}
        if menu:
            row["choices"] = list(menu)
        elif knob.hi < float("inf"):
            row |= {"lo": knob.lo, "hi": knob.hi}
        yield {**row, "symbol": knob.label, "live": _live(knob), "help": knob.help}


def _live(knob: Knob) -> bool:
    return knob.live


def _line(row: dict[str, Any]) -> str:
    note = f"{_bounds(row)}  {row['help']}".strip()
    return f"{row['path']:<30} {_short(row['value']):<12} {note}"


def _bounds(row: dict[str, Any]) -> str:
    if "choices" in row:
        return " | ".join(row["choices"])
    return f"{row['lo']:g} … {row['hi']:g}" if "lo" in row else ""


def _details(row: dict[str, Any], records: list[tuple[str, Settings]]) -> Iterator[str]:
    """Yield the lines on one setting."""
    from sim.settings.search import definitions, kinds_with

    path = row["path"]
    prefix, record = max((r for r in records if path.startswith(r[0])), key=_length)
    found = list(definitions(type(record), path.removeprefix(prefix)))
    defaults = dict.fromkeys(str(d) for f in found for d in f.default())
    yield f"{path}  ({row['symbol']})"
    yield f"  {row['help']}"
    yield f"  value    {row['value']}"
    if defaults:
        yield f"  default  {', '.join(defaults)}"
    if bounds := _bounds(row):
        yield f"  {'one of' if 'choices' in row else 'range '}   {bounds}"
    for part, kinds in kinds_with(found).items():
        yield f"  used     where {prefix}{part} is {', '.join(kinds)}"
    yield f"  a change {'acts during a run' if row['live'] else 'restarts the run'}"


def _length(item: tuple[str, Settings]) -> int:
    return len(item[0])


def _unknown(path: str, records: list[tuple[str, Settings]]) -> str:
    """Return what to say of a path that is no setting in force."""
    from sim.resources import presets
    from sim.settings.knobs import get
    from sim.settings.near_misses import did_you_mean
    from sim.settings.search import meant_path, suggestion

    for prefix, record in records:
        if prefix and not path.startswith(prefix):
            continue
        try:
            get(record, path.removeprefix(prefix))
        except KeyError:
            continue
        return f"{path}: it changes nothing while the other settings are as they are."
    for prefix, record in records:
        if meant := meant_path(record, path, exact=True):
            return f"{path}: no such setting. Did you mean {prefix + meant!r}?"
    hints = [suggestion(r, path.removeprefix(p), p) for p, r in records]
    hint = did_you_mean(path, presets()) or next(filter(None, hints), "")
    return f"{path}: no such setting, file or preset.{hint}"


def _short(value: object) -> str:
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return text if len(text) <= MAX_VALUE else text[: MAX_VALUE - 1] + "…"
