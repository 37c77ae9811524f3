"""Which of very many tokens are joined: cells first, tokens only where cells doubt."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    Array = np.ndarray[Any, Any]

CROWD = 1024  # pairs of tokens of two cells: up to here all are looked at, at once
NUMBERS = 2.0**62
PILE = 1 << 22  # such pairs at a time: 100 MB


@dataclass(frozen=True, slots=True)
class Cells:
    """Tokens sorted into cubes so small that all tokens in one are joined.

    Attributes
    ----------
    x : shape (n, d)
        Tokens, cell by cell.
    order : int, shape (n,)
        Where each of them stood.
    keys : int, shape (c,)
        Number of each cell in the grid, ascending.
    starts : int, shape (c + 1,)
        Where each cell's tokens begin.
    strides : int, shape (d,)
        What one step along each axis adds to a number.
    """

    x: Array
    order: Array
    keys: Array
    starts: Array
    strides: Array


def countable(x: Array, reach: float) -> bool:
    """Whether the grid around `x` has so few cells that 64 bits can number them."""
    sides = np.ptp(x.astype(float), axis=0) * (x.shape[1] ** 0.5 / reach)
    return float(np.prod(sides + 8)) < NUMBERS


def joined(x: Array, reach: float) -> Array:
    """Return the component of each row of `x`: rows closer than `reach` are joined.

    Exact.  Made for few dimensions: a cell has (2⌈√d⌉ + 1)^d neighbours.
    """
    cells = _sorted(x, reach)
    a, b = np.concatenate([*_neighbours(cells)], axis=1)
    some = cells.x[cells.starts[:-1]]
    links = _close(some[a], some[b], reach)
    label = _components(a[links], b[links], len(cells.keys))
    label = _doubts(cells, a, b, label, reach)
    out = np.empty(len(x), np.int64)
    out[cells.order] = np.repeat(label, np.diff(cells.starts))
    return out


def _sorted(x: Array, reach: float) -> Cells:
    d = x.shape[1]
    ring = int(np.ceil(d**0.5))
    place = np.floor(x * (d**0.5 * (1 + 1e-9) / reach)).astype(np.int64)
    place -= place.min(axis=0) - ring  # an empty margin: no neighbour wraps around
    sizes = place.max(axis=0) + 1 + ring
    strides = np.concatenate([[1], np.cumprod(sizes[:-1])])
    number = place @ strides
    order = np.argsort(number, kind="stable")
    keys, starts = np.unique(number[order], return_index=True)
    return Cells(x[order], order, keys, np.append(starts, len(x)), strides)


def _neighbours(cells: Cells) -> Iterator[Array]:
    """Yield pairs of cells, (2, p), that tokens of a reach apart can be in."""
    d = len(cells.strides)
    ring = range(-int(np.ceil(d**0.5)), int(np.ceil(d**0.5)) + 1)
    yield np.empty((2, 0), np.int64)
    for step in itertools.product(ring, repeat=d):
        gap = sum(max(abs(s) - 1, 0) ** 2 for s in step)
        if step <= (0,) * d or gap >= d:
            continue
        wanted = cells.keys + int(np.dot(step, cells.strides))
        at = np.searchsorted(cells.keys, wanted)
        at[at == len(cells.keys)] = 0
        found = np.flatnonzero(cells.keys[at] == wanted)
        yield np.stack([found, at[found]])


def _doubts(cells: Cells, a: Array, b: Array, label: Array, reach: float) -> Array:
    """Return better labels: look at all tokens of neighbours not joined so far."""
    counts = np.diff(cells.starts)
    open_ = np.flatnonzero(label[a] != label[b])
    a, b = a[open_], b[open_]
    small = counts[a] * counts[b] <= CROWD
    for some in _piles(np.flatnonzero(small), counts[a] * counts[b]):
        near = _met(cells, a[some], b[some], reach)
        label = _joined_labels(label, a[some][near], b[some][near])
    for one, other in zip(a[~small], b[~small], strict=True):
        if label[one] != label[other] and _meet(cells, one, other, reach):
            label = np.where(label == label[other], label[one], label)
    return label


def _piles(which: Array, sizes: Array) -> Iterator[Array]:
    """Split `which` so that each part has not too many pairs of tokens."""
    if len(which):
        pile = np.cumsum(sizes[which]) // PILE
        yield from np.split(which, np.flatnonzero(np.diff(pile)) + 1)


def _met(cells: Cells, a: Array, b: Array, reach: float) -> Array:
    """Say which pairs of cells have tokens closer than `reach`: all are looked at."""
    counts = np.diff(cells.starts)
    sizes = counts[a] * counts[b]
    pair = np.repeat(np.arange(len(a)), sizes)
    inside = np.arange(len(pair)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    row, column = np.divmod(inside, counts[b][pair])
    first, second = cells.starts[a][pair] + row, cells.starts[b][pair] + column
    near = _close(cells.x[first], cells.x[second], reach)
    return np.bincount(pair[near], minlength=len(a)) > 0


def _meet(cells: Cells, one: int, other: int, reach: float) -> bool:
    """Say whether two crowded cells have tokens closer than `reach`."""
    from scipy.spatial import KDTree

    rows, columns = (
        cells.x[cells.starts[k] : cells.starts[k + 1]] for k in (one, other)
    )
    apart, _ = KDTree(rows).query(columns, distance_upper_bound=reach)
    return bool(np.min(apart) < reach)


def _close(a: Array, b: Array, reach: float) -> Array:
    return np.einsum("ij,ij->i", a - b, a - b) < reach**2


def _joined_labels(label: Array, a: Array, b: Array) -> Array:
    return _components(label[a], label[b], int(label.max(initial=0)) + 1)[label]


def _components(a: Array, b: Array, count: int) -> Array:
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    graph = coo_array((np.ones(len(a), bool), (a, b)), shape=(count, count))
    return connected_components(graph, directed=False)[1]
