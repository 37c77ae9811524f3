"""The path P_n."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from sim.graph_operators.edge_list import EdgeList, edge_list
from sim.graphs import Topology

if TYPE_CHECKING:
    from numpy.random import Generator

    from sim.array_types import Floats


@dataclass(frozen=True)
class Path(Topology):
    """Every token is joined to the next."""

    kind: ClassVar[str] = "path"
    title: ClassVar[str] = "Path"

    def edge_list(self, x: Floats, rng: Generator) -> EdgeList:
        here = np.arange(len(x) - 1)
        return edge_list(np.stack([here, here + 1], axis=1), len(x))
