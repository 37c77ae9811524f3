"""Arrays that nobody needs any more, kept for the next who needs one such.

A state is a value that frames, sums and probes may hold on to, so no step may write
into an array that somebody still has.  Python counts who has one, views of it included:
an array that the shelf alone holds is free, and is handed out again.
"""

from __future__ import annotations

from math import prod
from sys import getrefcount
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from sim.array_types import Floats

SMALL = 1 << 15  # bytes: below, NumPy itself keeps what is freed
KEPT = 32  # arrays: a step of Runge–Kutta needs a dozen


class Shelf:
    """Keeps the arrays that it has made, those handed out last at the end."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._arrays: list[Floats] = [np.empty(0)]
        self._free = getrefcount(self._arrays[0])  # as nobody else has it

    def empty(self, shape: tuple[int, ...], kind: Any) -> Floats:
        """Return an array that nobody else has, with any content."""
        kind = np.dtype(kind)
        if prod(shape) * kind.itemsize < SMALL:
            return np.empty(shape, kind)
        with self._lock:
            arrays = self._arrays
            for k in range(len(arrays)):
                alike = arrays[k].shape == shape and arrays[k].dtype == kind
                if alike and getrefcount(arrays[k]) == self._free:
                    arrays.append(arrays.pop(k))
                    return arrays[-1]
            del arrays[: max(0, len(arrays) + 1 - KEPT)]
            arrays.append(np.empty(shape, kind))
            return arrays[-1]

    def full(self, shape: tuple[int, ...], value: float, kind: Any) -> Floats:
        """Return an array that nobody else has, with `value` everywhere."""
        out = self.empty(shape, kind)
        out.fill(value)
        return out

    def clear(self) -> None:
        """Forget all arrays; those in use live on."""
        with self._lock:
            self._arrays.clear()


SHELF = Shelf()
"""The shelf of this program."""
