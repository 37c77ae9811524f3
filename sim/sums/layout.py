"""How the fused sum lays out tokens: in groups of lanes, on lines of the cache."""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.sums.exponential import units
from sim.sums.vector import CACHE_LINE

if TYPE_CHECKING:
    from sim.sums import Problem
    from sim.sums.shape import Shape

    Floats = np.ndarray[Any, Any]


COLUMNS = 8  # dimensions up to which tokens are laid out column by column


@dataclass(frozen=True, slots=True)
class Layout:
    """One run and head, as the kernel of `shape` wants it.

    Attributes
    ----------
    rows, groups, count : int
        Rows and groups of keys, rounded up to whole tiles and groups; and keys.
    addresses : tuple of int
        Where queries, shifts, keys, values, and the rows' own values are.
    held : tuple of Array
        What must live as long.
    """

    shape: Shape
    rows: int
    groups: int
    count: int
    addresses: tuple[int, ...]
    held: tuple[Floats, ...]


def lay_out(problem: Problem, top: Floats, shape: Shape) -> Layout:
    """Return `problem` with rows shifted by `top`: one run and head, (n, 1)."""
    n, m, width, _ = problem.shape
    kind, unit = problem.kind, units(problem.kind)
    rows, groups = up(n, shape.plan.rows), -(-m // shape.lanes)
    q, shift = room("q", (rows, width), kind), room("shift", (rows,), kind)
    np.multiply(problem.queries, -unit * problem.scale, out=q.array[:n])
    np.multiply(top[:, 0], unit, out=shift.array[:n])
    q.array[n:], shift.array[n:] = 0, 0
    lanes, (near, far) = shape.lanes, shape.strides
    keys = _grouped("keys", problem.keys, groups, lanes, near)
    values, mine = keys, q.address
    if not shape.own:
        values = _grouped("values", problem.values, groups, lanes, far)
    held: tuple[Floats, ...] = ()
    if shape.mirrored:
        held = (np.ascontiguousarray(problem.values),)
        mine = held[0].ctypes.data
    addresses = (q.address, shift.address, keys, values, mine)
    return Layout(shape, rows, groups, m, addresses, held)


def _grouped(name: str, a: Floats, groups: int, lanes: int, stride: int) -> int:
    """Put (m, d) as (m/L, stride, L), padded with zeros; return where it is."""
    m, d = a.shape
    out = room(name, (groups, stride, lanes), a.dtype.name)
    whole, rest = divmod(m, lanes)
    rows = a[: m - rest].reshape(whole, lanes, d)
    if d <= COLUMNS:  # NumPy's copies along short axes are slow
        for k in range(d):
            out.array[:whole, k] = rows[..., k]
    else:
        out.array[:whole, :d] = rows.swapaxes(1, 2)
    if rest:
        out.array[whole] = 0
        out.array[whole, :d, :rest] = a[m - rest :].T
    return out.address


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
