"""Both directions of every edge, and the softmax over what arrives at a node."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.arrays import Array, namespace
from sim.graph_operators.incidence import Incidence
from sim.graph_operators.segment_reduce import Heap

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
    heap : Heap
        The arcs of every target.
    """

    source: Array
    target: Array
    into: Incidence
    heap: Heap

    @staticmethod
    def of(edges: Ints, n: int, like: Array, *, loops: bool) -> Arcs:
        """Return the arcs of `edges`, int (m, 2), with a loop at every node or not."""
        xp, own = namespace(like), np.arange(n if loops else 0)
        source = np.concatenate([edges[:, 0], edges[:, 1], own])
        target = np.concatenate([edges[:, 1], edges[:, 0], own])
        return Arcs(
            xp.asarray(source),
            xp.asarray(target),
            Incidence.of(target[:, None], (1.0,), n, like),
            Heap.of(target[:, None], n, like),
        )

    def from_source(self, y: Array) -> Array:
        """Return yⱼ for every arc: (..., n, e) -> (..., l, e)."""
        return namespace(y).take(y, self.source, axis=-2)

    def from_target(self, y: Array) -> Array:
        """Return yᵢ for every arc: (..., n, e) -> (..., l, e)."""
        return namespace(y).take(y, self.target, axis=-2)

    def collect(self, y: Array) -> Array:
        """Return the sum over the arcs that arrive: (..., l, e) -> (..., n, e)."""
        return self.into.down(y)

    def softmax(self, scores: Array) -> Array:
        """Return weights that sum to 1 over the arcs that arrive: (..., l, 1)."""
        top = self.from_target(self.heap.largest(scores))
        shifted = namespace(scores).exp(scores - top)
        return shifted / self.from_target(self.collect(shifted))
