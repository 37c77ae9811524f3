"""Connected components of a graph.

SciPy has them too, but takes half a second to import, which would delay the first
picture of every run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from sim.array_types import Ints


def connected(a: Ints, b: Ints, count: int) -> Ints:
    """Return the smallest node of each node's component: int (count,).

    Edges join nodes `a` and `b`, int (m,).  Trees that are joined hook the larger root
    to the smaller one, then all nodes point to their roots [1]_: of the trees with
    edges to others at most half are left, so that rounds are few.

    References
    ----------
    .. [1] Shiloach, Vishkin, "An O(log n) parallel connectivity algorithm", J.
           Algorithms 3 (1982).
    """
    root = np.arange(count)
    while True:
        a, b = root[a], root[b]
        apart = a != b
        a, b = a[apart], b[apart]
        if not len(a):
            return root
        np.minimum.at(root, np.maximum(a, b), np.minimum(a, b))
        above = root[root]
        while not np.array_equal(above, root):
            root, above = above, above[above]
