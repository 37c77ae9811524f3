"""How the fused sum lays out tokens: in groups of lanes, on lines of the cache."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.jit.exponential import units
from sim.jit.scratch import room, up

if TYPE_CHECKING:
    from sim.array_types import Floats
    from sim.sums import Problem
    from sim.sums.fused.blocking import Shape


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
