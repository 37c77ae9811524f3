"""Which of very many tokens are joined: cells first, tokens only where cells doubt."""

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


CROWD = 1024  # pairs of tokens of two cells: up to here all are looked at, at once
NUMBERS = 2.0**62
PILE = 1 << 22  # such pairs at a time: 100 MB
TABLE = 1 << 22  # cells of a grid: up to here a table of all of them is the quicker way


@dataclass(frozen=True, slots=True)
class OccupiedCells:
    """Cubes so small that all tokens in one are joined; c of them have tokens.

    Attributes
    ----------
    x : shape (n, d)
        Tokens.
    of : int, shape (n,)
        The cell of each.
    keys : int, shape (c,)
        Number of each cell in the grid, ascending.
    strides : int, shape (d,)
        What one step along each axis adds to a number.
    table : int, shape (g,), optional
        Which cell has each number of the grid, -1 for none; None for a large grid.
    """

    x: AnyArray
    of: AnyArray
    keys: AnyArray
    strides: AnyArray
    table: AnyArray | None

    def at(self, numbers: AnyArray) -> AnyArray:
        """Return the cells of these numbers, -1 where there is none."""
        if self.table is not None:
            return self.table[numbers]
        near = np.searchsorted(self.keys, numbers)
        near[near == len(self.keys)] = 0
        return np.where(self.keys[near] == numbers, near, -1)


@dataclass(frozen=True, slots=True)
class Heaps:
    """The tokens of some cells, cell by cell.

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
    def of(cells: OccupiedCells, some: AnyArray) -> Heaps:
        """Return the tokens of `some` cells; the others have none."""
        asked = np.zeros(len(cells.keys), bool)
        asked[some] = True
        tokens = np.flatnonzero(asked[cells.of])
        of = cells.of[tokens]
        counts = np.bincount(of, minlength=len(asked))
        tokens = tokens[np.argsort(of, kind="stable")]
        return Heaps(cells.x[tokens], np.concatenate([[0], np.cumsum(counts)]))

    @property
    def counts(self) -> AnyArray:
        """How many tokens each cell has: int (c,)."""
        return np.diff(self.starts)

    def __getitem__(self, cell: int) -> AnyArray:
        """Return the tokens of a cell: (k, d)."""
        return self.x[self.starts[cell] : self.starts[cell + 1]]


def countable(x: AnyArray, reach: float) -> bool:
    """Whether the grid around `x` has so few cells that 64 bits can number them."""
    scale = x.shape[1] ** 0.5 / reach
    sides = (float(column.max()) - float(column.min()) for column in x.T)
    return math.prod(scale * side + 8 for side in sides) < NUMBERS


def joined(x: AnyArray, reach: float) -> AnyArray:
    """Return the component of each row of `x`: rows closer than `reach` are joined.

    Exact.  Made for few dimensions: a cell has (2⌈√d⌉ + 1)^d neighbours.
    """
    cells = _sorted(x, reach)
    a, b = np.concatenate([*_neighbours(cells)], axis=1)
    some = np.empty(len(cells.keys), np.int64)
    some[cells.of] = np.arange(len(x))  # one of each cell: the last
    links = _close(x[some], a, b, reach)
    label = connected(a[links], b[links], len(cells.keys))
    return _doubts(cells, a, b, label, reach)[cells.of]


def _sorted(x: AnyArray, reach: float) -> OccupiedCells:
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
    if stride > TABLE:
        keys, of = np.unique(number, return_inverse=True)
        return OccupiedCells(x, of, keys, strides, None)
    table = np.full(stride, -1)
    table[number] = 0
    keys = np.flatnonzero(table >= 0)
    table[keys] = np.arange(len(keys))
    return OccupiedCells(x, table[number], keys, strides, table)


def _neighbours(cells: OccupiedCells) -> Iterator[AnyArray]:
    """Yield pairs of cells, (2, p), that tokens of a reach apart can be in."""
    yield np.empty((2, 0), np.int64)
    for step in _steps(len(cells.strides)) @ cells.strides:
        at = cells.at(cells.keys + step)
        found = np.flatnonzero(at >= 0)
        yield np.stack([found, at[found]])


@cache
def _steps(d: int) -> AnyArray:
    """Return half of all steps to cells that a reach may lead to: (s, d)."""
    ring = range(-math.ceil(d**0.5), math.ceil(d**0.5) + 1)
    steps = np.array([*itertools.product(ring, repeat=d)])
    gap = np.square(np.maximum(np.abs(steps) - 1, 0)).sum(axis=1)
    later = np.arange(len(steps)) > len(steps) // 2  # the other half leads back
    return steps[later & (gap < d)]


def _doubts(
    cells: OccupiedCells, a: AnyArray, b: AnyArray, label: AnyArray, reach: float
) -> AnyArray:
    """Return better labels: look at all tokens of neighbours not joined so far."""
    open_ = np.flatnonzero(label[a] != label[b])
    a, b = a[open_], b[open_]
    heaps = Heaps.of(cells, np.concatenate([a, b]))
    counts = heaps.counts
    small = counts[a] * counts[b] <= CROWD
    for some in _piles(np.flatnonzero(small), counts[a] * counts[b]):
        near = _met(heaps, a[some], b[some], reach)
        label = _joined_labels(label, a[some][near], b[some][near])
    for one, other in zip(a[~small], b[~small], strict=True):
        if label[one] != label[other] and _meet(heaps[one], heaps[other], reach):
            label = np.where(label == label[other], label[one], label)
    return label


def _piles(which: AnyArray, sizes: AnyArray) -> Iterator[AnyArray]:
    """Split `which` so that each part has not too many pairs of tokens."""
    if len(which):
        pile = np.cumsum(sizes[which]) // PILE
        yield from np.split(which, np.flatnonzero(np.diff(pile)) + 1)


def _met(heaps: Heaps, a: AnyArray, b: AnyArray, reach: float) -> AnyArray:
    """Say which pairs of cells have tokens closer than `reach`: all are looked at."""
    counts = heaps.counts
    sizes = counts[a] * counts[b]
    pair = np.repeat(np.arange(len(a)), sizes)
    inside = np.arange(len(pair)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    row, column = np.divmod(inside, counts[b][pair])
    first, second = heaps.starts[a][pair] + row, heaps.starts[b][pair] + column
    near = _close(heaps.x, first, second, reach)
    return np.bincount(pair[near], minlength=len(a)) > 0


def _meet(rows: AnyArray, columns: AnyArray, reach: float) -> bool:
    """Say whether two crowded cells have tokens closer than `reach`."""
    from scipy.spatial import KDTree

    apart, _ = KDTree(rows).query(columns, distance_upper_bound=reach)
    return bool(np.min(apart) < reach)


def _close(x: AnyArray, a: AnyArray, b: AnyArray, reach: float) -> AnyArray:
    """Say which rows `a` and `b` of `x` are closer than `reach`: (m, d), (p,), (p,)."""
    apart = np.zeros(len(a), x.dtype)
    for column in np.ascontiguousarray(x.T):
        apart += np.square(column[a] - column[b])
    return apart < reach**2


def _joined_labels(label: AnyArray, a: AnyArray, b: AnyArray) -> AnyArray:
    return connected(label[a], label[b], int(label.max(initial=0)) + 1)[label]
