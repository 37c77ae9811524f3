"""Locks of files, which the system releases when their process ends."""

from __future__ import annotations

import sys
from typing import IO, Any


def take_lock(file: IO[Any]) -> bool:
    """Take the lock of an open file; return False if another process holds it.

    On Windows there is none: a file that is open cannot be removed there.
    """
    if sys.platform == "win32":
        return True
    import fcntl

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
