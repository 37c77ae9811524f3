"""The complete graph K_n."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from sim.graph_operators.edge_list import EdgeList, check_size
from sim.graphs import Topology

if TYPE_CHECKING:
    from numpy.random import Generator

    from sim.array_types import Floats


@dataclass(frozen=True)
class Complete(Topology):
    """Every token is joined to every other."""

    kind: ClassVar[str] = "complete"
    title: ClassVar[str] = "Complete"
    numbered: ClassVar[bool] = False

    def edge_list(self, x: Floats, rng: Generator) -> EdgeList:
        return all_pairs(len(x))


def all_pairs(n: int) -> EdgeList:
    """Return all pairs of n nodes."""
    check_size(n * (n - 1) / 2, f"the complete graph on {n:,} tokens")
    return EdgeList(np.stack(np.triu_indices(n, 1), axis=1))
