"""The stochastic block model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np

from sim.graph_operators.edge_list import EdgeList
from sim.graphs import Topology
from sim.graphs.erdos_renyi import random_pairs
from sim.settings.knobs import Knob

if TYPE_CHECKING:
    from numpy.random import Generator

    from sim.array_types import Floats


@dataclass(frozen=True)
class Blocks(Topology):
    """Communities: pairs are joined more often within a block than between two."""

    kind: ClassVar[str] = "blocks"
    title: ClassVar[str] = "Random blocks"
    count: Annotated[
        int, Knob("blocks", 1, 64, live=False, help="Number of communities.")
    ] = 3
    inside: Annotated[
        float,
        Knob(
            "p inside",
            1e-6,
            1,
            scale="log",
            live=False,
            help="Probability of an edge within.",
        ),
    ] = 0.3
    between: Annotated[
        float,
        Knob("p between", 0, 1, live=False, help="Probability of an edge between two."),
    ] = 0.01

    def edge_list(self, x: Floats, rng: Generator) -> EdgeList:
        n, most = len(x), max(self.inside, self.between)
        pairs = random_pairs(n, most, rng)
        block = pairs * self.count // n
        p = np.where(block[:, 0] == block[:, 1], self.inside, self.between)
        return EdgeList(pairs[rng.random(len(pairs)) * most < p])
