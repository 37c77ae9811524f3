"""How well clusters match given groups of tokens."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim.observables import Observable

if TYPE_CHECKING:
    from sim.dynamics import Dynamics
    from sim.measure.probe import Probe
    from sim.spaces import Space


@dataclass(frozen=True)
class Purity(Observable):
    """Share of tokens that belong to the commonest group of their cluster.

    Tokens that were added without a group are not counted.
    """

    kind: ClassVar[str] = "purity"
    label: ClassVar[str] = "Purity"
    formula: ClassVar[str] = "share of tokens in their cluster's commonest group"

    @classmethod
    def why_undefined(cls, law: Dynamics, space: Space, shape: tuple[int, int]) -> str:
        return "the tokens have no groups"

    def measure(self, probe: Probe) -> float:
        both = zip(probe.labels.tolist(), probe.groups, strict=True)
        pairs = Counter(pair for pair in both if pair[1]) if probe.groups else {}
        if not pairs:
            return math.nan
        best: dict[int, int] = {}
        for (label, _), count in pairs.items():
            best[label] = max(best.get(label, 0), count)
        return sum(best.values()) / sum(pairs.values())
