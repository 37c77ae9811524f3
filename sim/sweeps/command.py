"""`sweep` on the command line."""

from __future__ import annotations

import io
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from sim.cli import add_scenario_flags, scenario_of

if TYPE_CHECKING:
    import argparse

PARTS = 10  # lines of progress where they cannot be overwritten
FAILED = 1  # exit code


def add_sweep(parser: argparse.ArgumentParser) -> None:
    """Describe `sweep`."""
    add_scenario_flags(parser)
    parser.add_argument(
        "--over",
        action="append",
        default=[],
        metavar="PATH=VALUES",
        help="sweep over a setting: A:B:COUNT, A:B:COUNT:log, or v1,v2,v3, kinds of "
        "parts included; tables between |; again for more, the last turns fastest",
    )
    parser.add_argument(
        "--seeds", type=int, default=1, metavar="N", help="so many seeds, from its own"
    )
    parser.add_argument(
        "--at", metavar="TIMES", help="when to measure, written as values; the end"
    )
    parser.add_argument(
        "--measure",
        action="extend",
        nargs="+",
        metavar="KIND",
        help="observables to measure; all",
    )
    parser.add_argument(
        "--theory", action="store_true", help="add what theory predicts, where it does"
    )
    parser.add_argument(
        "--workers", type=int, metavar="N", help="processes; one a processor"
    )
    parser.add_argument("-o", "--out", metavar="CSV", help="table; standard output")


def sweep(args: argparse.Namespace) -> int:
    """Run a sweep and write its table, whole or not at all; return 1 if runs failed."""
    from sim.io.atomic_write import written_aside
    from sim.recorders import opened

    if args.out is None:
        table = io.StringIO()
        rows = _swept(args, table)
        print(table.getvalue(), end="")
    else:
        # Begun before the runs: what cannot be written is said at once.
        with written_aside(Path(args.out)) as aside, opened(aside) as file:
            rows = _swept(args, file)
    bad = [row for row in rows if row["error"]]
    if bad:
        print(f"failed runs: {len(bad)}; the first: {bad[0]['error']}", file=sys.stderr)
    if args.out is not None:
        print(f"wrote {args.out}")
    return FAILED if bad else 0


def _swept(args: argparse.Namespace, file: TextIO) -> list[dict[str, Any]]:
    from sim.sweeps.axes import axes
    from sim.sweeps.sweep import sweep, write

    scenario, over = scenario_of(args), axes(args.over)
    with Counter() as counter:
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
    write(file, scenario, over, rows)
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


class Counter:
    """Says on standard error how many runs are done, and how long the rest takes."""

    def __init__(self) -> None:
        self._start, self._told, self._live = time.monotonic(), 0, sys.stderr.isatty()

    def __enter__(self) -> Counter:
        return self

    def __exit__(self, *_: object) -> None:
        if self._live and self._told:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)

    def show(self, done: int, total: int) -> None:
        """Say it, if it is due."""
        part = done if self._live else done * PARTS // total
        if part == self._told:
            return
        self._told = part
        left = (time.monotonic() - self._start) * (total - done) / done
        text = f"{done} of {total} runs, {_span(left)} left"
        start, end = ("\r\x1b[K", "") if self._live else ("", "\n")
        print(start + text, end=end, file=sys.stderr, flush=True)


def _span(seconds: float) -> str:
    """Return a time as a person says it."""
    for name, size in (("h", 3600), ("min", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {name}"
    return f"{seconds:.0f} s"
