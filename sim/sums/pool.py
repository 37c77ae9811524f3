"""Threads for the sums: as many as there are processors to run on."""

from __future__ import annotations

import os
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
    """Carry out `tasks`, each once, and return when all are done."""
    if threads() == 1 or len(tasks) == 1:
        for task in tasks:
            task()
        return
    for done in [_pool().submit(task) for task in tasks]:
        done.result()


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(threads(), "sums")
