"""The ring C_n."""

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
class Ring(Topology):
    """Every token is joined to the next, and the last to the first."""

    kind: ClassVar[str] = "ring"
    title: ClassVar[str] = "Ring"

    def edge_list(self, x: Floats, rng: Generator) -> EdgeList:
        n = len(x)
        here = np.arange(n if n > 2 else n - 1)  # noqa: PLR2004 - two make one edge
        return edge_list(np.stack([here, (here + 1) % n], axis=1), n)
