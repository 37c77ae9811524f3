"""Graphs: who is joined to whom, and the coboundary that takes differences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.arrays import namespace, sum_of

if TYPE_CHECKING:
    from sim.arrays import Array

Ints = np.ndarray[Any, Any]


@dataclass(frozen=True, slots=True)
class Graph:
    """An oriented graph with its coboundary d0, as gathers without a matrix.

    Attributes
    ----------
    edges : int, shape (m, 2), on the host
        Tail and head of every edge, tail < head.
    tail, head : Array, int, shape (m,)
        The same, on the device.
    nodes : int
        Number of nodes n.
    slots : Array, int, shape (n · k,)
        For every node its edges, padded with m up to the largest degree k.
    signs : Array, shape (n · k, 1)
        +1 where the node is the head of that edge, -1 where the tail, 0 for padding.
    """

    edges: Ints
    nodes: int
    tail: Array
    head: Array
    slots: Array
    signs: Array

    @staticmethod
    def of(edges: Ints, n: int, like: Array) -> Graph:
        """Return the graph of `edges`, int (m, 2), on n nodes, beside `like`."""
        xp, m = namespace(like), len(edges)
        ends, of_edge = edges.reshape(-1), np.repeat(np.arange(m), 2)
        sign = np.tile([-1.0, 1.0], m)
        order = np.argsort(ends, kind="stable")
        degree = np.bincount(ends, minlength=n)
        widest = max(1, int(degree.max(initial=0)))
        place = np.arange(2 * m) - np.repeat(np.cumsum(degree) - degree, degree)
        slots, signs = np.full((n, widest), m), np.zeros((n, widest))
        slots[ends[order], place] = of_edge[order]
        signs[ends[order], place] = sign[order]
        return Graph(
            edges,
            n,
            xp.asarray(edges[:, 0].copy()),
            xp.asarray(edges[:, 1].copy()),
            xp.asarray(slots.reshape(-1)),
            xp.asarray(signs.reshape(-1, 1), dtype=like.dtype),
        )

    def difference(self, q: Array) -> Array:
        """Return d0 q, head minus tail along every edge: (..., n, d) -> (..., m, d)."""
        xp = namespace(q)
        return xp.take(q, self.head, axis=-2) - xp.take(q, self.tail, axis=-2)

    def collect(self, p: Array) -> Array:
        """Return d0ᵀ p, inflow minus outflow at a node: (..., m, d) -> (..., n, d)."""
        xp = namespace(p)
        padded = xp.concat([p, xp.zeros_like(p[..., :1, :])], axis=-2)
        parts = xp.take(padded, self.slots, axis=-2) * self.signs
        shape = (*p.shape[:-2], self.nodes, -1, p.shape[-1])
        return sum_of(xp.reshape(parts, shape), -2)
