"""Jobs on a cluster of other machines: a scheduler of Dask as an executor."""

from __future__ import annotations

import contextlib
import importlib
import logging
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from typing import TYPE_CHECKING, Any

from sim.recorders import signature
from sim.sweeps.cluster_worker import end_processes, made_here, versions_here

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Mapping

    from sim.sweeps.worker_pool import Result

AHEAD = 4  # jobs for each thread of a worker that are with the scheduler
CONNECT_S = 10.0
WORKERLESS_S = 60.0  # a worker that is lost may come back within it


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
    with _client(address) as client:
        most = AHEAD * _checked_threads(client, address)
        executor = client.get_executor(pure=False)
        waiting: dict[Future[list[Result] | Result], int] = {}
        left = enumerate(jobs)
        try:
            while True:
                for number, job in left:
                    waiting[executor.submit(made_here, dict(job))] = number
                    if len(waiting) >= most:
                        break
                if not waiting:
                    return
                for future in _done(waiting, client, address):
                    yield waiting.pop(future), _results(future, address)
        finally:
            for future in waiting:
                future.cancel()
            with contextlib.suppress(Exception):  # the scheduler may be gone
                client.run(end_processes)


def _done(
    waiting: Iterable[Future[Any]], client: Any, address: str
) -> set[Future[Any]]:
    """Wait until some are done, as long as there is a worker to make them."""
    while True:
        worked = bool(_workers(client))
        done, _ = wait(waiting, timeout=WORKERLESS_S, return_when=FIRST_COMPLETED)
        if done:
            return done
        if not worked and not _workers(client):
            raise ValueError(
                f"--scheduler {address}: it has lost all its workers. Start some, and "
                "give the same command again."
            )


def _results(
    future: Future[list[Result] | Result], address: str
) -> list[Result] | Result:
    """Return the results of a job, or why the cluster gave it up."""
    try:
        return future.result()
    except CancelledError:
        raise ValueError(
            f"--scheduler {address}: the scheduler is gone. Start it, and give the "
            "same command again."
        ) from None
    except Exception as error:
        lost = f"the cluster gave it up: {type(error).__name__}"
        return {"rows": [], "killed": True, "error": lost}


def _client(address: str) -> Any:
    """Return a connection to the scheduler, whose log stays silent."""
    try:
        distributed: Any = importlib.import_module("distributed")
    except ImportError:
        raise ValueError(
            "--scheduler needs distributed. Install it with pip install distributed, "
            "or leave --scheduler out."
        ) from None
    logging.getLogger("distributed").setLevel(logging.CRITICAL + 1)
    try:
        # Else an unfinished client prints a traceback when it is deleted.
        importlib.import_module("distributed.comm").resolve_address(address)
        return distributed.Client(address, timeout=CONNECT_S, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        raise ValueError(
            f"--scheduler {address}: no scheduler answers there "
            f"({type(error).__name__}). Start one with dask scheduler, and give the "
            "address that it prints, such as tcp://host:8786."
        ) from None


def _workers(client: Any) -> dict[str, Any]:
    return client.scheduler_info(n_workers=-1)["workers"]


def _checked_threads(client: Any, address: str) -> int:
    """Return how many threads the workers have, all with this program's versions."""
    workers = _workers(client)
    if not workers:
        raise ValueError(
            f"--scheduler {address}: it has no workers. Start one with dask worker "
            f"{address}."
        )
    try:
        found = {*client.run(versions_here).values()}
    except Exception as error:
        raise ValueError(
            f"--scheduler {address}: a worker cannot run this program "
            f"({type(error).__name__}). Install {signature()} there."
        ) from None
    if other := found - {signature()}:
        raise ValueError(
            f"--scheduler {address}: a worker has {min(other)}, this is "
            f"{signature()}. Install the same there."
        )
    return sum(worker["nthreads"] for worker in workers.values())
