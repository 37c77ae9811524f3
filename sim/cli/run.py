"""``run``: play a scenario to its end and record it."""

from __future__ import annotations

import contextlib
import json
import math
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.change_flags import add_change_flag
from sim.cli.compare_flag import add_compare_flag, lanes_of
from sim.cli.output import STANDARD, add_force_flag, folder_to_write
from sim.cli.progress import LaneTables, ProgressReport, ProgressTable
from sim.cli.scenario_flags import add_scenario_flags, report, report_files
from sim.cli.sentence_flags import sentence_files, write_sentences
from sim.scenario_format import RUN_FILE

if TYPE_CHECKING:
    import argparse
    from argparse import Namespace
    from collections.abc import Generator, Mapping, Sequence

    from sim.cli.parser import Parser
    from sim.lanes import Comparison
    from sim.recording.merge_events import ClusterChange
    from sim.recording.recorded_run import RecordOptions
    from sim.scenario import Scenario
    from sim.schedule import Run

EVENTS_PRINTED = 5  # the last merge events of a run


def add_run(parser: Parser) -> None:
    """Describe `run`."""
    add_scenario_flags(parser)
    add_change_flag(parser)
    add_compare_flag(parser)
    parser.add_argument(
        "-o",
        "--out",
        metavar="DIR",
        help="folder for CSVs and scenario; - prints the observables as a CSV",
    )
    add_force_flag(parser)
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
        "--json", action="store_true", help="print the last observables as JSON"
    )
    parser.add_argument(
        "--progress", action="store_true", help="print lines `progress FRACTION`"
    )
    parser.show_examples(
        "orrery run metastable -o out",
        "orrery run words --set dynamics.beta=20 --seed 3",
        "orrery run opening --change 5 dynamics.beta=60 -o out --force",
    )


def run(args: argparse.Namespace) -> int:
    """Run a scenario to its end; print a table and, with -o, write its files."""
    _check_flags(args)
    lanes, window = lanes_of(args)
    if not _quiet(args):
        report_files(lanes.first.start)
    folder = None
    if args.out not in (None, STANDARD):
        names = [*_files(args), *sentence_files(lanes)]
        folder = folder_to_write(args.out, names, force=args.force)
    with _printed_table(args.out == STANDARD) as printed:
        if lanes.others:
            _run_lanes(lanes, window, printed or folder, args)
        else:
            _run_one(lanes.first, window, printed or folder, args)
    if folder is not None:
        write_sentences(folder, lanes)
    if folder is not None and not _quiet(args):
        print(f"wrote {args.out}")
    return 0


def _check_flags(args: Namespace) -> None:
    """Refuse two outputs in one place, and say which flags have no effect."""
    if args.json and args.out == STANDARD:
        raise ValueError("--json and -o - both print. Leave one of the two out.")
    files = {"--no-trajectory": args.no_trajectory, "--layers": args.layers}
    for flag in (f for f, given in files.items() if given):
        if args.out in (None, STANDARD):
            report(f"{flag} has no effect without -o DIR.")


def _quiet(args: Namespace) -> bool:
    """Whether something else is printed than tables for people."""
    return args.json or args.progress or args.out == STANDARD


def _options(args: Namespace) -> RecordOptions:
    from sim.recording.recorded_run import RecordOptions

    trajectory = not (args.no_trajectory or args.out == STANDARD)
    return RecordOptions(args.every, args.backend, trajectory, args.theory, args.layers)


def _run_one(
    described: Run, window: Mapping[str, Any], folder: Path | None, args: Namespace
) -> None:
    from sim.recording.run_folder import record_run

    events: list[ClusterChange] = []
    with ProgressReport(machine=args.progress, parts=_steps(described)) as progress:
        last = record_run(
            described,
            folder,
            **asdict(_options(args)),
            progress=ProgressTable(progress, quiet=_quiet(args)).show,
            event=None if args.progress else events.append,
            last_events=EVENTS_PRINTED,
            window=window,
            stepped=progress.show,
        )
    if args.json:
        print(json.dumps(_plain(last, events), indent=2))
    if _quiet(args):
        return
    for change in events:
        print(change)
    if args.theory:
        print_inapplicable(described.start)


def _run_lanes(
    lanes: Comparison, window: Mapping[str, Any], folder: Path | None, args: Namespace
) -> None:
    from sim.recording.lane_folder import record_lanes

    for why in filter(None, lanes.own_starts):
        report(why)
    with ProgressReport(machine=args.progress) as progress:
        table = LaneTables(lanes.titles, progress, quiet=_quiet(args))
        ends = record_lanes(
            lanes,
            folder,
            _options(args),
            progress=table.show,
            event=None if args.progress else table.note,
            last_events=EVENTS_PRINTED,
            window=window,
        )
    if args.json:
        rows = [_plain(end, table.events[k]) for k, end in enumerate(ends)]
        print(json.dumps(rows, indent=2))
    if args.theory and not _quiet(args):
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


def _files(args: argparse.Namespace) -> list[str]:
    """Return the names of the files that a run writes."""
    trajectory = [] if args.no_trajectory else ["trajectory.csv"]
    layers = ["layers.npz"] if args.layers else []
    return [RUN_FILE, "observables.csv", *trajectory, *layers]


def _steps(run: Run) -> int:
    """Return about how many steps a run has."""
    start = run.start
    return max(1, math.ceil(start.clock.coordinate(start.duration) / start.step))


def _plain(
    last: Mapping[str, float], events: Sequence[ClusterChange]
) -> dict[str, Any]:
    """Return the end of a run as JSON has it, where what is no number is null."""
    numbers = {k: v if math.isfinite(v) else None for k, v in last.items()}
    return {**numbers, "events": [{"t": e.t, "clusters": e.clusters} for e in events]}


@contextlib.contextmanager
def _printed_table(wanted: bool) -> Generator[Path | None]:
    """Yield a folder for a run, if its observables are to be printed at the end."""
    if not wanted:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="orrery-") as folder:
        yield Path(folder)
        table = Path(folder, "observables.csv")
        sys.stdout.write(table.read_text(encoding="utf-8"))
