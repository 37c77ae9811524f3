"""The flux along the edges of a graph."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from sim.array_types import Floats, Ints

MIN_LENGTH = 1e-12  # below, an edge has no direction


def edge_lengths(x: Floats, edges: Ints) -> Floats:
    """Return the lengths of edges, (m, 2), between tokens (n, d): (m,)."""
    return np.linalg.norm(x[edges[:, 1]] - x[edges[:, 0]], axis=1)


def edge_flux(x: Floats, p: Floats, edges: Ints) -> Floats:
    """Return the part of each edge's momentum, (m, d), that points along it: (m,).

    p·(x_head − x_tail)/|x_head − x_tail|: positive where it pulls its ends together,
    for either orientation of the edge.
    """
    along = x[edges[:, 1]] - x[edges[:, 0]]
    length = np.maximum(np.linalg.norm(along, axis=1), MIN_LENGTH)
    return (p * along).sum(axis=1) / length
