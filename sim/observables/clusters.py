"""How many clusters there are, and which token is in which."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from sim.observables import Observable

if TYPE_CHECKING:
    from sim.observables.probe import Probe

    Array = np.ndarray[Any, Any]

SAME = 0.999  # cosine of 2.6 degrees: below a bead's width on screen
REACH = (2 * (1 - SAME)) ** 0.5  # the same as a distance between unit vectors
DIRECT = 4096  # tokens: up to here all pairs are looked at
CELL = REACH / 8  # side of the cells that stand for their tokens above


@dataclass(frozen=True)
class Clusters(Observable):
    """Number of connected components of tokens whose cosine exceeds 0.999."""

    kind: ClassVar[str] = "clusters"
    label: ClassVar[str] = "Clusters"
    formula: ClassVar[str] = "components of cos > 0.999"
    whole: ClassVar[bool] = True

    def measure(self, probe: Probe) -> float:
        return float(probe.labels.max(initial=-1) + 1)


def components(x: Array, reach: float = REACH) -> Array:
    """Return the cluster of each row of `x`, (n, d) -> int (n,).

    Rows closer than `reach` are joined; on the sphere the default is cos > 0.999.
    Clusters are numbered in the order of their first members.  Above 4096 rows each
    cell of side reach/8 stands for its rows, which moves the threshold by at most a
    quarter in three dimensions.
    """
    if not np.isfinite(x).all():
        return np.arange(len(x))
    if len(x) <= DIRECT:
        return _numbered(_joined(x, reach))
    corner, cell = np.unique(np.floor(x / CELL), axis=0, return_inverse=True)
    of_cell = _joined_sparse((corner + 0.5) * CELL, reach)
    return _numbered(of_cell[cell.reshape(-1)])


def _joined(x: Array, reach: float) -> Array:
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    square = np.einsum("ij,ij->i", x, x)
    apart = square[:, None] + square[None, :] - 2 * (x @ x.T)
    return connected_components(csr_array(apart < reach**2), directed=False)[1]


def _joined_sparse(x: Array, reach: float) -> Array:
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components
    from scipy.spatial import KDTree

    pairs = KDTree(x).query_pairs(reach, output_type="ndarray")
    ones, shape = np.ones(len(pairs), bool), (len(x), len(x))
    graph = coo_array((ones, (pairs[:, 0], pairs[:, 1])), shape=shape)
    return connected_components(graph, directed=False)[1]


def _numbered(labels: Array) -> Array:
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    return rank[inverse.reshape(-1)]
