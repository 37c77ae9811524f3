"""``check``: a state in numbers, each with its bound."""

from __future__ import annotations

import json
import math
from dataclasses import asdict
from typing import TYPE_CHECKING

from sim.change_flags import add_change_flag
from sim.cli.compare_flag import add_compare_flag, lanes_of
from sim.cli.progress import ProgressReport
from sim.cli.scenario_flags import add_scenario_flags, report_files

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from sim.cli.parser import Parser
    from sim.measure.check import Check
    from sim.schedule import Run


def add_check(parser: Parser) -> None:
    """Describe `check`."""
    add_scenario_flags(parser)
    add_change_flag(parser)
    add_compare_flag(parser)
    parser.add_argument(
        "--at",
        type=float,
        default=0.0,
        metavar="T",
        help="time of the state; default: 0",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.show_examples(
        "orrery check",
        "orrery check graph-double-bracket --at 5",
        "orrery check opening --change 2 dynamics.beta=60 --at 4 --json",
    )


def check(args: argparse.Namespace) -> int:
    """Print the checks of a state, of every lane; return 1 if one fails."""
    if not 0 <= args.at < math.inf:
        raise ValueError(f"--at must be 0 or later, got {args.at:g}.")
    lanes, _ = lanes_of(args)
    if not args.json:
        report_files(lanes.first.start)
    checked = [_checked(run, args) for run in lanes.runs]
    if args.json:
        _print_json(checked)
    else:
        for k, found in enumerate(checked):
            if lanes.others:
                print(f"lane {k + 1}: {lanes.titles[k]}")
            _print(found)
    return 0 if all(c.holds for found in checked for c in found) else 1


def _checked(run: Run, args: argparse.Namespace) -> list[Check]:
    from sim.checks.state import check_state
    from sim.simulation import Simulation

    simulation = Simulation(run, args.backend)
    steps = math.ceil(args.at / simulation.scenario.step)
    with ProgressReport(parts=steps) as progress:
        progress.show(0.0)
        simulation.reach(args.at, progress.show)
        return list(check_state(simulation))


def _print(found: Sequence[Check]) -> None:
    for c in found:
        mark = "ok " if c.holds else "BAD"
        print(f"{mark}  {c.name:<10} {c.value:9.2e}  at most {c.bound:8.2e}  {c.note}")


def _print_json(checked: Sequence[Sequence[Check]]) -> None:
    """Print the checks as a list, each with its lane where there are several."""
    several = len(checked) > 1
    rows = [
        {**({"lane": k + 1} if several else {}), **asdict(c), "holds": c.holds}
        for k, found in enumerate(checked)
        for c in found
    ]
    print(json.dumps(rows, indent=2, ensure_ascii=False))
