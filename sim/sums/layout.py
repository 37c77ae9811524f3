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


@dataclass(frozen=True, slots=True)
class Layout:
    """One run and head, as the kernel of `shape` wants it."""

    shape: Shape
    rows: int
    groups: int
    count: int
    q: Floats
    shift: Floats
    keys: Floats
    values: Floats
    mine: Floats


def lay_out(problem: Problem, top: Floats, shape: Shape) -> Layout:
    """Return `problem` with rows shifted by `top`: one run and head, (n, 1)."""
    n, m, width, _ = problem.shape
    kind, unit = problem.kind, units(problem.kind)
    rows, groups = up(n, shape.plan.rows), -(-m // shape.lanes)
    q, shift = room("q", (rows, width), kind), room("shift", (rows,), kind)
    np.multiply(problem.queries, -unit * problem.scale, out=q[:n])
    np.multiply(top[:, 0], unit, out=shift[:n])
    q[n:], shift[n:] = 0, 0
    keys = _grouped("keys", problem.keys, groups, shape.lanes, shape.strides[0])
    values, mine = keys, q
    if not shape.own:
        values = _grouped(
            "values", problem.values, groups, shape.lanes, shape.strides[1]
        )
    if shape.mirrored:
        mine = np.ascontiguousarray(problem.values)
    return Layout(shape, rows, groups, m, q, shift, keys, values, mine)


def _grouped(name: str, a: Floats, groups: int, lanes: int, stride: int) -> Floats:
    """Return (m, d) as (m/L, stride, L), padded with zeros."""
    m, d = a.shape
    out = room(name, (groups, stride, lanes), a.dtype.name)
    whole = m // lanes
    out[:whole, :d] = a[: whole * lanes].reshape(whole, lanes, d).swapaxes(1, 2)
    if m % lanes:
        out[whole] = 0
        out[whole, :d, : m % lanes] = a[whole * lanes :].T
    return out


_rooms = threading.local()


def room(name: str, shape: tuple[int, ...], kind: str) -> Floats:
    """Return work space of this thread, the same as last time if it fits."""
    kept: dict[str, Floats] = _rooms.__dict__
    size = math.prod(shape) * np.dtype(kind).itemsize
    if name not in kept or not size <= kept[name].nbytes <= 4 * size + 4096:
        kept[name] = aligned((size,), "uint8")
    return kept[name][:size].view(kind).reshape(shape)


def aligned(shape: tuple[int, ...], kind: str) -> Floats:
    """Return zeros that start on a line of the cache."""
    size = math.prod(shape) * np.dtype(kind).itemsize
    raw = np.zeros(size + CACHE_LINE, np.uint8)
    start = -raw.ctypes.data % CACHE_LINE
    return raw[start : start + size].view(kind).reshape(shape)


def up(count: int, step: int) -> int:
    """Return `count`, rounded up to whole steps."""
    return -(-count // step) * step
