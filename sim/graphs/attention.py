"""The attention graph."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim.graphs import Topology
from sim.graphs.complete import all_pairs

if TYPE_CHECKING:
    from numpy.random import Generator

    from sim.array_types import Floats
    from sim.graph_operators.edge_list import EdgeList


@dataclass(frozen=True)
class AttentionGraph(Topology):
    """Every token is joined to every other, weighted by the attention in force."""

    kind: ClassVar[str] = "attention"
    title: ClassVar[str] = "Attention in force"
    attended: ClassVar[bool] = True
    numbered: ClassVar[bool] = False

    def edge_list(self, x: Floats, rng: Generator) -> EdgeList:
        return all_pairs(len(x))
