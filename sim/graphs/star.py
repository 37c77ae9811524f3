"""The star."""

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
class Star(Topology):
    """The first token is joined to every other."""

    kind: ClassVar[str] = "star"
    title: ClassVar[str] = "Star"

    def edge_list(self, x: Floats, rng: Generator) -> EdgeList:
        others = np.arange(1, len(x))
        return edge_list(np.stack([0 * others, others], axis=1), len(x))
