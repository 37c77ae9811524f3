"""What a worker of a cluster does: it gives each job to a process of its own.

Such a process computes in one thread, as those of one machine do, so that the rows are
the same to the last bit; and what kills it does not kill the worker.
"""

from __future__ import annotations

from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

from sim.recorders import signature
from sim.sweeps.worker_pool import Worker, result_of_line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.sweeps.worker_pool import Output, Result

IDLE: SimpleQueue[tuple[Worker, Output]] = SimpleQueue()
"""The processes that wait for a job, each with what it prints."""


def made_here(job: Mapping[str, Any]) -> list[Result] | Result:
    """Return the results of a job, or the one of a process that was killed."""
    try:
        worker, output = IDLE.get_nowait()
    except Empty:
        output = SimpleQueue()
        worker = Worker(output)
    worker.take(0, job)
    _, line = output.get()
    if line:
        IDLE.put((worker, output))
    return result_of_line(worker, line)


def versions_here() -> str:
    """Return which versions make the numbers where it is called."""
    return signature()


def end_processes() -> None:
    """End the processes that wait for a job."""
    while True:
        try:
            worker, _ = IDLE.get_nowait()
        except Empty:
            return
        worker.end()
