"""How the fused sum lays out tokens: in groups of lanes, on lines of the cache."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.jit.exponential import score_unit
from sim.jit.scratch import round_up, scratch

if TYPE_CHECKING:
    from sim.array_types import Floats
    from sim.jit.scratch import ScratchBuffer
    from sim.sums import Problem
    from sim.sums.fused.blocking import TileBlocking, TileSpec


MAX_COPIED_COLUMNS = 8  # dimensions up to which tokens are copied column by column


@dataclass(frozen=True, slots=True)
class Layout:
    """One run and head, as the kernel of a `TileSpec` reads it.

    Attributes
    ----------
    blocking : TileBlocking
        That of `spec`.
    rows, groups, keys : int
        Rows and groups of keys, rounded up to whole tiles and groups; and keys.
    arrays : dict
        The arrays that the kernel reads, by the names of its signature.
    """

    spec: TileSpec
    blocking: TileBlocking
    rows: int
    groups: int
    keys: int
    arrays: dict[str, Floats | ScratchBuffer]


def lay_out(problem: Problem, shifts: Floats, spec: TileSpec) -> Layout:
    """Return `problem` with rows shifted by `shifts`: one run and head, (n, 1)."""
    n, m, width, _ = problem.shape
    kind, unit, lanes = problem.kind, score_unit(problem.kind), spec.lanes
    blocking = spec.blocking
    rows, groups = round_up(n, blocking.rows), -(-m // lanes)
    q, shift = scratch("queries", (rows, width), kind), scratch("shifts", (rows,), kind)
    np.multiply(problem.queries, -unit * problem.scale, out=q.array[:n])
    np.multiply(shifts[:, 0], unit, out=shift.array[:n])
    q.array[n:], shift.array[n:] = 0, 0
    keys = _grouped("keys", problem.keys, groups, lanes, spec.key_stride)
    arrays: dict[str, Floats | ScratchBuffer]
    arrays = {"queries": q, "shifts": shift, "keys": keys}
    if not spec.values_are_keys:
        stride = spec.value_stride
        arrays["values"] = _grouped("values", problem.values, groups, lanes, stride)
    if spec.symmetric:
        arrays["own_values"] = np.ascontiguousarray(problem.values)
    return Layout(spec, blocking, rows, groups, m, arrays)


def _grouped(
    name: str, a: Floats, groups: int, lanes: int, stride: int
) -> ScratchBuffer:
    """Return (m, d) as (m/L, stride, L), padded with zeros."""
    m, d = a.shape
    out = scratch(name, (groups, stride, lanes), a.dtype.name)
    whole, rest = divmod(m, lanes)
    rows = a[: m - rest].reshape(whole, lanes, d)
    if d <= MAX_COPIED_COLUMNS:  # NumPy's copies along short axes are slow
        for k in range(d):
            out.array[:whole, k] = rows[..., k]
    else:
        out.array[:whole, :d] = rows.swapaxes(1, 2)
    if rest:
        out.array[whole] = 0
        out.array[whole, :d, :rest] = a[m - rest :].T
    return out
