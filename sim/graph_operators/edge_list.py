"""Edge lists from pairs of nodes, checked and sorted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from sim.array_types import Floats, Ints

MAX_EDGES = 4_000_000
"""Above, a step takes seconds."""


@dataclass(frozen=True, slots=True)
class EdgeList:
    """The edges of a graph, each once, without loops.

    Attributes
    ----------
    edges : int, shape (m, 2)
        Tail and head, tail < head, in ascending order.
    weight : float, shape (m,), optional
        Positive weights; all 1 if there are none.
    notes : tuple of str
        What was corrected, in sentences.
    """

    edges: Ints
    weight: Floats | None = None
    notes: tuple[str, ...] = ()


def edge_list(
    pairs: Ints,
    n: int,
    weight: Floats | None = None,
    source: str = "the graph",
    lines: Ints | None = None,
) -> EdgeList:
    """Return the pairs of nodes, int (k, 2), as the edges of a graph on n nodes.

    Loops are left out, since d0 of a loop is 0; an edge listed twice, in either
    direction, counts once.  Both are noted.  Messages name the place of a pair by
    `source` and, where `lines` are given, by its line.

    Raises
    ------
    ValueError
        If a node does not exist, a weight is not positive, or an edge is listed with
        two weights.
    """
    places = _Places(source, lines)
    _check_nodes(pairs, n, places)
    if weight is not None:
        _check_weights(pairs, weight, places)
    straight = pairs[:, 0] != pairs[:, 1]
    kept = np.sort(pairs[straight], axis=1)
    heavy = None if weight is None else weight[straight]
    edges, first, which = np.unique(
        kept, axis=0, return_index=True, return_inverse=True
    )
    if heavy is not None:
        places = _Places(source, None if lines is None else lines[straight])
        _check_once(kept, heavy, heavy[first][which.reshape(-1)], places)
        heavy = heavy[first]
    loops, doubles = len(pairs) - len(kept), len(kept) - len(edges)
    return EdgeList(edges.reshape(-1, 2), heavy, _corrections(source, loops, doubles))


def check_size(count: float, what: str) -> None:
    """Reject a graph with more edges than can be stepped.

    Raises
    ------
    ValueError
        With the bound and what to do.
    """
    if count > MAX_EDGES:
        raise ValueError(
            f"{what} has {count:,.0f} edges; at most {MAX_EDGES:,} can be stepped. Use "
            "fewer tokens, or a graph of nearest neighbours."
        )


@dataclass(frozen=True, slots=True)
class _Places:
    """Where pairs come from, for messages."""

    source: str
    lines: Ints | None = None

    def of(self, k: int) -> str:
        """Return the place of the pair k, in words."""
        return (
            self.source
            if self.lines is None
            else f"{self.source}: line {self.lines[k]}"
        )


def _check_nodes(pairs: Ints, n: int, places: _Places) -> None:
    bad = np.flatnonzero(((pairs < 0) | (pairs >= n)).any(axis=1))
    if len(bad):
        a, b = pairs[bad[0]]
        raise ValueError(
            f"{places.of(bad[0])}: the edge {a} – {b} names a node that does not "
            f"exist; with {n} tokens nodes are 0 … {n - 1}. Fix the edge, or set "
            f"tokens to {max(pairs.max() + 1, 1)}."
        )


def _check_weights(pairs: Ints, weight: Floats, places: _Places) -> None:
    bad = np.flatnonzero(~((weight > 0) & np.isfinite(weight)))
    if len(bad):
        (a, b), k = pairs[bad[0]], bad[0]
        raise ValueError(
            f"{places.of(k)}: the edge {a} – {b} has weight {weight[k]:g}; weights "
            "must be positive and finite. Fix it, or leave the edge out."
        )


def _check_once(edges: Ints, weight: Floats, other: Floats, places: _Places) -> None:
    twice = np.flatnonzero(weight != other)
    if len(twice):
        (a, b), k = edges[twice[0]], twice[0]
        raise ValueError(
            f"{places.of(k)}: the edge {a} – {b} is listed with two weights, "
            f"{other[k]:g} and {weight[k]:g}. Give it one."
        )


def _corrections(source: str, loops: int, doubles: int) -> tuple[str, ...]:
    notes: list[str] = []
    if loops:
        many = "loops are" if loops > 1 else "loop is"
        notes.append(f"{source}: {loops} {many} left out; d0 vanishes on them.")
    if doubles:
        many = "edges are" if doubles > 1 else "edge is"
        notes.append(f"{source}: {doubles} {many} listed twice and counted once.")
    return tuple(notes)
