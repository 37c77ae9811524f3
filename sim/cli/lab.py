"""``lab``: a small computation in numbers, as a table."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from sim.cli.output import STANDARD, add_force_flag, file_to_write
from sim.cli.scenario_flags import changes

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from sim.cli.parser import Parser
    from sim.labs import Lab


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
    from sim.labs import Lab, in_order
    from sim.plate import save_table, write_table
    from sim.settings.serialise import edited

    if args.name is None:
        if args.set or args.out:
            raise ValueError("--set and -o need the name of a lab. See orrery lab.")
        _print_all(in_order())
        return 0
    chosen = edited(Lab.member(args.name, "lab")(), changes(args.set))
    path = _checked_path(args)
    plate = chosen.compute()
    if args.out is None:
        print(f"{chosen.title}: {chosen.summary()}", *listing(chosen), sep="\n")
    elif path is None:
        write_table(plate, sys.stdout)
    else:
        save_table(plate, path)
    return 0


def _print_all(labs: list[type[Lab]]) -> None:
    for member in labs:
        print(f"{member.kind:<12} {member.title}: {member.summary()}")


def _checked_path(args: argparse.Namespace) -> Path | None:
    """Return the file to write, which may be written; None for standard output."""
    out = args.out
    if out in (None, STANDARD):
        return None
    if not out.lower().endswith(".csv"):
        raise ValueError(f"-o {out}: a lab is written as .csv. Give such a name.")
    return file_to_write(out, force=args.force)
