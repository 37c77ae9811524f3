"""The adjacency matrix of a graph as a picture.  No Qt."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from app.scene.matrix_order import MatrixImage

if TYPE_CHECKING:
    from sim.array_types import AnyArray
    from sim.frame import Frame

MAX_GRAPH_SIDE = 288  # cells of a picture of a graph


def graph_image(frame: Frame) -> MatrixImage | None:
    """Return the number of edges between every two cells, neighbours side by side."""
    if frame.edges is None:
        return None
    n = len(frame.x)
    side = min(n, MAX_GRAPH_SIDE)
    order = _banded(frame.edges.astype(np.int64).tobytes(), n)
    place = np.arange(n) * side // n
    cell = np.empty(n, int)
    cell[order] = place
    a, b = cell[frame.edges].T
    values = np.zeros((side, side))
    np.add.at(values, (a, b), 1.0)
    np.add.at(values, (b, a), 1.0)
    tokens = order[np.searchsorted(place, np.arange(side))]
    return MatrixImage(tokens, values, np.zeros(0, int), graph=True)


@lru_cache(maxsize=2)
def _banded(edges: bytes, n: int) -> AnyArray:
    """Return the order that puts neighbours of a graph side by side: int (n,)."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import reverse_cuthill_mckee

    a, b = np.frombuffer(edges, np.int64).reshape(-1, 2).T
    ends = np.concatenate([a, b]), np.concatenate([b, a])
    joined = csr_array((np.ones(2 * len(a)), ends), shape=(n, n))
    return np.asarray(reverse_cuthill_mckee(joined, symmetric_mode=True), int)
