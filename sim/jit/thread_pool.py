"""Threads for compiled loops: as many as there are processors to run on."""

from __future__ import annotations

import os
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from threading import Lock
from threading import enumerate as enumerate_threads
from typing import TYPE_CHECKING, Generic, ParamSpec, TypeVar

from sim.processes import processors

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

P = ParamSpec("P")
T = TypeVar("T")
THREAD_NAME = "sums"


@cache
def threads() -> int:
    """Return how many threads compute: ORRERY_THREADS, or all processors."""
    asked = os.environ.get("ORRERY_THREADS", "")
    if asked.isdigit() and int(asked):
        return int(asked)
    return processors()


def run_tasks(tasks: Sequence[Callable[[], None]]) -> None:
    """Run `tasks`, each once, and return when all are done.

    The caller's thread works, too: it need not wait for another to wake up.  An error
    of a task is raised only once no other task runs: they write to arrays that may be
    freed soon after.
    """
    if len(tasks) == 1:
        tasks[0]()
        return
    left = deque(tasks)

    def work() -> None:
        while left:
            try:
                task = left.popleft()
            except IndexError:  # another thread was faster
                return
            task()

    count = min(threads(), len(tasks)) - 1
    helpers = [_pool().submit(work) for _ in range(count)]
    try:
        work()
    except BaseException:
        left.clear()  # the others need not finish: no one waits
        raise
    finally:
        failures = [one.exception() for one in helpers if not one.cancel()]
    for failure in failures:
        if failure is not None:
            raise failure


def worker_ids() -> list[int]:
    """Return the system's identifiers of the threads started so far."""
    named = (t for t in enumerate_threads() if t.name.startswith(THREAD_NAME))
    return [t.native_id for t in named if t.native_id is not None]


def run_in_background(task: Callable[[], None]) -> None:
    """Start `task` on another thread and return at once."""
    _pool().submit(task)


class Once(Generic[P, T]):
    """Caches what a function returns; threads that ask meanwhile wait for it."""

    def __init__(self, make: Callable[P, T]) -> None:
        self._make, self._lock = make, Lock()
        self._made: dict[object, Future[T]] = {}

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what the function returned, or is about to."""
        known = self._made.get(args)
        return self._first(*args, **kwargs) if known is None else known.result()

    def __len__(self) -> int:
        """Return how many things were made."""
        return len(self._made)

    def clear(self) -> None:
        """Forget everything."""
        self._made.clear()

    def _first(self, *args: P.args, **kwargs: P.kwargs) -> T:
        with self._lock:
            mine = args not in self._made
            future = self._made.setdefault(args, Future())
        if mine:
            try:
                future.set_result(self._make(*args, **kwargs))
            except Exception as error:
                future.set_exception(error)
        return future.result()


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(threads(), THREAD_NAME)
