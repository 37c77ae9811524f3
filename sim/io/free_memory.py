"""How much memory this process may still take."""

from __future__ import annotations

import os
import sys
from pathlib import Path

KIB = 1024


def free_memory() -> int | None:
    """Return how many bytes this process may still take; None where it is not known.

    On Linux: what is free without swap space, within the limit on the addresses of the
    process.  Limits of a container are not seen.
    """
    if sys.platform != "linux":
        return None
    rooms = [room for room in (_free(), _below_limit()) if room is not None]
    return min(rooms, default=None)


def _free() -> int | None:
    """Return what the system has left."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        found = dict(line.split(":") for line in lines)
        return KIB * int(found["MemAvailable"].split()[0])
    except (OSError, KeyError, ValueError):
        return None


def _below_limit() -> int | None:
    """Return what the limit on addresses leaves; None without a limit."""
    import resource

    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    if limit == resource.RLIM_INFINITY:
        return None
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except (OSError, ValueError):
        return None
    return max(0, limit - pages * os.sysconf("SC_PAGE_SIZE"))
