"""``check``: a state in numbers, each with its bound."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.change_flags import add_change_flag
from sim.cli.scenario_flags import add_scenario_flags, run_of

if TYPE_CHECKING:
    import argparse


def add_check(parser: argparse.ArgumentParser) -> None:
    """Describe `check`."""
    add_scenario_flags(parser)
    add_change_flag(parser)
    parser.add_argument(
        "--at",
        type=float,
        default=0.0,
        metavar="T",
        help="time of the state; default: 0",
    )


def check(args: argparse.Namespace) -> int:
    """Print the checks of a state; return 1 if one fails."""
    from sim.checks.state import check_state
    from sim.simulation import Simulation

    run = Simulation(run_of(args), args.backend)
    run.reach(args.at)
    found = check_state(run)
    for c in found:
        mark = "ok " if c.holds else "BAD"
        print(f"{mark}  {c.name:<10} {c.value:9.2e}  at most {c.bound:8.2e}  {c.note}")
    return 0 if all(c.holds for c in found) else 1
