"""Sweeps: observables for every combination of settings, one row per run."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from sim.arrays import load
from sim.io.limits import IN_TABLE
from sim.observables import Observable
from sim.recorders import signature
from sim.scenario import plain
from sim.schedule import Run
from sim.schedule_file import embedded_text
from sim.sweeps.axes import expanded, shown
from sim.sweeps.worker_pool import MAX_WORKERS, Result, completed, processors
from sim.tables.embedded_run import MARK

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sim.scenario import Scenario
    from sim.sweeps.axes import Over

Row = dict[str, Any]


def sweep(
    scenario: Scenario,
    over: Over,
    *,
    seeds: int | Iterable[int] = 1,
    at: float | Iterable[float] | None = None,
    measures: Iterable[str] | None = None,
    theory: bool = False,
    workers: int | None = None,
    backend: str = "auto",
    progress: Callable[[int, int], None] | None = None,
) -> list[Row]:
    """Run `scenario` with every combination of settings, in parallel processes.

    The rows are the same to the last bit for any number of processes: every run has one
    thread.

    Parameters
    ----------
    scenario : Scenario
        What the runs have in common.
    over : mapping of str to values
        The values of every setting that is swept over, by path; the last one varies
        fastest.  A part is chosen by its kind.  Text is read as ``A:B:COUNT``,
        ``A:B:COUNT:log`` or ``v1,v2,v3``.
    seeds : int or ints
        How many seeds, from the scenario's own on, or which seeds.
    at : float or floats, optional
        Times to measure at; every run's duration by default.
    measures : kinds of observables, optional
        All by default.
    theory : bool
        Whether to add what theory predicts, as ``theory:KIND``.
    workers : int, optional
        Number of processes; the number of processors by default.
    backend : str
        ``"auto"``, ``"numpy"`` or ``"cupy"``.
    progress : callable, optional
        Called with the number of completed runs and of all; an exception that it
        raises ends the sweep and reaches the caller.

    Returns
    -------
    list of dict
        One row per run and time, in the order of the settings: each swept setting, the
        seed, t, the observables, and ``error``, why the run ended early, or "".

    Raises
    ------
    KeyError, ValueError
        If a setting, value, observable, time or number is not valid; before any run.
    RuntimeError
        If the backend was requested by name and cannot be used.
    """
    runs = expanded(scenario, over, seeds)
    kinds = None if measures is None else list(dict.fromkeys(measures))
    for kind in kinds or ():
        Observable.member(kind, "measures")
    load(backend)
    times = None if at is None else _times(at)
    shared = {"measures": kinds, "backend": backend, "theory": theory}
    ends = [times or [s.duration] for s in runs]
    tasks = [
        {"scenario": plain(s), "at": t, **shared}
        for s, t in zip(runs, ends, strict=True)
    ]
    found: dict[int, Result] = {}
    with closing(completed(tasks, _workers(workers))) as results:
        for number, result in results:
            found[number] = result
            if progress is not None:
                progress(len(found), len(tasks))
    paths = [p for p in over if p != "seed"]
    rows: list[Row] = []
    for i, s in enumerate(runs):
        start = {**{p: shown(s, p) for p in paths}, "seed": s.seed}
        rows += _rows(start, ends[i], found[i])
    return _filled(rows)


def _rows(start: Row, at: Sequence[float], result: Result) -> list[Row]:
    """Return the rows of a run; the time that it did not reach has its error."""
    rows = [{**start, **row, "error": ""} for row in result["rows"]]
    if result["error"]:
        rows.append({**start, "t": at[len(rows)], "error": result["error"]})
    return rows


def _filled(rows: list[Row]) -> list[Row]:
    """Return `rows` with the same columns each, ``error`` last."""
    names = dict.fromkeys(k for row in rows for k in row if k != "error")
    return [
        {**dict.fromkeys(names, math.nan), **row, "error": row.pop("error")}
        for row in rows
    ]


def _times(at: float | Iterable[float]) -> list[float]:
    times = sorted({float(t) for t in at} if isinstance(at, Iterable) else {float(at)})
    bad = [t for t in times if not 0 <= t < math.inf]
    if bad or not times:
        got = f"{bad[0]:g}" if bad else "none"
        raise ValueError(f"times to measure at must be 0 or later, got {got}.")
    return times


def _workers(requested: int | None) -> int:
    workers = processors() if requested is None else requested
    if requested is None:
        return min(workers, MAX_WORKERS)
    if not 1 <= workers <= MAX_WORKERS:
        raise ValueError(f"workers must be in [1, {MAX_WORKERS}], got {workers}.")
    return workers


def write(
    file: TextIO,
    scenario: Scenario,
    over: Over,
    rows: Sequence[Row],
    folder: Path | None = None,
) -> None:
    """Write `rows` as a CSV, with the common scenario and the values in its header.

    `folder` is where it is written, the present one by default.
    """
    text = embedded_text(Run(scenario), folder or Path.cwd(), IN_TABLE)
    file.write(f"{MARK} {text}\n# {signature()}\n")
    values = {k: v if isinstance(v, str) else [*v] for k, v in over.items()}
    file.write(f"# over: {json.dumps(values, default=str)}\n")
    table = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
    table.writeheader()
    table.writerows(rows)
