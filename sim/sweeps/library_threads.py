"""How many threads the libraries of this process compute in.

It needs no NumPy: what it says holds only of libraries that are loaded later.
"""

from __future__ import annotations

import os
import sys

LIBRARIES = (
    "OPENBLAS_NUM_THREADS",
    "OMP_NUM_THREADS",
    "MKL_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)
"""Environment variables that limit each library to a number of threads."""
OURS = "ORRERY_THREADS"
"""That of the sums, whose bits do not depend on how many there are."""


def limit(workers: int | None) -> None:
    """Give each library one thread, and the sums `workers`, while none is loaded."""
    if "numpy" in sys.modules:
        return
    os.environ.update(dict.fromkeys(LIBRARIES, "1"))
    if workers is not None:
        os.environ[OURS] = str(workers)


def limited() -> bool:
    """Whether each library has one thread, as in a worker process."""
    return all(os.environ.get(name) == "1" for name in LIBRARIES)
