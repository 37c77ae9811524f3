"""Work space of each thread, which is kept from one call to the next."""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.jit.machine import CACHE_LINE

if TYPE_CHECKING:
    from sim.array_types import Floats


@dataclass(frozen=True, slots=True)
class Room:
    """Work space of one thread: what it was asked for, all of it, and what is used."""

    asked: tuple[tuple[int, ...], str]
    whole: Floats
    array: Floats
    address: int


_rooms = threading.local()


def room(name: str, shape: tuple[int, ...], kind: str) -> Room:
    """Return work space of this thread, the same as last time if it fits."""
    kept: dict[str, Room] = _rooms.__dict__
    last = kept.get(name)
    if last is not None and last.asked == (shape, kind):
        return last
    size = math.prod(shape) * np.dtype(kind).itemsize
    fits = last is not None and size <= last.whole.nbytes <= 4 * size + 4096
    whole = last.whole if last is not None and fits else aligned((size,), "uint8")
    array = whole[:size].view(kind).reshape(shape)
    kept[name] = Room((shape, kind), whole, array, array.ctypes.data)
    return kept[name]


def aligned(shape: tuple[int, ...], kind: str) -> Floats:
    """Return zeros that start on a line of the cache."""
    size = math.prod(shape) * np.dtype(kind).itemsize
    raw = np.zeros(size + CACHE_LINE, np.uint8)
    start = -raw.ctypes.data % CACHE_LINE
    return raw[start : start + size].view(kind).reshape(shape)


def up(count: int, step: int) -> int:
    """Return `count`, rounded up to whole steps."""
    return -(-count // step) * step
