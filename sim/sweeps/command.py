"""`sweep` on the command line.

It imports what it needs when it runs, so that ``--help`` needs no NumPy.
"""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

from sim.cli.output import STANDARD, add_force_flag
from sim.cli.scenario_flags import add_scenario_flags, scenario_of

if TYPE_CHECKING:
    import argparse

    from sim.cli.parser import Parser
    from sim.sweeps.plan import Plan, Row

EXIT_FAILED = 1  # exit code
MANY_RUNS = 10_000  # more are made with --yes alone


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
        help="observables to measure; default: all. Also time_to_one_cluster and "
        "time_to_mean_cosine, the first step at which it is 0.999",
    )
    parser.add_argument(
        "--summary",
        action="store_true",
        help="mean, spread and quantiles over the seeds: a table beside that of -o, "
        "or instead of the one that is printed",
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
        "--one-by-one",
        action="store_true",
        help="make every run by itself; by default small runs that differ by seed or "
        "β are made at once, which is quicker",
    )
    parser.add_argument(
        "--plan",
        action="store_true",
        help="say how many runs there are, which are made at once and why others are "
        "not, and make none",
    )
    parser.add_argument(
        "--scheduler",
        default="",
        metavar="ADDRESS",
        help="make the runs on a cluster of Dask, by its scheduler's address, such as "
        "tcp://host:8786; needs distributed",
    )
    parser.add_argument(
        "-o",
        "--out",
        metavar="FILE",
        help="table to write, .csv or .parquet; until it is complete, FILE.sweep keeps "
        "every run that is done, and the same command goes on; - and the default are "
        "standard output",
    )
    parser.add_argument(
        "--yes", action="store_true", help=f"make more than {MANY_RUNS:,} runs"
    )
    add_force_flag(parser)
    parser.show_examples(
        "orrery sweep metastable --over dynamics.beta=1:9:5 -o table.csv",
        "orrery sweep opening --over dynamics.beta=0.1:100:12:log --seeds 4 --summary",
        "orrery sweep words --over integrator=rk4,euler --measure f_hat --at 1,2,5",
    )


def sweep(args: argparse.Namespace) -> int:
    """Run a sweep, or the rest of one, and write its table; return 1 if runs failed."""
    if not args.over and args.seeds == 1:
        raise ValueError(
            "--over PATH=VALUES is needed, such as --over dynamics.beta=1:9:5. For one "
            "run use `orrery run`."
        )
    from sim.sweeps.library_threads import limit

    limit(args.workers)
    plan = _plan(args)
    if args.plan:
        print("\n".join(plan.described()))
        return 0
    if args.out in (None, STANDARD):
        rows = _printed(plan, args)
    else:
        from sim.sweeps.to_file import swept_to_file

        rows = swept_to_file(plan, args)
    bad = [row for row in rows if row["error"]]
    if bad:
        print(f"failed runs: {len(bad)}; the first: {bad[0]['error']}", file=sys.stderr)
    return EXIT_FAILED if bad else 0


def _plan(args: argparse.Namespace) -> Plan:
    """Return the sweep that the flags describe.

    Raises
    ------
    ValueError
        If it has many runs, and no --yes.
    """
    from sim.sweeps.axes import axes
    from sim.sweeps.plan import planned

    plan = planned(
        scenario_of(args),
        axes(args.over),
        seeds=args.seeds,
        at=_times(args.at),
        measures=args.measure,
        theory=args.theory,
        backend=args.backend,
        batched=not args.one_by_one,
    )
    if len(plan.tasks) > MANY_RUNS and not args.yes:
        raise ValueError(
            f"these are {len(plan.tasks):,} runs, more than {MANY_RUNS:,}. Add --yes "
            "to make them, or give fewer values or seeds."
        )
    return plan


def _printed(plan: Plan, args: argparse.Namespace) -> list[Row]:
    from sim.sweeps.summary import summary
    from sim.sweeps.table import write
    from sim.sweeps.to_file import swept

    rows = swept(plan, args)
    text = io.StringIO()
    write(text, plan, summary(rows) if args.summary else rows)
    print(text.getvalue(), end="")
    return rows


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
