"""Scratch buffers of each thread, which are kept from one call to the next."""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, final

import numpy as np

from sim.jit.machine import CACHE_LINE

if TYPE_CHECKING:
    from sim.array_types import Floats

ROOM = 4  # a buffer that is made is longer by one part in so many


@final
@dataclass(frozen=True, slots=True)
class ScratchBuffer:
    """A buffer of one thread, on a line of the cache.

    Attributes
    ----------
    request : tuple
        Shape, and type of the numbers.
    storage : Array
        All bytes that are held.
    array : Array
        The part of them that was asked for.
    address : int
        Where `array` starts.
    """

    request: tuple[tuple[int, ...], str]
    storage: Floats
    array: Floats
    address: int


_buffers = threading.local()


def scratch(name: str, shape: tuple[int, ...], kind: str) -> ScratchBuffer:
    """Return this thread's buffer called `name`, the same as last time if it fits.

    Its content is whatever was left there.
    """
    kept: dict[str, ScratchBuffer] = _buffers.__dict__
    last = kept.get(name)
    if last is not None and last.request == (shape, kind):
        return last
    size = math.prod(shape) * np.dtype(kind).itemsize
    fits = last is not None and size <= last.storage.nbytes <= 4 * size + 4096
    # With some room: what grows by little, as tables do with β, does not move.
    room = size + size // ROOM
    storage = last.storage if last is not None and fits else aligned((room,), "uint8")
    array = storage[:size].view(kind).reshape(shape)
    kept[name] = ScratchBuffer((shape, kind), storage, array, array.ctypes.data)
    return kept[name]


def aligned(shape: tuple[int, ...], kind: str) -> Floats:
    """Return zeros that start on a line of the cache."""
    size = math.prod(shape) * np.dtype(kind).itemsize
    raw = np.zeros(size + CACHE_LINE, np.uint8)
    start = -raw.ctypes.data % CACHE_LINE
    return raw[start : start + size].view(kind).reshape(shape)


def round_up(count: int, step: int) -> int:
    """Return `count`, rounded up to whole steps."""
    return -(-count // step) * step
