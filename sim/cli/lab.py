"""``lab``: a small computation in numbers, as a table."""

from __future__ import annotations

import csv
import sys
from typing import TYPE_CHECKING, TextIO

from sim.cli.output import STANDARD, add_force_flag, file_to_write
from sim.cli.scenario_flags import changes

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from sim.cli.parser import Parser
    from sim.labs import Lab
    from sim.plate import Plate


def add_lab(parser: Parser) -> None:
    """Describe `lab`."""
    parser.add_argument("name", nargs="?", help="the lab; without it, lists all labs")
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="PATH=VALUE",
        help="change a setting of the lab, such as --set beta=9",
    )
    parser.add_argument(
        "-o", dest="out", metavar="FILE", help="write a table (.csv); - prints it"
    )
    add_force_flag(parser)
    parser.show_examples(
        "orrery lab", "orrery lab look-up", "orrery lab basis --set beta=9 -o out.csv"
    )


def lab(args: argparse.Namespace) -> int:
    """Print the labs, or the settings of one; or write what it shows."""
    from sim.cli.list_settings import listing
    from sim.labs import Lab
    from sim.settings.serialise import edited

    if args.name is None:
        if args.set or args.out:
            raise ValueError("--set and -o need the name of a lab. See orrery lab.")
        _print_all(Lab.kinds())
        return 0
    chosen = edited(Lab.member(args.name, "lab")(), changes(args.set))
    path = _checked_path(args)
    plate = chosen.compute()
    if args.out is None:
        print(f"{chosen.title}: {chosen.summary()}", *listing(chosen), sep="\n")
    elif path is None:
        _write(plate, sys.stdout)
    else:
        _save(plate, path)
    return 0


def _print_all(kinds: dict[str, type[Lab]]) -> None:
    for kind, member in kinds.items():
        print(f"{kind:<12} {member.title}: {member.summary()}")


def _checked_path(args: argparse.Namespace) -> Path | None:
    """Return the file to write, which may be written; None for standard output."""
    out = args.out
    if out in (None, STANDARD):
        return None
    if not out.lower().endswith(".csv"):
        raise ValueError(f"-o {out}: a lab is written as .csv. Give such a name.")
    return file_to_write(out, force=args.force)


def _save(plate: Plate, path: Path) -> None:
    from sim.io.atomic_write import atomic_write

    with (
        atomic_write(path) as unfinished,
        unfinished.open("w", encoding="utf-8", newline="") as stream,
    ):
        _write(plate, stream)


def _write(plate: Plate, stream: TextIO) -> None:
    from sim.plate import COLUMNS

    table = csv.writer(stream, lineterminator="\n")
    table.writerow(COLUMNS)
    table.writerows(plate.rows())
