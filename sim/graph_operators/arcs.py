"""Both directions of every edge, and the softmax over the arcs into a node."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.arrays import Array, namespace
from sim.graph_operators.incidence import Incidence
from sim.graph_operators.segment_reduce import SegmentReduction

if TYPE_CHECKING:
    from sim.array_types import Ints


@dataclass(frozen=True, slots=True)
class Arcs:
    """Arcs j → i, from the token attended to, to the token that attends.

    Attributes
    ----------
    source, target : Array, int, shape (l,)
        j and i of every arc: all edges forwards, all backwards, then loops.
    into : Incidence, l × n
        1 at the target of every arc.
    by_target : SegmentReduction
        The arcs of every target.
    """

    source: Array
    target: Array
    into: Incidence
    by_target: SegmentReduction

    @staticmethod
    def of(edges: Ints, n: int, like: Array, *, loops: bool) -> Arcs:
        """Return the arcs of `edges`, int (m, 2), with loops or without."""
        xp, own = namespace(like), np.arange(n if loops else 0)
        source = np.concatenate([edges[:, 0], edges[:, 1], own])
        target = np.concatenate([edges[:, 1], edges[:, 0], own])
        return Arcs(
            xp.asarray(source),
            xp.asarray(target),
            Incidence.of(target[:, None], (1.0,), n, like),
            SegmentReduction.of(target[:, None], n, like),
        )

    def from_source(self, y: Array) -> Array:
        """Return yⱼ for every arc: (..., n, e) -> (..., l, e)."""
        return namespace(y).take(y, self.source, axis=-2)

    def from_target(self, y: Array) -> Array:
        """Return yᵢ for every arc: (..., n, e) -> (..., l, e)."""
        return namespace(y).take(y, self.target, axis=-2)

    def sum_at_target(self, y: Array) -> Array:
        """Return the sums over the arcs into each node: (..., l, e) -> (..., n, e)."""
        return self.into.apply_transpose(y)

    def softmax(self, scores: Array) -> Array:
        """Return weights that sum to 1 over the arcs into a node: (..., l, 1) each."""
        top = self.from_target(self.by_target.segment_max(scores))
        shifted = namespace(scores).exp(scores - top)
        return shifted / self.from_target(self.sum_at_target(shifted))
