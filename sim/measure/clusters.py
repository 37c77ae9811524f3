"""Clusters of tokens: connected components of those closer than a threshold.

One rule serves their number, rings and labels, the blocks of the matrix and the column
of tables: `components` of the tokens as the law sees them, closer than 0.0447, which is
cos > 0.999 for unit vectors.  Each cluster has one colour, which a few may share.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.measure.connected_components import connected
from sim.measure.flood_kernel import flooded
from sim.measure.grid_clustering import fits_grid, grid_components

if TYPE_CHECKING:
    from sim.array_types import AnyArray
    from sim.spaces import Space

SAME_CLUSTER_COSINE = 0.999  # cosine of 2.6 degrees: below a bead's width on screen
SAME_CLUSTER_DISTANCE = (2 * (1 - SAME_CLUSTER_COSINE)) ** 0.5  # of unit vectors
MAX_PAIRWISE_TOKENS = 4096  # up to here all pairs are compared
TILE_PAIRS = 1 << 17  # compared at a time: 1 MiB in float64
MIN_SYMMETRIC_DIMENSION = 64  # above, the half of a symmetric product is faster
MAX_SPARSE_NEIGHBOURS = 8  # per token: up to here a list of pairs is faster
MAX_GRID_DIMENSION = 3  # up to here cells have few neighbours
CELL_SIDE = SAME_CLUSTER_DISTANCE / 8  # of cells that represent their tokens above


def cluster_rule(space: Space) -> str:
    """Return which tokens are linked to one cluster in `space`."""
    if space.euclidean:
        return f"distance < {SAME_CLUSTER_DISTANCE:.3g}"
    return f"cos > {SAME_CLUSTER_COSINE:g}"


def components(x: AnyArray, reach: float = SAME_CLUSTER_DISTANCE) -> AnyArray:
    """Return the cluster of each row of `x`, (n, d) -> int (n,).

    Rows closer than `reach` are joined; on the sphere the default is cos > 0.999.
    Clusters are numbered in the order of their first members.  Exact up to 4096 rows
    or three dimensions; above, each cell of side reach/8 represents its rows, which
    moves the threshold by at most √d/8 of it.
    """
    if not np.isfinite(x).all():
        return np.arange(len(x))
    if len(x) <= MAX_PAIRWISE_TOKENS:
        return _by_first_member(_component_labels(x, reach))
    if x.shape[1] <= MAX_GRID_DIMENSION and fits_grid(x, reach):
        return _by_first_member(grid_components(x, reach))
    corner, cell = np.unique(np.floor(x / CELL_SIDE), axis=0, return_inverse=True)
    of_cell = _component_labels_sparse((corner + 0.5) * CELL_SIDE, reach)
    return _by_first_member(of_cell[cell.reshape(-1)])


def _component_labels(x: AnyArray, reach: float) -> AnyArray:
    compiled = flooded(x, reach)
    return _component_labels_by_products(x, reach) if compiled is None else compiled


def _component_labels_by_products(x: AnyArray, reach: float) -> AnyArray:
    near = _adjacency(x, reach)
    many = np.count_nonzero(near, axis=1)
    if many.sum() > MAX_SPARSE_NEIGHBOURS * len(x):
        return _flood_fill(near, many)
    rows, columns = np.divmod(np.flatnonzero(near), len(x))
    return connected(rows, columns, len(x))


def _adjacency(x: AnyArray, reach: float) -> AnyArray:
    """Return which rows of `x` are closer than `reach`: (n, d) -> bool (n, n)."""
    n, half = len(x), half_bounds(x, reach)
    size = max(1, TILE_PAIRS // n)
    if size >= n and x.shape[1] >= MIN_SYMMETRIC_DIMENSION:
        products = x @ x.T  # of which NumPy computes one half
        products -= half[:, None]
        return products > half
    near, columns = np.empty((n, n), bool), np.ascontiguousarray(x.T)
    for a in range(0, n, size):
        products = x[a : a + size] @ columns
        products -= half[a : a + size, None]
        np.greater(products, half, out=near[a : a + size])
    return near


def half_bounds(x: AnyArray, reach: float) -> AnyArray:
    """Return what two rows have to exceed together: (..., n, d) -> (..., n).

    |a - b| < r  is  ⟨a, b⟩ > (|a|² - r²/2)/2 + (|b|² - r²/2)/2.
    """
    return np.einsum("...ij,...ij->...i", x, x) / 2 - reach**2 / 4


def _flood_fill(near: AnyArray, many: AnyArray) -> AnyArray:
    """Return components of the symmetric `near`, bool (n, n): int (n,).

    The largest neighbourhoods are flooded first.
    """
    labels, left = np.arange(len(near)) + len(near), np.ones(len(near), bool)
    order = np.argsort(-many, kind="stable")
    for seed in order[many[order] > 1].tolist():
        if not left[seed]:
            continue
        fresh = np.array([seed])
        while len(fresh):
            labels[fresh], left[fresh] = seed, False
            fresh = np.flatnonzero(near[fresh].any(axis=0) & left)
    return labels


def _component_labels_sparse(x: AnyArray, reach: float) -> AnyArray:
    from scipy.spatial import KDTree

    pairs = KDTree(x).query_pairs(reach, output_type="ndarray")
    return connected(pairs[:, 0], pairs[:, 1], len(x))


def _by_first_member(labels: AnyArray) -> AnyArray:
    first = np.full(int(labels.max(initial=-1)) + 1, -1)
    first[labels[::-1]] = np.arange(len(labels))[::-1]  # the last to be set stays
    names = np.flatnonzero(first >= 0)
    rank = np.empty(len(first), dtype=np.int64)
    rank[names[np.argsort(first[names])]] = np.arange(len(names))
    return rank[labels]
