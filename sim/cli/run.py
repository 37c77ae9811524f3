"""``run``: play a scenario to its end and record it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.change_flags import add_change_flag
from sim.cli.progress import ProgressTable
from sim.cli.scenario_flags import add_scenario_flags, run_and_window_of

if TYPE_CHECKING:
    import argparse

    from sim.recording.merge_events import ClusterChange
    from sim.scenario import Scenario

EVENTS_PRINTED = 5  # the last merge events of a run


def add_run(parser: argparse.ArgumentParser) -> None:
    """Describe `run`."""
    add_scenario_flags(parser)
    add_change_flag(parser)
    parser.add_argument(
        "-o", "--out", metavar="DIR", help="folder for CSVs and scenario"
    )
    parser.add_argument(
        "--every", type=int, metavar="K", help="record every K steps (about 200 frames)"
    )
    parser.add_argument(
        "--no-trajectory", action="store_true", help="write the observables only"
    )
    parser.add_argument(
        "--layers", action="store_true", help="write the tokens of every step as arrays"
    )
    parser.add_argument(
        "--theory", action="store_true", help="add the predictions of theory"
    )
    parser.add_argument(
        "--progress", action="store_true", help="print lines `progress FRACTION`"
    )


def run(args: argparse.Namespace) -> int:
    """Run a scenario to its end; print a table and, with -o, write its files."""
    from sim.recording.run_folder import record_run

    table = ProgressTable(machine=args.progress)
    events: list[ClusterChange] = []
    described, window = run_and_window_of(args)
    record_run(
        described,
        args.out,
        every=args.every,
        backend=args.backend,
        progress=table.show,
        trajectory=not args.no_trajectory,
        theory=args.theory,
        layers=args.layers,
        event=None if args.progress else events.append,
        last_events=EVENTS_PRINTED,
        window=window,
    )
    for change in events:
        print(change)
    if args.theory and not args.progress:
        print_inapplicable(described.start)
    if args.out and not args.progress:
        print(f"wrote {args.out}")
    return 0


def print_inapplicable(scenario: Scenario) -> None:
    """Print which theories do not apply, and why."""
    from sim.simulation import Simulation
    from sim.theory import inapplicable

    run = Simulation(scenario, "numpy")
    for kind, why in inapplicable(run.scenario, run.x).items():
        print(f"theory:{kind} does not apply: {why}.")
