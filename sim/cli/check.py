"""``check``: a state in numbers, each with its bound."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.change_flags import add_change_flag
from sim.cli.compare_flag import add_compare_flag, lanes_of
from sim.cli.scenario_flags import add_scenario_flags, report_files

if TYPE_CHECKING:
    import argparse

    from sim.schedule import Run


def add_check(parser: argparse.ArgumentParser) -> None:
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


def check(args: argparse.Namespace) -> int:
    """Print the checks of a state, of every lane; return 1 if one fails."""
    lanes, _ = lanes_of(args)
    report_files(lanes.first.start)
    held = True
    for k, run in enumerate(lanes.runs):
        if lanes.others:
            print(f"lane {k + 1}: {lanes.titles[k]}")
        held &= _check(run, args)
    return 0 if held else 1


def _check(run: Run, args: argparse.Namespace) -> bool:
    """Print the checks of one run; return whether all hold."""
    from sim.checks.state import check_state
    from sim.simulation import Simulation

    simulation = Simulation(run, args.backend)
    simulation.reach(args.at)
    found = check_state(simulation)
    for c in found:
        mark = "ok " if c.holds else "BAD"
        print(f"{mark}  {c.name:<10} {c.value:9.2e}  at most {c.bound:8.2e}  {c.note}")
    return all(c.holds for c in found)
