"""`sweep` on the command line.

It imports what it needs when it runs, so that ``--help`` needs no NumPy.
"""

from __future__ import annotations

import io
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from sim.cli.scenario_flags import add_scenario_flags, scenario_of

if TYPE_CHECKING:
    import argparse

PROGRESS_LINES = 10  # where lines cannot be overwritten
EXIT_FAILED = 1  # exit code


def add_sweep(parser: argparse.ArgumentParser) -> None:
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
        "-o", "--out", metavar="CSV", help="table to write; default: standard output"
    )


def sweep(args: argparse.Namespace) -> int:
    """Run a sweep and write its table once it is complete; return 1 if runs failed."""
    from sim.io.atomic_write import atomic_write
    from sim.recorders import open_table

    if args.out is None:
        table = io.StringIO()
        rows = _swept(args, table)
        print(table.getvalue(), end="")
    else:
        # Opened before the runs, so that a path that cannot be written fails first.
        with atomic_write(Path(args.out)) as temporary, open_table(temporary) as file:
            rows = _swept(args, file)
    bad = [row for row in rows if row["error"]]
    if bad:
        print(f"failed runs: {len(bad)}; the first: {bad[0]['error']}", file=sys.stderr)
    if args.out is not None:
        print(f"wrote {args.out}")
    return EXIT_FAILED if bad else 0


def _swept(args: argparse.Namespace, file: TextIO) -> list[dict[str, Any]]:
    from sim.sweeps.axes import axes
    from sim.sweeps.sweep import sweep, write

    scenario, over = scenario_of(args), axes(args.over)
    with ProgressCounter() as counter:
        rows = sweep(
            scenario,
            over,
            seeds=args.seeds,
            at=_times(args.at),
            measures=args.measure,
            theory=args.theory,
            workers=args.workers,
            backend=args.backend,
            progress=counter.show,
        )
    folder = None if args.out is None else Path(args.out).parent
    write(file, scenario, over, rows, folder)
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


class ProgressCounter:
    """Prints on standard error how many runs are done and how much time is left."""

    def __init__(self) -> None:
        self._start, self._shown, self._live = time.monotonic(), 0, sys.stderr.isatty()

    def __enter__(self) -> ProgressCounter:
        return self

    def __exit__(self, *_: object) -> None:
        if self._live and self._shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)

    def show(self, done: int, total: int) -> None:
        """Print a line, if one is due."""
        part = done if self._live else done * PROGRESS_LINES // total
        if part == self._shown:
            return
        self._shown = part
        left = (time.monotonic() - self._start) * (total - done) / done
        text = f"{done} of {total} runs, {_span(left)} left"
        start, end = ("\r\x1b[K", "") if self._live else ("", "\n")
        print(start + text, end=end, file=sys.stderr, flush=True)


def _span(seconds: float) -> str:
    """Return a duration as text with a suitable unit."""
    for name, size in (("h", 3600), ("min", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {name}"
    return f"{seconds:.0f} s"
