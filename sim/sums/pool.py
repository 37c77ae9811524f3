"""Threads for the sums: as many as there are processors to run on."""

from __future__ import annotations

import os
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


@cache
def threads() -> int:
    """Return how many threads compute: ORRERY_THREADS, or all processors."""
    asked = os.environ.get("ORRERY_THREADS", "")
    if asked.isdigit() and int(asked):
        return int(asked)
    if hasattr(os, "sched_getaffinity"):  # Linux: a container may have fewer
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def share(tasks: Sequence[Callable[[], None]]) -> None:
    """Carry out `tasks`, each once, and return when all are done.

    The caller's thread works, too: it need not wait for another to wake up.
    """
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
    finally:
        for one in helpers:
            if not one.cancel():
                one.result()


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(threads(), "sums")
