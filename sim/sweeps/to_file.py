"""`sweep -o`: makes the runs that are not known yet, and writes their table.

Until the table is complete, the runs that are done are kept beside it; see
`sim.sweeps.store`.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from sim.cli.output import file_to_write, user_path
from sim.cli.progress import ProgressReport
from sim.cli.scenario_flags import report
from sim.sweeps.store import Store, store_path
from sim.sweeps.summary import summary, summary_path
from sim.sweeps.sweep import computed, worker_count
from sim.sweeps.table import (
    read_rows,
    require_writer,
    sweep_of,
    without_empty,
    write_table,
)

if TYPE_CHECKING:
    from argparse import Namespace
    from pathlib import Path

    from sim.sweeps.plan import Plan, Row


def swept_to_file(plan: Plan, args: Namespace) -> list[Row]:
    """Make the runs of `plan` that are not known yet; write the table of all.

    Raises
    ------
    ValueError
        If the file cannot be written, or holds anything else and may not be replaced.
    """
    path = user_path(args.out)
    require_writer(path)
    worker_count(args.workers)
    ours, kept = _may_write(path, plan, args), store_path(path)
    if args.summary:
        _may_write(summary_path(path), plan, args)
    if ours and not kept.exists() and not args.force:
        report(f"{path} is complete: no run is left to make. --force makes all again.")
        rows = read_rows(path, plan)
        _write_summary(path, plan, rows, args)
        return rows
    with Store(kept, plan, force=args.force) as store:
        rows = swept(plan, args, store)
        _write(path, plan, rows)
        _write_summary(path, plan, rows, args)
        if len(store.results) == len(plan.tasks):
            store.remove()
    return rows


def swept(plan: Plan, args: Namespace, store: Store | None = None) -> list[Row]:
    """Return the rows of a sweep; say how far it is, and what is kept of it if it ends.

    Raises
    ------
    ValueError
        If the number of processes is not valid.
    """
    workers = worker_count(args.workers)
    known, total = len(store.results) if store else 0, len(plan.tasks)
    if store is not None and known:
        report(f"{known} of {total} runs are known from {store.path}.")
    try:
        with ProgressReport() as progress:

            def show(done: int, total: int) -> None:
                share = (done - known) / (total - known)
                progress.show(share, f"{done} of {total} runs")

            rows = plan.rows(computed(plan, workers, store, show, args.scheduler))
    except BaseException:
        if store is not None and store.results:
            print(
                f"{len(store.results)} of {total} runs are kept in {store.path}. The "
                "same command goes on.",
                file=sys.stderr,
            )
        raise
    return without_empty(rows) if args.measure is None else rows


def _may_write(path: Path, plan: Plan, args: Namespace) -> bool:
    """Return whether a file is a table of this sweep, which needs no --force.

    Raises
    ------
    ValueError
        If it cannot be written, or is another's and may not be replaced.
    """
    found = sweep_of(path) if path.is_file() else ""
    if found == plan.identity:
        return True
    if found and not args.force:
        raise ValueError(
            f"{path} holds another sweep. Give another name to -o, or add --force to "
            "replace it."
        )
    file_to_write(str(path), force=args.force)
    return False


def _write_summary(path: Path, plan: Plan, rows: list[Row], args: Namespace) -> None:
    if args.summary:
        _write(summary_path(path), plan, summary(rows))


def _write(path: Path, plan: Plan, rows: list[Row]) -> None:
    write_table(path, plan, rows)
    print(f"wrote {path}")
