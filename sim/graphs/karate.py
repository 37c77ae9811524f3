"""Zachary's karate club."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from sim.graph_operators.edge_list import EdgeList, edge_list
from sim.graphs import Topology

if TYPE_CHECKING:
    from numpy.random import Generator

    from sim.array_types import Floats

MEMBERS = 34  # of the club
FRIENDS = {  # of every member, the friends with a higher number
    0: (1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 17, 19, 21, 31),
    1: (2, 3, 7, 13, 17, 19, 21, 30),
    2: (3, 7, 8, 9, 13, 27, 28, 32),
    3: (7, 12, 13),
    4: (6, 10),
    5: (6, 10, 16),
    6: (16,),
    8: (30, 32, 33),
    **dict.fromkeys((9, 13, 19, 27, 32), (33,)),
    **dict.fromkeys((14, 15, 18, 20, 22, 29, 30, 31), (32, 33)),
    23: (25, 27, 29, 32, 33),
    24: (25, 27, 31),
    25: (31,),
    26: (29, 33),
    28: (31, 33),
}


@dataclass(frozen=True)
class Karate(Topology):
    """34 members of a karate club and their 78 friendships, before it split  [1]_.

    References
    ----------
    .. [1] W. W. Zachary, "An information flow model for conflict and fission in small
           groups", Journal of Anthropological Research 33 (1977).
    """

    kind: ClassVar[str] = "karate"
    title: ClassVar[str] = "Karate club"

    def edge_list(self, x: Floats, rng: Generator) -> EdgeList:
        if len(x) != MEMBERS:
            raise ValueError(
                f"the karate club has {MEMBERS} members, got {len(x)} tokens. Set "
                f"tokens to {MEMBERS}, or choose another graph."
            )
        pairs = [(a, b) for a, friends in FRIENDS.items() for b in friends]
        return edge_list(np.array(pairs), MEMBERS)

    def nodes(self, n: int) -> int:
        return MEMBERS
