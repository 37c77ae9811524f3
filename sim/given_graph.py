"""A graph given by an array of edges, with momenta in the order of that array."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.graph_operators.edge_list import edge_list

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from sim.array_types import Floats, Ints

ENDS, WITH_WEIGHT = 2, 3  # columns: tail, head, and perhaps a weight


@dataclass(frozen=True, slots=True)
class GivenGraph:
    """Edges as they were given, and as a graph has them.

    Attributes
    ----------
    given : int, shape (k, 2)
        The rows of the array.
    edges : int, shape (m, 2)
        Each edge once, tail < head, in ascending order.
    weight : float, shape (m,), optional
        Of `edges`.
    """

    given: Ints
    edges: Ints
    weight: Floats | None

    @staticmethod
    def of(graph: ArrayLike, n: int) -> GivenGraph:
        """Return the graph on n nodes of an array of shape (k, 2) or (k, 3).

        Raises
        ------
        ValueError
            If it is no such array, or names a node that does not exist.
        """
        try:
            table = np.array(graph, dtype=np.float64)
        except (TypeError, ValueError):
            table = np.empty((0, 0))
        shape = table.shape
        if len(shape) != ENDS or shape[-1] not in (ENDS, WITH_WEIGHT):
            raise ValueError(
                "graph: must be edges, an array of shape (m, 2), or (m, 3) with "
                f"weights, got shape {shape}. Of an adjacency matrix a give "
                "numpy.argwhere(a)."
            )
        ends = table[:, :2]
        if (ends != ends.round()).any():
            raise ValueError("graph: nodes are whole numbers, counted from 0.")
        pairs = ends.astype(np.int64)
        weight = table[:, ENDS] if shape[-1] == WITH_WEIGHT else None
        found = edge_list(pairs, n, weight, "graph")
        return GivenGraph(pairs, found.edges, found.weight)

    def carried(self, momenta: Floats) -> Floats:
        """Return momenta of the rows given, (k, d), as those of `edges`: (m, d).

        Raises
        ------
        ValueError
            If there is not one for each row, or an edge is given twice.
        """
        if len(momenta) != len(self.given) or len(self.given) != len(self.edges):
            raise ValueError(
                f"momenta: there must be one for each row of graph, {len(self.given)}, "
                f"and every edge once, {len(self.edges)}; got {len(momenta)}."
            )
        tail, head = self.given.T
        order = np.lexsort((np.maximum(tail, head), np.minimum(tail, head)))
        sign = np.where(tail < head, 1.0, -1.0)
        return (sign[:, None] * momenta)[order]

    def table(self) -> str:
        """Return the edges as a CSV, with weights if there are any, exactly."""
        rows = self.edges.tolist()
        if self.weight is None:
            return "source,target\n" + "".join(f"{a},{b}\n" for a, b in rows)
        weighted = zip(rows, self.weight.tolist(), strict=True)
        lines = "".join(f"{a},{b},{w!r}\n" for (a, b), w in weighted)
        return f"source,target,weight\n{lines}"
