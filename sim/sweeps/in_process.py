"""Jobs of a small sweep, made in this process: others would take longer to start.

Threads share the sums of runs that are made at once, which changes no bit of them, so
that the rows are those of worker processes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.jit.thread_pool import threads
from sim.sweeps.jobs import results_of
from sim.sweeps.library_threads import limited

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Mapping, Sequence
    from typing import Any

    from sim.sweeps.jobs import Job
    from sim.sweeps.worker_pool import Result

MOST_WORK = 1 << 32  # products of pairs: above, some seconds are worth a few processes


def small(jobs: Sequence[Job], workers: int) -> bool:
    """Whether jobs are sooner made here, in as many threads as are asked for."""
    if not limited() or workers < threads():
        return False
    at_once = all(job.data["task"]["batched"] for job in jobs)
    return at_once and sum(job.work for job in jobs) <= MOST_WORK


def completed_here(
    jobs: Iterable[Mapping[str, Any]],
) -> Generator[tuple[int, list[Result]]]:
    """Yield the number and the results of every job, in their order."""
    for number, job in enumerate(jobs):
        yield number, results_of(job)
