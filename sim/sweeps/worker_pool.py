"""Processes that make runs side by side: the only module that starts them."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence

MOST = 256  # processes
ALONE = (
    "OPENBLAS_NUM_THREADS",
    "OMP_NUM_THREADS",
    "MKL_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "ORRERY_THREADS",
)
"""Libraries that would each start threads on every processor, in every process.

One thread a run also rounds sums in one order, however many processes there are.
"""

COMMAND = [sys.executable, "-P", "-W", "ignore", "-m", "sim.sweeps.worker"]

Answer = dict[str, Any]
Heard = SimpleQueue[tuple["Worker", str]]


def processors() -> int:
    """Return on how many processors this process may run."""
    if sys.platform == "linux":  # a container may have fewer than the machine
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Worker:
    """A process that answers tasks one by one; see `sim.sweeps.worker`.

    A thread of its own puts what it says on `heard`, and "" when it has ended.
    """

    def __init__(self, heard: Heard) -> None:
        self.task = -1
        self._process = subprocess.Popen(
            COMMAND,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=_environment(),
            # Ctrl-C is heard by who gives the tasks; where there are no such groups
            # the process just ends.
            process_group=0 if os.name == "posix" else None,
        )
        self._thread = Thread(target=self._listen, args=(heard,), daemon=True)
        self._thread.start()

    def take(self, number: int, task: Mapping[str, Any]) -> None:
        """Hand over the task of this number."""
        self.task = number
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):  # it has ended, which will be heard
            self._process.stdin.write(json.dumps(task) + "\n")
            self._process.stdin.flush()

    def end(self) -> int:
        """End the process, whatever it does; return its exit code."""
        if self._process.poll() is None:
            self._process.kill()
        code = self._process.wait()
        self._thread.join()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            with contextlib.suppress(OSError):
                pipe.close()
        return code

    def died(self) -> Answer:
        """Return the answer of a process that ended instead of answering."""
        code = self.end()
        return {
            "rows": [],
            "error": f"its process ended with code {code}. If memory is short, use "
            "fewer workers.",
        }

    def _listen(self, heard: Heard) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            heard.put((self, line))
        heard.put((self, ""))


def answers(
    tasks: Sequence[Mapping[str, Any]], workers: int
) -> Generator[tuple[int, Answer]]:
    """Yield the number and the answer of every task as it is done.

    To be closed: what is still at work is then ended at once.
    """
    heard: Heard = SimpleQueue()
    left = iter(enumerate(tasks))
    crew: set[Worker] = set()
    try:
        for number, task in [t for _, t in zip(range(workers), left, strict=False)]:
            crew.add(worker := Worker(heard))
            worker.take(number, task)
        while crew:
            worker, line = heard.get()
            if worker not in crew:
                continue  # the last word of one that was sent home
            number = worker.task
            answer = json.loads(line) if line else worker.died()
            ahead = next(left, None)
            if ahead is None or not line:
                crew.remove(worker)
                worker.end()
            if ahead is not None:
                if not line:
                    crew.add(worker := Worker(heard))
                worker.take(*ahead)
            yield number, answer
    finally:
        for worker in crew:
            worker.end()


def _environment() -> dict[str, str]:
    paths = os.pathsep.join(p or str(Path.cwd()) for p in sys.path)
    return {**os.environ, **dict.fromkeys(ALONE, "1"), "PYTHONPATH": paths}
