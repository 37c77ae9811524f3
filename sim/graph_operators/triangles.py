"""The triangles of a graph."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.graph_operators.edge_list import MAX_EDGES

if TYPE_CHECKING:
    from sim.array_types import Ints


def triangles(edges: Ints, n: int) -> tuple[Ints, Ints]:
    """Return the nodes i < j < k of every triangle and its edges ij, jk, ik: (t, 3).

    Every path i – j – k is tested once, and kept where i – k is an edge.

    Raises
    ------
    ValueError
        If there are too many paths.
    """
    tail, head = edges[:, 0], edges[:, 1]
    first = np.searchsorted(tail, np.arange(n + 1))
    onward = first[head + 1] - first[head]
    if onward.sum() > 4 * MAX_EDGES:
        raise ValueError(
            f"the graph has {onward.sum():,} paths of two edges; triangles are "
            f"searched for among {4 * MAX_EDGES:,} at most. Use fewer tokens "
            "or fewer neighbours."
        )
    ij = np.repeat(np.arange(len(edges)), onward)
    rank = np.arange(len(ij)) - np.repeat(np.cumsum(onward) - onward, onward)
    jk = first[head[ij]] + rank
    key, wanted = tail * n + head, tail[ij] * n + head[jk]
    ik = np.searchsorted(key, wanted)
    closed = ik < len(key)
    closed[closed] = key[ik[closed]] == wanted[closed]
    sides = np.stack([ij, jk, ik], axis=1)[closed]
    nodes = np.stack([tail[ij], head[ij], head[jk]], axis=1)[closed]
    return nodes, sides
