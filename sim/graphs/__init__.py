"""Graphs on the tokens: their edges, and the coboundaries d0 and d1.

May import `sim.graph_operators`, `sim.io` and what is below them.
"""

from __future__ import annotations

import abc
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from sim.arrays import namespace
from sim.graph_operators.incidence import Incidence
from sim.graph_operators.triangles import triangles
from sim.settings.knobs import Knob
from sim.settings.plugins import Plugin

if TYPE_CHECKING:
    from numpy.random import Generator

    from sim.array_types import Floats, Ints
    from sim.arrays import Array
    from sim.graph_operators.edge_list import EdgeList

GRAPH = Knob("graph", help="Which tokens are connected by edges.")


@dataclass(frozen=True)
class Topology(Plugin, abc.ABC, package=__name__):
    """Settings of a graph whose nodes are the tokens."""

    live: ClassVar[bool] = False

    attended: ClassVar[bool] = False
    """Whether edges are weighted by the attention in force."""

    weighted: ClassVar[bool] = False
    """Whether edges may have weights of their own."""

    numbered: ClassVar[bool] = True
    """Whether the edges depend on the order of the tokens."""

    @abc.abstractmethod
    def edge_list(self, x: Floats, rng: Generator) -> EdgeList:
        """Return the edges among the first tokens `x`: (n, d), on the host.

        Raises
        ------
        ValueError
            If there is no such graph on n tokens.
        """

    def nodes(self, n: int) -> int:
        """Return the number of tokens that the graph needs; n if any will do."""
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
        Nodes i < j < k of every triangle, if they were requested.
    d1 : Incidence, t × m
        ij + jk − ik of every triangle.
    weight : Array, shape (m, 1), optional
        The graph's own weights.
    notes : tuple of str
        Remarks on the graph for the user, in sentences.
    """

    edges: Ints
    nodes: int
    d0: Incidence
    faces: Ints
    d1: Incidence
    weight: Array | None = None
    notes: tuple[str, ...] = ()

    @staticmethod
    def of(edge_list: EdgeList, n: int, like: Array, *, faces: bool = False) -> Graph:
        """Return the graph of `edge_list` on n nodes, with triangles if `faces`.

        `like`, (..., n, d), is of the library and type of the tokens.
        """
        xp, edges = namespace(like), edge_list.edges
        nodes, sides = triangles(edges, n) if faces else (NO_FACES, NO_FACES)
        weight = edge_list.weight
        return Graph(
            edges,
            n,
            Incidence.of(edges, (-1.0, 1.0), n, like),
            nodes,
            Incidence.of(sides, (1.0, 1.0, -1.0), len(edges), like),
            None if weight is None else xp.asarray(weight[:, None], dtype=like.dtype),
            edge_list.notes + _components_note(edges, n),
        )

    def difference(self, q: Array) -> Array:
        """Return d0 q, head minus tail along every edge: (..., n, d) -> (..., m, d)."""
        return self.d0.apply(q)

    def net_inflow(self, p: Array) -> Array:
        """Return d0ᵀ p, inflow minus outflow at a node: (..., m, d) -> (..., n, d)."""
        return self.d0.apply_transpose(p)

    def same_edges(self, other: Graph | None) -> bool:
        """Whether `other` has the same nodes and edges."""
        return (
            other is not None
            and self.nodes == other.nodes
            and np.array_equal(self.edges, other.edges)
        )


NO_FACES = np.zeros((0, 3), dtype=np.int64)


def _components_note(edges: Ints, n: int) -> tuple[str, ...]:
    """Return a remark on the number of components, if there is more than one."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    ones = np.ones(len(edges), bool)
    joined = coo_array((ones, (edges[:, 0], edges[:, 1])), shape=(n, n))
    pieces = connected_components(joined, directed=False)[0]
    if pieces == 1:
        return ()
    return (f"The graph has {pieces} components; each keeps its own mean.",)
