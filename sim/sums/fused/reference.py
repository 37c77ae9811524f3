"""The formulas of the fused kernels in plain NumPy, for tests and for readers.

Each function takes the arrays and integers that the kernel of the same name takes, and
writes the same results, so that it can stand in for the kernel in a debugger.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.jit.exponential import reference as exponential

if TYPE_CHECKING:
    from sim.array_types import AnyArray, Floats
    from sim.sums.fused.blocking import TileSpec


def tile(
    spec: TileSpec,
    *,
    queries: Floats,
    shifts: Floats,
    keys: Floats,
    row_sums: Floats,
    values: Floats | None = None,
    own_values: Floats | None = None,
    key_sums: Floats | None = None,
    row_start: int,
    row_stop: int,
    row_step: int,
    group_start: int,
    group_stop: int,
    key_count: int,
) -> None:
    """Do what `tile_kernel` does: W = e^{S − shift} and W (1, Y), a tile at a time.

    Adds in float64 what the kernel adds in the type of the tokens, so results differ by
    the rounding of sums of as many terms as a tile has keys or rows.
    """
    lanes, height = spec.lanes, spec.blocking.rows
    k = _ungrouped(keys)[:, : spec.width]
    y = k if values is None else _ungrouped(values)[:, : spec.depth]
    for i in range(row_start, row_stop, row_step):
        rows = np.arange(i, i + height)
        first = max(i, group_start * lanes) if spec.symmetric else group_start * lanes
        columns = np.arange(first, min(group_stop * lanes, key_count))
        seen = np.ones((height, len(columns)), bool)
        if spec.causal:
            seen = columns <= rows[:, None]
        scaled = queries[rows].astype(float) @ k[columns].T + shifts[rows, None]
        weights = np.where(seen, exponential(scaled, spec.kind), 0.0)
        _add(row_sums, rows, weights @ _with_one(y[columns]))
        if key_sums is not None and own_values is not None:
            beyond = columns >= i + height
            mine = rows[rows < len(own_values)]
            part = weights[: len(mine), beyond].T @ _with_one(own_values[mine])
            _add(key_sums, columns[beyond], part)


def reduce(
    *,
    partials: Floats,
    row_sums: Floats,
    mass: Floats,
    mean: Floats,
    partial_count: int,
    partial_size: int,
    vector_start: int,
    vector_stop: int,
    group_start: int,
    group_stop: int,
) -> None:
    """Do what `reduce_kernel` does, to the last bit."""
    lanes = row_sums.shape[-1]
    vectors = slice(vector_start, vector_stop)
    sums = row_sums.reshape(-1, lanes)
    for one in partials.reshape(-1, partial_size, lanes)[:partial_count]:
        sums[vectors] += one[vectors]
    rows = slice(group_start * lanes, group_stop * lanes)
    some = _ungrouped(row_sums)[rows]
    mass[rows], mean[rows] = some[:, :1], some[:, 1:] / some[:, :1]


def _ungrouped(a: Floats) -> Floats:
    """Return (groups, columns, lanes) as (groups · lanes, columns)."""
    return a.swapaxes(1, 2).reshape(-1, a.shape[1])


def _with_one(y: Floats) -> Floats:
    return np.column_stack([np.ones(len(y)), y])


def _add(sums: Floats, rows: AnyArray, found: Floats) -> None:
    """Add rows (r, columns) to sums in groups, (groups, columns, lanes)."""
    group, lane = np.divmod(rows, sums.shape[-1])
    sums[group, :, lane] += found
