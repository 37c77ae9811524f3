"""``run``: play a scenario to its end and record it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.change_flags import add_change_flag
from sim.cli.compare_flag import add_compare_flag, lanes_of
from sim.cli.progress import LaneTables, ProgressTable
from sim.cli.scenario_flags import add_scenario_flags, report, report_files

if TYPE_CHECKING:
    import argparse
    from argparse import Namespace
    from collections.abc import Mapping

    from sim.lanes import Comparison
    from sim.recording.merge_events import ClusterChange
    from sim.scenario import Scenario
    from sim.schedule import Run

EVENTS_PRINTED = 5  # the last merge events of a run


def add_run(parser: argparse.ArgumentParser) -> None:
    """Describe `run`."""
    add_scenario_flags(parser)
    add_change_flag(parser)
    add_compare_flag(parser)
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
    lanes, window = lanes_of(args)
    if not args.progress:
        report_files(lanes.first.start)
    if lanes.others:
        _run_lanes(lanes, window, args)
    else:
        _run_one(lanes.first, window, args)
    if args.out and not args.progress:
        print(f"wrote {args.out}")
    return 0


def _run_one(described: Run, window: Mapping[str, Any], args: Namespace) -> None:
    from sim.recording.run_folder import record_run

    table = ProgressTable(machine=args.progress)
    events: list[ClusterChange] = []
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


def _run_lanes(lanes: Comparison, window: Mapping[str, Any], args: Namespace) -> None:
    from sim.recording.lane_folder import record_lanes
    from sim.recording.recorded_run import RecordOptions

    table = LaneTables(lanes.titles, machine=args.progress)
    options = RecordOptions(
        args.every, args.backend, not args.no_trajectory, args.theory, args.layers
    )
    for why in filter(None, lanes.own_starts):
        report(why)
    record_lanes(
        lanes,
        args.out,
        options,
        progress=table.show,
        event=None if args.progress else table.note,
        last_events=EVENTS_PRINTED,
        window=window,
    )
    if args.theory and not args.progress:
        for k, described in enumerate(lanes.runs):
            print(f"lane {k + 1}: {lanes.titles[k]}")
            print_inapplicable(described.start)


def print_inapplicable(scenario: Scenario) -> None:
    """Print which theories do not apply, and why."""
    from sim.simulation import Simulation
    from sim.theory import inapplicable

    run = Simulation(scenario, "numpy")
    for kind, why in inapplicable(run.scenario, run.x).items():
        print(f"theory:{kind} does not apply: {why}.")
