"""Priority of computing threads below that of the thread that draws the window."""

from __future__ import annotations

import os
import sys

NICENESS = 5  # added to the window's on Linux, for threads that compute


def lower_priority(by: int = NICENESS, thread: int = 0) -> None:
    """Lower the priority of a thread, and of those that it starts, below the window's.

    On Linux alone, where every thread has a priority of its own: a window that is drawn
    by the processor then stays smooth however long a step takes.

    Parameters
    ----------
    by : int
        How much is added to the niceness of the process.
    thread : int
        The system's number of the thread; 0 is the calling one.
    """
    if sys.platform == "linux":
        window = os.getpriority(os.PRIO_PROCESS, os.getpid())
        here = os.getpriority(os.PRIO_PROCESS, thread)
        os.setpriority(os.PRIO_PROCESS, thread, max(here, window + by))
