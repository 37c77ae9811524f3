"""The graph that joins every token to the tokens nearest to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from sim.graphs import Ints


def neighbours(x: np.ndarray, k: int) -> Ints:
    """Return the edges of the k-nearest-neighbour graph of the rows of `x`: (n, d).

    An edge stands where either end counts the other among its k nearest; (m, 2) with
    tail < head, in ascending order.
    """
    from scipy.spatial import KDTree  # imported late: half a second at start-up

    k = min(k, len(x) - 1)
    _, near = KDTree(x).query(x, k=k + 1)
    near = np.asarray(near).reshape(len(x), -1)
    tail = np.repeat(np.arange(len(x)), near.shape[1])
    pairs = np.stack([tail, near.reshape(-1)], axis=1)
    pairs = np.sort(pairs[pairs[:, 0] != pairs[:, 1]], axis=1)
    return np.unique(pairs, axis=0)
