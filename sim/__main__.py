"""``python -m sim``: run a scenario without Qt and without a window."""

from __future__ import annotations

import sys

from sim.change_flags import with_points
from sim.cli.check import add_check, check
from sim.cli.guard import guarded
from sim.cli.lab import add_lab, lab
from sim.cli.list_settings import add_list, print_list
from sim.cli.parser import Parser
from sim.cli.run import add_run, run
from sim.sweeps.command import add_sweep, sweep


def main(argv: list[str] | None = None) -> int:
    """Parse the command line and do what it says."""
    parser = Parser(prog="python -m sim", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    add_run(commands.add_parser("run", help="run a scenario and record it"))
    add_check(commands.add_parser("check", help="check a state numerically"))
    add_sweep(
        commands.add_parser("sweep", help="run a scenario over ranges of settings")
    )
    add_list(commands.add_parser("list", help="print every setting"))
    add_lab(commands.add_parser("lab", help="compute a lab, or list all"))
    args = parser.parse_args(with_points(sys.argv[1:] if argv is None else argv))
    commands = {
        "run": run,
        "check": check,
        "sweep": sweep,
        "list": print_list,
        "lab": lab,
    }
    command = commands[args.command]
    return guarded("python -m sim", lambda: command(args))


if __name__ == "__main__":
    sys.exit(main())
