"""Components of very many tokens: by grid cells, and by tokens where undecided."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from sim.measure.connected_components import connected

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.array_types import AnyArray


MAX_PAIRS_OF_CELLS = 1024  # token pairs of two cells: up to here all are compared
MAX_CELL_NUMBER = 2.0**62  # cells are numbered in 64 bits
CHUNK_PAIRS = 1 << 22  # compared at a time: 100 MB
MAX_TABLE_CELLS = 1 << 22  # of a grid: up to here a table of all is faster


@dataclass(frozen=True, slots=True)
class OccupiedCells:
    """Cubes so small that all tokens in one are joined; c of them have tokens.

    Attributes
    ----------
    x : shape (n, d)
        Tokens.
    cell_of : int, shape (n,)
        The cell of each.
    keys : int, shape (c,)
        Number of each cell in the grid, ascending.
    strides : int, shape (d,)
        What one step along each axis adds to a number.
    table : int, shape (g,), optional
        Which cell has each number of the grid, -1 for none; None for a large grid.
    """

    x: AnyArray
    cell_of: AnyArray
    keys: AnyArray
    strides: AnyArray
    table: AnyArray | None

    def lookup(self, numbers: AnyArray) -> AnyArray:
        """Return the cells with these numbers, int (k,); -1 where there is none."""
        if self.table is not None:
            return self.table[numbers]
        near = np.searchsorted(self.keys, numbers)
        near[near == len(self.keys)] = 0
        return np.where(self.keys[near] == numbers, near, -1)


@dataclass(frozen=True, slots=True)
class CellBuckets:
    """The tokens of some cells, cell by cell, as in compressed sparse rows.

    Attributes
    ----------
    x : shape (m, d)
        Tokens.
    starts : int, shape (c + 1,)
        Where each cell's tokens begin.
    """

    x: AnyArray
    starts: AnyArray

    @staticmethod
    def of(cells: OccupiedCells, some: AnyArray) -> CellBuckets:
        """Return the buckets of the cells `some`; the others are empty."""
        asked = np.zeros(len(cells.keys), bool)
        asked[some] = True
        tokens = np.flatnonzero(asked[cells.cell_of])
        of = cells.cell_of[tokens]
        counts = np.bincount(of, minlength=len(asked))
        tokens = tokens[np.argsort(of, kind="stable")]
        return CellBuckets(cells.x[tokens], np.concatenate([[0], np.cumsum(counts)]))

    @property
    def counts(self) -> AnyArray:
        """Number of tokens in each cell: int (c,)."""
        return np.diff(self.starts)

    def __getitem__(self, cell: int) -> AnyArray:
        """Return the tokens of a cell: (k, d)."""
        return self.x[self.starts[cell] : self.starts[cell + 1]]


def fits_grid(x: AnyArray, reach: float) -> bool:
    """Whether 64 bits can number the cells of the grid around `x`, (n, d)."""
    scale = x.shape[1] ** 0.5 / reach
    sides = (float(column.max()) - float(column.min()) for column in x.T)
    return math.prod(scale * side + 8 for side in sides) < MAX_CELL_NUMBER


def grid_components(x: AnyArray, reach: float) -> AnyArray:
    """Return the component of each row of `x`, (n, d) -> int (n,).

    Rows closer than `reach` are joined.  Exact.  For few dimensions: a cell has
    (2⌈√d⌉ + 1)^d neighbours.
    """
    cells = _sort_into_cells(x, reach)
    a, b = np.concatenate([*_neighbours(cells)], axis=1)
    some = np.empty(len(cells.keys), np.int64)
    some[cells.cell_of] = np.arange(len(x))  # one token of each cell: the last
    links = _close(x[some], a, b, reach)
    label = connected(a[links], b[links], len(cells.keys))
    return _join_undecided(cells, a, b, label, reach)[cells.cell_of]


def _sort_into_cells(x: AnyArray, reach: float) -> OccupiedCells:
    d = x.shape[1]
    ring = math.ceil(d**0.5)
    scale, stride = d**0.5 * (1 + 1e-9) / reach, 1
    number, strides = np.zeros(len(x), np.int64), np.empty(d, np.int64)
    for k in range(d):
        place = np.floor(x[:, k] * scale).astype(np.int64)
        low = int(place.min()) - ring  # an empty margin: no neighbour wraps around
        place -= low
        sides, strides[k] = int(place.max()) + 1 + ring, stride
        number += stride * place
        stride *= sides
    if stride > MAX_TABLE_CELLS:
        keys, of = np.unique(number, return_inverse=True)
        return OccupiedCells(x, of, keys, strides, None)
    table = np.full(stride, -1)
    table[number] = 0
    keys = np.flatnonzero(table >= 0)
    table[keys] = np.arange(len(keys))
    return OccupiedCells(x, table[number], keys, strides, table)


def _neighbours(cells: OccupiedCells) -> Iterator[AnyArray]:
    """Yield pairs of cells, (2, p), whose tokens may be within reach."""
    yield np.empty((2, 0), np.int64)
    for step in _steps(len(cells.strides)) @ cells.strides:
        at = cells.lookup(cells.keys + step)
        found = np.flatnonzero(at >= 0)
        yield np.stack([found, at[found]])


@cache
def _steps(d: int) -> AnyArray:
    """Return half of the steps to cells within reach, the others reversed: (s, d)."""
    ring = range(-math.ceil(d**0.5), math.ceil(d**0.5) + 1)
    steps = np.array([*itertools.product(ring, repeat=d)])
    gap = np.square(np.maximum(np.abs(steps) - 1, 0)).sum(axis=1)
    later = np.arange(len(steps)) > len(steps) // 2  # the other half leads back
    return steps[later & (gap < d)]


def _join_undecided(
    cells: OccupiedCells, a: AnyArray, b: AnyArray, label: AnyArray, reach: float
) -> AnyArray:
    """Return final labels: compare all tokens of neighbouring cells not joined yet."""
    open_ = np.flatnonzero(label[a] != label[b])
    a, b = a[open_], b[open_]
    buckets = CellBuckets.of(cells, np.concatenate([a, b]))
    counts = buckets.counts
    small = counts[a] * counts[b] <= MAX_PAIRS_OF_CELLS
    for some in _chunks(np.flatnonzero(small), counts[a] * counts[b]):
        near = _have_close_tokens(buckets, a[some], b[some], reach)
        label = _merge_labels(label, a[some][near], b[some][near])
    for one, other in zip(a[~small], b[~small], strict=True):
        if label[one] != label[other] and _crowded_cells_touch(
            buckets[one], buckets[other], reach
        ):
            label = np.where(label == label[other], label[one], label)
    return label


def _chunks(which: AnyArray, sizes: AnyArray) -> Iterator[AnyArray]:
    """Split `which`, int (p,), into parts with limited numbers of token pairs."""
    if len(which):
        chunk = np.cumsum(sizes[which]) // CHUNK_PAIRS
        yield from np.split(which, np.flatnonzero(np.diff(chunk)) + 1)


def _have_close_tokens(
    buckets: CellBuckets, a: AnyArray, b: AnyArray, reach: float
) -> AnyArray:
    """Return which pairs of cells have tokens closer than `reach`: bool (p,)."""
    counts = buckets.counts
    sizes = counts[a] * counts[b]
    pair = np.repeat(np.arange(len(a)), sizes)
    inside = np.arange(len(pair)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    row, column = np.divmod(inside, counts[b][pair])
    first, second = buckets.starts[a][pair] + row, buckets.starts[b][pair] + column
    near = _close(buckets.x, first, second, reach)
    return np.bincount(pair[near], minlength=len(a)) > 0


def _crowded_cells_touch(rows: AnyArray, columns: AnyArray, reach: float) -> bool:
    """Return whether two large cells have tokens closer than `reach`."""
    from scipy.spatial import KDTree

    apart, _ = KDTree(rows).query(columns, distance_upper_bound=reach)
    return bool(np.min(apart) < reach)


def _close(x: AnyArray, a: AnyArray, b: AnyArray, reach: float) -> AnyArray:
    """Return which rows `a` and `b` of `x` are closer than `reach`: bool (p,)."""
    apart = np.zeros(len(a), x.dtype)
    for column in np.ascontiguousarray(x.T):
        apart += np.square(column[a] - column[b])
    return apart < reach**2


def _merge_labels(label: AnyArray, a: AnyArray, b: AnyArray) -> AnyArray:
    return connected(label[a], label[b], int(label.max(initial=0)) + 1)[label]
