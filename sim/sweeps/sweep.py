"""Sweeps: observables for every combination of settings, one row per run."""

from __future__ import annotations

from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING

from sim.processes import processors
from sim.sweeps.cluster import completed_on
from sim.sweeps.in_process import completed_here, small
from sim.sweeps.jobs import Job, jobs_of
from sim.sweeps.plan import Plan, Row, planned
from sim.sweeps.store import Store
from sim.sweeps.worker_pool import MAX_WORKERS, Result, completed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sim.scenario import Scenario
    from sim.sweeps.axes import Over


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
    store: str | Path | None = None,
    batched: bool = True,
) -> list[Row]:
    """Run `scenario` with every combination of settings, in parallel processes.

    Small runs that differ by seed, or by β and such numbers of their law, are made at
    once, as one array; see `sim.sweeps.batch`.  The rows are the same to the last bit
    for any number of processes: every run has one thread, and depends on no other.

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
        All by default; also the first-passage times in `sim.sweeps.first_passage`.
    theory : bool
        Whether to add what theory predicts, as ``theory:KIND``.
    workers : int, optional
        Number of processes; the number of processors by default.
    backend : str
        ``"auto"``, ``"numpy"`` or ``"cupy"``.
    progress : callable, optional
        Called with the number of completed runs and of all; an exception that it
        raises ends the sweep and reaches the caller.
    store : path, optional
        A file that keeps the result of every run as soon as it is done: the same sweep
        with it goes on where it was cut off.  It stays until you remove it.
    batched : bool
        Whether small runs are made at once: quicker, with sums that are rounded in
        another order.

    Returns
    -------
    list of dict
        One row per run and time, in the order of the settings: each swept setting, the
        seed, t, the observables, and ``error``, why the run ended early, or "".

    Raises
    ------
    KeyError, ValueError
        If a setting, value, observable, time or number is not valid, or `store` holds
        another sweep; before any run.
    RuntimeError
        If the backend was requested by name and cannot be used.
    """
    plan = planned(
        scenario,
        over,
        seeds=seeds,
        at=at,
        measures=measures,
        theory=theory,
        backend=backend,
        batched=batched,
    )
    count = worker_count(workers)
    with ExitStack() as stack:
        kept = stack.enter_context(Store(Path(store), plan)) if store else None
        return plan.rows(computed(plan, count, kept, progress))


def computed(
    plan: Plan,
    workers: int,
    store: Store | None = None,
    progress: Callable[[int, int], None] | None = None,
    scheduler: str = "",
) -> dict[str, Result]:
    """Return the result of every run, by its key; `store` knows some, and keeps more.

    A run whose process was killed is not kept, so that the next start tries it again.
    Of runs that were made at once each is first tried by itself.  With the address of a
    `scheduler` they are made on its cluster, instead of processes of this machine;
    what takes less than to start those is made in this one.
    """
    found = dict(store.results) if store else {}
    left = [k for k, key in enumerate(plan.keys) if key not in found]
    jobs = jobs_of(plan, left, workers)
    here = not scheduler and small(jobs, workers)
    if here:
        jobs = jobs_of(plan, left, 1)  # threads share each of them
    while jobs:
        again: list[Job] = []
        data = [job.data for job in jobs]
        if scheduler:
            made_by = completed_on(scheduler, data)
        elif here:
            made_by = completed_here(data)
        else:
            made_by = completed(data, workers)
        with closing(made_by) as results:
            for number, made in results:
                job = jobs[number]
                if isinstance(made, dict) and len(job.numbers) > 1:
                    again += job.split()
                    continue
                some = [made] if isinstance(made, dict) else made
                for k, result in zip(job.numbers, some, strict=True):
                    if store is not None and not result.get("killed"):
                        store.add(plan.keys[k], plan.starts[k], result)
                    found[plan.keys[k]] = result
                if progress is not None:
                    progress(len(found), len(plan.tasks))
        jobs = again
    return found


def worker_count(requested: int | None) -> int:
    """Return how many processes there are to be.

    Raises
    ------
    ValueError
        If it is not in [1, 256].
    """
    if requested is None:
        return min(processors(), MAX_WORKERS)
    if not 1 <= requested <= MAX_WORKERS:
        raise ValueError(f"workers must be in [1, {MAX_WORKERS}], got {requested}.")
    return requested
