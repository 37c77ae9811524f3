"""Jobs on a cluster of other machines: a scheduler of Dask as an executor."""

from __future__ import annotations

import importlib
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import closing
from typing import TYPE_CHECKING, Any

from sim.sweeps.jobs import results_of
from sim.version import __version__

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Mapping

    from sim.sweeps.worker_pool import Result

AHEAD = 4  # jobs for each worker that are with the scheduler
CONNECT_S = 10.0


def version_there() -> str:
    """Return the version of this program where it is called."""
    return __version__


def completed_on(
    address: str, jobs: Iterable[Mapping[str, Any]]
) -> Generator[tuple[int, list[Result] | Result]]:
    """Yield the number and the results of every job, as `worker_pool.completed` does.

    A job whose worker is lost is given to another by the scheduler.

    Raises
    ------
    ValueError
        If `distributed` is not installed, the scheduler cannot be reached, it has no
        workers, or they do not have this version of the program.
    """
    with closing(_client(address)) as client:
        count = _checked_workers(client, address)
        executor = client.get_executor(pure=False)
        waiting: dict[Future[list[Result]], int] = {}
        left = enumerate(jobs)
        while True:
            for number, job in left:
                waiting[executor.submit(results_of, dict(job))] = number
                if len(waiting) >= AHEAD * count:
                    break
            if not waiting:
                return
            done, _ = wait(waiting, return_when=FIRST_COMPLETED)
            for future in done:
                yield waiting.pop(future), _results(future)


def _results(future: Future[list[Result]]) -> list[Result] | Result:
    """Return the results of a job, or why the cluster gave it up."""
    try:
        return future.result()
    except Exception as error:
        lost = f"the cluster gave it up: {type(error).__name__}"
        return {"rows": [], "killed": True, "error": lost}


def _client(address: str) -> Any:
    try:
        distributed: Any = importlib.import_module("distributed")
    except ImportError:
        raise ValueError(
            "--scheduler needs distributed. Install it with pip install distributed, "
            "or leave --scheduler out."
        ) from None
    try:
        return distributed.Client(address, timeout=CONNECT_S, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise ValueError(
            f"--scheduler {address}: no scheduler answers there "
            f"({type(error).__name__}). Start one with dask scheduler, and give the "
            "address that it prints."
        ) from None


def _checked_workers(client: Any, address: str) -> int:
    """Return how many workers there are, all with this version of the program."""
    count = len(client.scheduler_info(n_workers=-1)["workers"])
    if not count:
        raise ValueError(
            f"--scheduler {address}: it has no workers. Start one with dask worker "
            f"{address}."
        )
    try:
        found = set(client.run(version_there).values())
    except Exception as error:
        raise ValueError(
            f"--scheduler {address}: a worker cannot run this program "
            f"({type(error).__name__}). Install attention-orrery {__version__} there."
        ) from None
    if found != {__version__}:
        raise ValueError(
            f"--scheduler {address}: its workers have version "
            f"{', '.join(sorted(found))}, this is {__version__}. Install the same."
        )
    return count
