"""How the fused sum lays out tokens: in groups of lanes, on lines of the cache."""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.sums.exponential import units
from sim.sums.tile import PAIR, TILE
from sim.sums.vector import CACHE_LINE, machine

if TYPE_CHECKING:
    from sim.sums import Problem

    Floats = np.ndarray[Any, Any]


@dataclass(frozen=True, slots=True)
class Layout:
    """One run and head, as the kernel wants it."""

    kind: str
    lanes: int
    rows: int
    groups: int
    q: Floats
    shift: Floats
    keys: Floats
    values: Floats
    mine: Floats
    limits: Floats


def lay_out(problem: Problem, top: Floats) -> Layout:
    """Return `problem` with rows shifted by `top`: one run and head, (n, 1)."""
    n, m, width, depth = problem.shape
    kind, unit = problem.kind, units(problem.kind)
    lanes = machine().width // problem.queries.itemsize
    rows, groups = up(n, TILE), up(m, PAIR * lanes) // lanes
    q, shift = room("q", (rows, width), kind), room("shift", (rows,), kind)
    np.multiply(problem.queries, -unit * problem.scale, out=q[:n])
    np.multiply(top[:, 0], unit, out=shift[:n])
    q[n:], shift[n:] = 0, 0
    keys = _grouped("keys", problem.keys, groups, lanes)
    values, mine = keys, q
    if problem.values is not problem.keys:
        values = _grouped("values", problem.values, groups, lanes)
    if problem.mirrored:
        mine = room("mine", (rows, depth), kind)
        mine[:n], mine[n:] = problem.values, 0
    limits = room("limits", (rows,), "int64")
    limits[:] = m
    if not problem.full:
        np.minimum(np.arange(1, rows + 1), m, out=limits)
    limits[n:] = 0
    return Layout(kind, lanes, rows, groups, q, shift, keys, values, mine, limits)


def _grouped(name: str, a: Floats, groups: int, lanes: int) -> Floats:
    """Return (m, d) as (m/L, d, L), padded with zeros."""
    m, d = a.shape
    out = room(name, (groups, d, lanes), a.dtype.name)
    whole = m // lanes
    out[:whole] = a[: whole * lanes].reshape(whole, lanes, d).swapaxes(1, 2)
    out[whole:] = 0
    if m % lanes:
        out[whole, :, : m % lanes] = a[whole * lanes :].T
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
