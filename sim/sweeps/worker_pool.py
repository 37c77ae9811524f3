"""A pool of worker processes for jobs: the only module that starts them."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

from sim.processes import PYTHON, child_environment
from sim.sweeps.cards import card_of
from sim.sweeps.library_threads import LIBRARIES, OURS

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Mapping

MAX_WORKERS = 256
LOOK_S = 0.1  # between two looks whether to stop
SINGLE_THREAD_VARIABLES = (*LIBRARIES, OURS)
"""Environment variables that limit each library to one thread per process.

One thread per run also rounds sums in one order, whatever the number of processes.
"""

COMMAND = (*PYTHON, "sim.sweeps.worker")

Result = dict[str, Any]
Output = SimpleQueue[tuple["Worker", str]]


class Worker:
    """A process that carries out jobs one by one; see `sim.sweeps.worker`.

    A thread puts the lines that it prints on `output`, and "" when it has ended.  Of
    several cards it sees the one that falls to its `number`.
    """

    def __init__(self, output: Output, number: int = 0) -> None:
        self.task, self.number = -1, number
        self._process = subprocess.Popen(
            COMMAND,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**_environment(), **card_of(number)},
            # Ctrl-C reaches only the process that gives the tasks; without process
            # groups it ends this one too.
            process_group=0 if os.name == "posix" else None,
        )
        self._thread = Thread(target=self._listen, args=(output,), daemon=True)
        self._thread.start()

    def take(self, number: int, task: Mapping[str, Any]) -> None:
        """Start the task of this number."""
        self.task = number
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):  # it has ended, which its output will show
            self._process.stdin.write(json.dumps(task) + "\n")
            self._process.stdin.flush()

    def end(self) -> int:
        """Kill the process if it runs; return its exit code."""
        if self._process.poll() is None:
            self._process.kill()
        code = self._process.wait()
        self._thread.join()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            with contextlib.suppress(OSError):
                pipe.close()
        return code

    def failed(self) -> Result:
        """Return the result of a process that ended without one: it was killed."""
        code = self.end()
        return {
            "rows": [],
            "killed": True,
            "error": f"its process ended with code {code}. If memory is short, use "
            "fewer workers.",
        }

    def _listen(self, output: Output) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            output.put((self, line))
        output.put((self, ""))


def result_of_line(worker: Worker, line: str) -> list[Result] | Result:
    """Return what a process printed for its job; if it ended instead, that it did."""
    return json.loads(line) if line else worker.failed()


def completed(
    tasks: Iterable[Mapping[str, Any]], workers: int, stopped: Event | None = None
) -> Generator[tuple[int, list[Result] | Result]]:
    """Yield the number and the results of every job as it is completed.

    One result alone, which is no list, says that the process was killed.  Closing the
    generator kills the processes that are still running; so does setting `stopped`,
    by another thread, while it waits.
    """
    output: Output = SimpleQueue()
    remaining = iter(enumerate(tasks))
    pool: set[Worker] = set()
    try:
        for number, task in [
            t for _, t in zip(range(workers), remaining, strict=False)
        ]:
            pool.add(worker := Worker(output, number))
            worker.take(number, task)
        while pool:
            heard = _heard(output, stopped)
            if heard is None:
                return
            worker, line = heard
            if worker not in pool:
                continue  # the end of a process that was stopped here
            number = worker.task
            result = result_of_line(worker, line)
            following = next(remaining, None)
            if following is None or not line:
                pool.remove(worker)
                worker.end()
            if following is not None:
                if not line:
                    pool.add(worker := Worker(output, worker.number))
                worker.take(*following)
            yield number, result
    finally:
        for worker in pool:
            worker.end()


def _heard(output: Output, stopped: Event | None) -> tuple[Worker, str] | None:
    """Return the next line of a worker; None once `stopped` is set."""
    while stopped is not None:
        if stopped.is_set():
            return None
        with contextlib.suppress(Empty):
            return output.get(timeout=LOOK_S)
    return output.get()


def _environment() -> dict[str, str]:
    return {**child_environment(), **dict.fromkeys(SINGLE_THREAD_VARIABLES, "1")}
