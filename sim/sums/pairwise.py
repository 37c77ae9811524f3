"""Sums over all pairs, by the quickest method that never thins anything out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.sums.methods.direct import Direct
from sim.sums.methods.fused import Fused

if TYPE_CHECKING:
    from sim.sums import Problem, Sums


def pairwise_sums(problem: Problem) -> Sums:
    """Return sums over all pairs: fused where that can do them, else direct."""
    fused = Fused()
    return (Direct() if fused.refusal(problem) else fused).sums(problem)
