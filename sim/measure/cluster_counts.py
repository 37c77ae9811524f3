"""How many clusters the tokens of each of many runs form."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.measure.clusters import (
    SAME_CLUSTER_DISTANCE,
    TILE_PAIRS,
    components,
    half_bounds,
)

if TYPE_CHECKING:
    from sim.array_types import Bools, Floats, Ints

MOST_AT_ONCE = 96  # tokens: above, one run after another is as quick


def cluster_counts(x: Floats, reach: float = SAME_CLUSTER_DISTANCE) -> Ints:
    """Return the number of clusters of each run, by `components`: (runs, n, d).

    No number depends on other runs.
    """
    runs, n, _ = x.shape
    if n > MOST_AT_ONCE:
        return np.array([components(one, reach).max(initial=-1) + 1 for one in x])
    size = max(1, TILE_PAIRS // n**2)
    parts = [_counts(x[k : k + size], reach) for k in range(0, runs, size)]
    counts = np.concatenate(parts)
    counts[~np.isfinite(x).all(axis=(-2, -1))] = n
    return counts


def _counts(x: Floats, reach: float) -> Ints:
    """Return how many components graphs have: (runs, n, d) -> int (runs,).

    Each token takes the least name among its neighbours', then that name's own, until
    no name changes; a component is counted by the token whose name it has.
    """
    near, (runs, n, _) = _near(x, reach), x.shape
    own = np.arange(n, dtype=np.int16)
    names = np.broadcast_to(own, (runs, n))
    while True:
        least = np.where(near, names[:, None, :], np.int16(n)).min(axis=-1)
        least = np.minimum(least, names)
        least = np.take_along_axis(least, least.astype(np.intp), axis=-1)
        if np.array_equal(least, names):
            return np.count_nonzero(names == own, axis=-1)
        names = least


def _near(x: Floats, reach: float) -> Bools:
    """Return which tokens of a run are closer than `reach`: bool (runs, n, n)."""
    half = half_bounds(x, reach)
    products = x @ np.ascontiguousarray(x.swapaxes(-1, -2))
    return products - half[:, :, None] > half[:, None, :]
