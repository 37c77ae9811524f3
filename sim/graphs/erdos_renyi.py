"""The random graph G(n, p)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np

from sim.graph_operators.edge_list import MAX_EDGES, EdgeList, check_size
from sim.graphs import Topology
from sim.settings.knobs import Knob

if TYPE_CHECKING:
    from numpy.random import Generator

    from sim.array_types import Floats, Ints


@dataclass(frozen=True)
class ErdosRenyi(Topology):
    """Every pair of tokens is joined with probability p, independently."""

    kind: ClassVar[str] = "erdos_renyi"
    title: ClassVar[str] = "Random (Erdős–Rényi)"
    p: Annotated[
        float,
        Knob("p", 1e-6, 1, scale="log", live=False, help="Probability of every edge."),
    ] = 0.05

    def edge_list(self, x: Floats, rng: Generator) -> EdgeList:
        return EdgeList(random_pairs(len(x), self.p, rng))


def random_pairs(n: int, p: float, rng: Generator) -> Ints:
    """Return each pair of n nodes with probability p, in ascending order: (m, 2)."""
    pairs = n * (n - 1) // 2
    check_size(p * pairs, f"a random graph on {n:,} tokens with p = {p:g}")
    if pairs <= MAX_EDGES:
        return np.stack(np.triu_indices(n, 1), axis=1)[rng.random(pairs) < p]
    count = rng.binomial(pairs, p)
    found = np.zeros((0, 2), dtype=np.int64)
    while len(found) < count:  # until there are enough different pairs
        drawn = np.sort(rng.integers(n, size=(count - len(found), 2)), axis=1)
        drawn = drawn[drawn[:, 0] < drawn[:, 1]]
        found = np.unique(np.concatenate([found, drawn]), axis=0)
    return found
