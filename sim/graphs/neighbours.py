"""The graph that joins every token to the tokens nearest to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np

from sim.graph_operators.edge_list import EdgeList
from sim.graphs import Topology
from sim.settings.knobs import Knob

if TYPE_CHECKING:
    from numpy.random import Generator

    from sim.array_types import Floats, Ints


@dataclass(frozen=True)
class Neighbours(Topology):
    """Every token is joined to the k that are nearest to it at the start."""

    kind: ClassVar[str] = "neighbours"
    title: ClassVar[str] = "Nearest neighbours"
    numbered: ClassVar[bool] = False
    k: Annotated[
        int,
        Knob("k", 1, 16, live=False, help="Nearest neighbours joined to each token."),
    ] = 4

    def edge_list(self, x: Floats, rng: Generator) -> EdgeList:
        return EdgeList(neighbours(x, self.k))


def neighbours(x: Floats, k: int) -> Ints:
    """Return the edges of the k-nearest-neighbour graph of the rows of `x`: (n, d).

    Two tokens are joined if either is among the other's k nearest.  Shape (m, 2), with
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
