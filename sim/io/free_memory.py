"""How much memory this process may still take."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

KIB = 1024


def free_memory() -> int | None:
    """Return the bytes that are free, within the limits of the process, on Linux.

    None where the system does not say; what Linux kills for memory says nothing.
    """
    if sys.platform != "linux":
        return None
    import resource

    rooms: list[int] = []
    with suppress(OSError, StopIteration, ValueError):
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        line = next(line for line in lines if line.startswith("MemAvailable:"))
        rooms.append(KIB * int(line.split()[1]))
    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    with suppress(OSError, ValueError):
        if limit != resource.RLIM_INFINITY:
            pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
            rooms.append(max(0, limit - pages * os.sysconf("SC_PAGE_SIZE")))
    return min(rooms, default=None)
