"""Sums of weights that may be tiny, over nodes that stand for tokens in few cells.

Harmonics lose the sums that are tiny beside the largest one, such as those of tokens in
clusters that repel each other (c < 0).  Every weight is a polynomial on a cell, to
10⁻¹⁴ of itself: so tokens of a cell act as Chebyshev's points of that cell do, with
weights of their own, and no sum is lost however small.  Worth it where tokens lie in
few cells.
"""

from __future__ import annotations

from math import ceil, pi
from typing import TYPE_CHECKING

import numpy as np

from sim.sums import Problem, Sums
from sim.sums.harmonic.cell_passes import moments_of_cells, sorted_by_cell
from sim.sums.harmonic.cells import cell_height, chebyshev_points, grid_of
from sim.sums.pairwise import pairwise_sums

if TYPE_CHECKING:
    from sim.array_types import Floats, Ints
    from sim.sums.harmonic.cells import CellGrid

DEGREE = 14  # of the polynomials, which are then good to 10⁻¹⁴
MAX_SCORE = 200.0  # above, there would be more cells than tokens
FEWEST_PAIRS = 1 << 22  # below, pairs are as quick
SAVING = 2  # times fewer nodes than tokens, or more


def sums_over_nodes(problem: Problem) -> Sums:
    """Return the sums of one run: over nodes, or over all pairs if that is less."""
    if problem.pairs < FEWEST_PAIRS or problem.max_score > MAX_SCORE:
        return pairwise_sums(problem)
    step = cell_height("float64", DEGREE, problem.max_score)
    grid, length = grid_of(ceil(pi / step) + 1, DEGREE), problem.lengths[3]
    known = sorted_by_cell(_in_space(problem.keys), length, grid)
    occupied = np.flatnonzero(np.diff(known.starts).sum(axis=0))
    u, v, weights = chebyshev_points(grid)
    if SAVING * len(occupied) * len(u) > problem.shape[1]:
        return pairwise_sums(problem)
    moments = moments_of_cells(known, problem.values)[:, occupied]
    values = (moments @ weights).reshape(len(moments), -1).T
    nodes = length * _nodes(grid, occupied, u, v)
    queries = _in_space(problem.queries).astype(float)
    found = pairwise_sums(Problem(queries, nodes, values, problem.scale))
    share = found.mean[:, :1]
    return Sums(found.top, found.mass * share, found.mean[:, 1:] / share)


def _in_space(x: Floats) -> Floats:
    """Return the tokens of a circle as those of the equator."""
    flat = 3 - x.shape[1]
    return np.pad(x, ((0, 0), (0, flat))) if flat else x


def _nodes(grid: CellGrid, occupied: Ints, u: Floats, v: Floats) -> Floats:
    """Return the unit vectors at (u, v) of some cells: (cells · points, 3)."""
    out: list[Floats] = []
    for c in occupied:
        ring = int(np.searchsorted(grid.firsts, c, "right")) - 1
        x, y, z = grid.places(ring, u, v).T
        turn = grid.turns[ring][c - grid.firsts[ring]]
        cos, sin = np.cos(turn), np.sin(turn)
        out.append(np.array([x * cos - y * sin, x * sin + y * cos, z]).T)
    return np.concatenate(out)
