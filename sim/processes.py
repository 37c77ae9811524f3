"""What child processes of Python are started with, and how many run at once."""

from __future__ import annotations

import os
import sys
from pathlib import Path

PYTHON = (sys.executable, "-P", "-W", "ignore", "-m")
"""The command that runs a module in a child; its name is still to come."""


def processors() -> int:
    """Return the number of processors that this process may use."""
    if sys.platform == "linux":  # a container may have fewer than the machine
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def child_environment() -> dict[str, str]:
    """Return this process's environment, in which a child finds the same modules."""
    paths = os.pathsep.join(path or str(Path.cwd()) for path in sys.path)
    return {**os.environ, "PYTHONPATH": paths}
