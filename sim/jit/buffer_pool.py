"""Large arrays that are used again once nothing refers to them.

A state is a value that frames, sums and probes may hold on to, so no step may write
into an array that is still referred to.  Python counts references, those of views
included: an array that only the pool refers to is free, and is handed out again.
"""

from __future__ import annotations

from math import prod
from sys import getrefcount
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from sim.array_types import Floats

MIN_BYTES = 1 << 15  # below, NumPy itself keeps what is freed
MAX_ARRAYS = 32  # a step of Runge–Kutta needs a dozen


class BufferPool:
    """Keeps the arrays that it has made, those handed out last at the end."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._arrays: list[Floats] = [np.empty(0)]
        # References to an array that only the pool refers to.
        self._free = getrefcount(self._arrays[0])

    def empty(self, shape: tuple[int, ...], kind: Any) -> Floats:
        """Return an array that nothing else refers to, with any content."""
        kind = np.dtype(kind)
        if prod(shape) * kind.itemsize < MIN_BYTES:
            return np.empty(shape, kind)
        with self._lock:
            arrays = self._arrays
            for k in range(len(arrays)):
                alike = arrays[k].shape == shape and arrays[k].dtype == kind
                if alike and getrefcount(arrays[k]) == self._free:
                    arrays.append(arrays.pop(k))
                    return arrays[-1]
            del arrays[: max(0, len(arrays) + 1 - MAX_ARRAYS)]
            arrays.append(np.empty(shape, kind))
            return arrays[-1]

    def full(self, shape: tuple[int, ...], value: float, kind: Any) -> Floats:
        """Return an array that nothing else refers to, with `value` everywhere."""
        out = self.empty(shape, kind)
        out.fill(value)
        return out

    def clear(self) -> None:
        """Forget all arrays; those in use live on."""
        with self._lock:
            self._arrays.clear()


BUFFER_POOL = BufferPool()
"""The pool of this program."""
