"""`sweep` on the command line.

It imports what it needs when it runs, so that ``--help`` needs no NumPy.
"""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING, Any, TextIO

from sim.cli.output import STANDARD, add_force_flag, file_to_write
from sim.cli.progress import Progress
from sim.cli.scenario_flags import add_scenario_flags, scenario_of

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from sim.cli.parser import Parser

EXIT_FAILED = 1  # exit code


def add_sweep(parser: Parser) -> None:
    """Describe `sweep`."""
    add_scenario_flags(parser)
    parser.add_argument(
        "--over",
        action="append",
        default=[],
        metavar="PATH=VALUES",
        help="sweep over a setting: A:B:COUNT, A:B:COUNT:log, or v1,v2,v3, also kinds "
        "of parts; separate tables by |; repeat for more, the last varies fastest",
    )
    parser.add_argument(
        "--seeds",
        type=int,
        default=1,
        metavar="N",
        help="number of seeds, from the scenario's own on",
    )
    parser.add_argument(
        "--at",
        metavar="TIMES",
        help="times to measure at, such as 1,2,5; default: the end",
    )
    parser.add_argument(
        "--measure",
        action="extend",
        nargs="+",
        metavar="KIND",
        help="observables to measure; default: all",
    )
    parser.add_argument(
        "--theory",
        action="store_true",
        help="add the predictions of theory, where it applies",
    )
    parser.add_argument(
        "--workers",
        type=int,
        metavar="N",
        help="number of processes; default: one per processor",
    )
    parser.add_argument(
        "-o",
        "--out",
        metavar="CSV",
        help="table to write; - and the default are standard output",
    )
    add_force_flag(parser)
    parser.show_examples(
        "orrery sweep metastable --over dynamics.beta=1:9:5 -o table.csv",
        "orrery sweep opening --over dynamics.beta=0.1:100:12:log --seeds 4",
        "orrery sweep words --over integrator=rk4,euler --measure f_hat --at 1,2,5",
    )


def sweep(args: argparse.Namespace) -> int:
    """Run a sweep and write its table once it is complete; return 1 if runs failed."""
    from sim.io.atomic_write import atomic_write
    from sim.recorders import open_table

    if not args.over and args.seeds == 1:
        raise ValueError(
            "--over PATH=VALUES is needed, such as --over dynamics.beta=1:9:5. For one "
            "run use `orrery run`."
        )
    if args.out in (None, STANDARD):
        table = io.StringIO()
        rows = _swept(args, table, None)
        print(table.getvalue(), end="")
    else:
        path = file_to_write(args.out, force=args.force)
        # Opened before the runs, so that a path that cannot be written fails first.
        with atomic_write(path) as temporary, open_table(temporary) as file:
            rows = _swept(args, file, path.parent)
    bad = [row for row in rows if row["error"]]
    if bad:
        print(f"failed runs: {len(bad)}; the first: {bad[0]['error']}", file=sys.stderr)
    if args.out not in (None, STANDARD):
        print(f"wrote {args.out}")
    return EXIT_FAILED if bad else 0


def _swept(
    args: argparse.Namespace, file: TextIO, folder: Path | None
) -> list[dict[str, Any]]:
    from sim.sweeps.axes import axes
    from sim.sweeps.sweep import sweep, write

    scenario, over = scenario_of(args), axes(args.over)
    with Progress() as progress:

        def show(done: int, total: int) -> None:
            progress.show(done / total, f"{done} of {total} runs")

        rows = sweep(
            scenario,
            over,
            seeds=args.seeds,
            at=_times(args.at),
            measures=args.measure,
            theory=args.theory,
            workers=args.workers,
            backend=args.backend,
            progress=show,
        )
    if args.measure is None:
        rows = without_empty(rows)
    write(file, scenario, over, rows, folder)
    return rows


def without_empty(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return rows without the columns that have no number: they were not asked for."""
    kept = [k for k in rows[0] if any(row[k] == row[k] for row in rows)]
    return [{k: row[k] for k in kept} for row in rows]


def _times(text: str | None) -> list[float] | None:
    from sim.sweeps.axes import values

    if text is None:
        return None
    try:
        return [float(v) for v in values(text)]
    except ValueError:
        raise ValueError(
            f"--at must be a time, or values such as 1,2,5 or 0:20:11; got {text!r}."
        ) from None
