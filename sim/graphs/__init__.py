"""Graphs: who is joined to whom, and the coboundaries that take differences."""

from __future__ import annotations

import abc
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from sim.arrays import namespace
from sim.graph_operators.incidence import Incidence
from sim.graph_operators.triangles import triangles
from sim.settings.plugins import Plugin

if TYPE_CHECKING:
    from numpy.random import Generator

    from sim.array_types import Floats, Ints
    from sim.arrays import Array
    from sim.graph_operators.edge_list import Links


@dataclass(frozen=True)
class Topology(Plugin, abc.ABC, package=__name__):
    """Settings of a graph whose nodes are the tokens."""

    live: ClassVar[bool] = False

    attended: ClassVar[bool] = False
    """Whether the edges have the attention in force for weights."""

    numbered: ClassVar[bool] = True
    """Whether it matters how tokens are numbered."""

    @abc.abstractmethod
    def links(self, x: Floats, rng: Generator) -> Links:
        """Return the edges among the tokens `x`: (n, d), on the host.

        Raises
        ------
        ValueError
            If there is no such graph on n tokens.
        """

    def nodes(self, n: int) -> int:
        """Return the number of tokens that the graph brings with it, if it does."""
        return n


@dataclass(frozen=True, slots=True)
class Graph:
    """An oriented graph with its coboundaries; d1 d0 = 0 exactly.

    Attributes
    ----------
    edges : int, shape (m, 2), on the host
        Tail and head of every edge, tail < head.
    nodes : int
        Number of nodes n.
    d0 : Incidence, m × n
        Head minus tail of every edge.
    faces : int, shape (t, 3), on the host
        Nodes i < j < k of every triangle, where they were asked for.
    d1 : Incidence, t × m
        ij + jk − ik of every triangle.
    weight : Array, shape (m, 1), optional
        The graph's own weights.
    notes : tuple of str
        What a person should know about the graph, in sentences.
    """

    edges: Ints
    nodes: int
    d0: Incidence
    faces: Ints
    d1: Incidence
    weight: Array | None = None
    notes: tuple[str, ...] = ()

    @staticmethod
    def of(links: Links, n: int, like: Array, *, faces: bool = False) -> Graph:
        """Return the graph of `links` on n nodes, with triangles or not."""
        xp, edges = namespace(like), links.edges
        nodes, sides = triangles(edges, n) if faces else (NO_FACES, NO_FACES)
        weight = links.weight
        return Graph(
            edges,
            n,
            Incidence.of(edges, (-1.0, 1.0), n, like),
            nodes,
            Incidence.of(sides, (1.0, 1.0, -1.0), len(edges), like),
            None if weight is None else xp.asarray(weight[:, None], dtype=like.dtype),
            links.notes + _in_pieces(edges, n),
        )

    def difference(self, q: Array) -> Array:
        """Return d0 q, head minus tail along every edge: (..., n, d) -> (..., m, d)."""
        return self.d0.up(q)

    def collect(self, p: Array) -> Array:
        """Return d0ᵀ p, inflow minus outflow at a node: (..., m, d) -> (..., n, d)."""
        return self.d0.down(p)

    def joins(self, other: Graph | None) -> bool:
        """Whether `other` has the same nodes and edges."""
        return (
            other is not None
            and self.nodes == other.nodes
            and np.array_equal(self.edges, other.edges)
        )


NO_FACES = np.zeros((0, 3), dtype=np.int64)


def _in_pieces(edges: Ints, n: int) -> tuple[str, ...]:
    """Say into how many pieces the graph falls, if it does."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    ones = np.ones(len(edges), bool)
    joined = coo_array((ones, (edges[:, 0], edges[:, 1])), shape=(n, n))
    pieces = connected_components(joined, directed=False)[0]
    if pieces == 1:
        return ()
    return (f"The graph falls into {pieces} pieces; each keeps its own mean.",)
