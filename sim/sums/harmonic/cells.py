"""Cells of the sphere, and polynomials that stand for harmonics on each of them.

Cells lie in rings of equal height around z: caps at the poles, and between them
sectors that are as wide as high at most.  In a cell with centre c a token x has the
coordinates u = ⟨x, east⟩/h and v = ⟨x, north⟩/h, and harmonics are polynomials
Σ C_ab T_a(u) T_b(v) of degree a + b ≤ p, with Chebyshev's T, but for an error
that `HEIGHTS` bounds.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import ceil, pi
from typing import TYPE_CHECKING

import numpy as np
from numpy.polynomial.chebyshev import chebvander

from sim.sums.harmonic.reference import harmonics

if TYPE_CHECKING:
    from sim.array_types import Floats, Ints
    from sim.sums.harmonic.table import HarmonicTable

POLAR_RING = 0.5  # radius of a polar cap, in heights of the rings
MORE_POINTS = 3  # in which polynomials are fitted, than their degree, on every side
EDGE_POINTS = 33  # by which the size of a cell is found
SLACK = 3e-4  # radians by which a token may lie outside the cell that it is sorted to
HEIGHTS = {
    "float32": {6: 0.71, 7: 1.04, 8: 1.41, 10: 2.23, 12: 3.08},
    "float64": {8: 0.25, 10: 0.56, 12: 0.97, 14: 1.35},
}
"""Height of a cell, times |c| + `MORE_SCORE`, by the degree of its polynomials.

Weights e^{c⟨x,y⟩} are then polynomials on a cell to 10⁻⁷ and 10⁻¹⁴ of themselves, for
every y: measured, in tests/sim/sums/test_cells.py."""
MORE_SCORE, MAX_HEIGHT = 2.0, 0.4


@dataclass(frozen=True)
class CellGrid:
    """Cells of a sphere.

    Attributes
    ----------
    rings : int
        Of equal height, with the caps: at least 3.
    degree : int
        p, of the polynomials.
    """

    rings: int
    degree: int

    @property
    def step(self) -> float:
        """Height of a ring, in radians."""
        return pi / (self.rings - 2 + 2 * POLAR_RING)

    @cached_property
    def edges(self) -> Floats:
        """Angle from the north pole where each ring begins, and where the last ends."""
        inner = (np.arange(self.rings - 1) + POLAR_RING) * self.step
        return np.concatenate([[0.0], inner, [pi]])

    @cached_property
    def sectors(self) -> Ints:
        """How many cells each ring has."""
        a, b = self.edges[:-1], self.edges[1:]
        widest = np.where((a < pi / 2) & (b > pi / 2), 1, np.sin([a, b]).max(axis=0))
        out = np.ceil(2 * pi * widest / self.step - 1e-9).astype(np.int64)
        out[[0, -1]] = 1
        return out

    @cached_property
    def firsts(self) -> Ints:
        """Which is the first cell of each ring, and how many there are in all."""
        return np.concatenate([[0], np.cumsum(self.sectors)])

    @property
    def cells(self) -> int:
        """How many cells there are."""
        return int(self.firsts[-1])

    @cached_property
    def centres(self) -> Floats:
        """Angle of the centre of each ring from the north pole."""
        middle = (self.edges[1:] + self.edges[:-1]) / 2
        middle[[0, -1]] = 0, pi
        return middle

    @cached_property
    def turns(self) -> list[Floats]:
        """Longitudes of the centres of cells, for every ring."""
        return [2 * pi * (np.arange(s) + 0.5) / s for s in self.sectors]

    @cached_property
    def half_widths(self) -> Floats:
        """What u and v are divided by, for every ring: (rings, 2)."""
        t = np.linspace(-1, 1, EDGE_POINTS)
        out = np.full((self.rings, 2), POLAR_RING * self.step)
        for r in range(1, self.rings - 1):
            a = np.repeat(self.edges[r : r + 2], EDGE_POINTS)
            b = np.tile(pi / self.sectors[r] * t, 2)
            c = self.centres[r]
            u = np.sin(a) * np.sin(b)
            v = np.cos(a) * np.sin(c) - np.sin(a) * np.cos(b) * np.cos(c)
            out[r] = np.abs([u, v]).max(axis=1)
        return out + SLACK

    @cached_property
    def frames(self) -> Floats:
        """East and north of every cell, divided by the half widths: (cells, 6)."""
        ring = np.repeat(np.arange(self.rings), self.sectors)
        a, t = self.centres[ring], np.concatenate(self.turns)
        (h, w), zero = self.half_widths[ring].T, np.zeros_like(t)
        east = [-np.sin(t) / h, np.cos(t) / h, zero]
        north = [-np.cos(a) * np.cos(t) / w, -np.cos(a) * np.sin(t) / w, np.sin(a) / w]
        return np.ascontiguousarray(np.array([*east, *north]).T)

    def places(self, ring: int, u: Floats, v: Floats) -> Floats:
        """Return the unit vectors at (u, v) of the cell around longitude 0: (n, 3)."""
        c, (h, w) = self.centres[ring], self.half_widths[ring]
        y, up = u * h, v * w
        out = np.sqrt(1 - y * y - up * up)
        x = out * np.sin(c) - up * np.cos(c)
        return np.array([x, y, out * np.cos(c) + up * np.sin(c)]).T

    @property
    def powers(self) -> list[tuple[int, int]]:
        """The degrees a, b of every polynomial T_a(u) T_b(v)."""
        p = self.degree
        return [(a, b) for b in range(p + 1) for a in range(p + 1 - b)]

    @cached_property
    def even(self) -> Ints:
        """Which polynomials are even in u; the others are odd."""
        return np.flatnonzero([a % 2 == 0 for a, _ in self.powers])

    @cached_property
    def odd(self) -> Ints:
        """Which polynomials are odd in u."""
        return np.flatnonzero([a % 2 for a, _ in self.powers])

    def polynomials(self, u: Floats, v: Floats) -> Floats:
        """Return all T_a(u) T_b(v): (n,) -> (n, polynomials)."""
        left, right = (chebvander(w, self.degree) for w in (u, v))
        a, b = np.array(self.powers).T
        return left[..., a] * right[..., b]


def cell_height(kind: str, degree: int, score: float) -> float:
    """Return the most that a cell may be high, in radians, for scores up to `score`."""
    return min(MAX_HEIGHT, HEIGHTS[kind][degree] / (score + MORE_SCORE))


@lru_cache(maxsize=64)
def grid_of(rings: int, degree: int) -> CellGrid:
    """Return the grid of so many rings and such polynomials."""
    return CellGrid(rings, degree)


@lru_cache(maxsize=4)
def fitted(grid: CellGrid, table: HarmonicTable) -> list[Floats]:
    """Return what harmonics are on cells around longitude 0, for every order m.

    (rings · polynomials, degrees - m): coefficients of harmonics of degree l ≥ m; those
    of polynomials odd in u times i.  They are sums over Chebyshev's points, in which
    the polynomials are orthogonal.
    """
    u, v, weights = _eastern_points(grid)
    north, terms = -(-grid.rings // 2), len(table.b)  # the others are mirror images
    x = np.concatenate([grid.places(r, u, v) for r in range(north)])
    found = harmonics(x, table.b, table.top).reshape(-1, len(u))
    out = np.empty((grid.rings, len(grid.powers), terms))
    for which, part in ((grid.even, found.real), (grid.odd, found.imag)):
        fit = (part @ weights[which].T).reshape(terms, north, -1)
        out[:north, which] = fit.transpose(1, 2, 0)
    order = np.repeat(np.arange(table.top), np.arange(table.top, 0, -1))
    across = np.array([b for _, b in grid.powers])
    sign = (-1.0) ** (across[:, None] + table.degree - order)
    out[north:] = sign * out[grid.rings - 1 - np.arange(north, grid.rings)]
    ends = np.cumsum(np.arange(table.top, 0, -1))[:-1]
    flat = out.reshape(-1, len(table.b))
    return [np.ascontiguousarray(one) for one in np.split(flat, ends, axis=1)]


def chebyshev_points(grid: CellGrid) -> tuple[Floats, Floats, Floats]:
    """Return points (u, v) of a cell, and weights (polynomials, points).

    A function on the cell has the coefficients ``weights @ values``.
    """
    many = 2 * ceil((grid.degree + MORE_POINTS) / 2)
    t = np.cos(pi * (np.arange(many) + 0.5) / many)
    u, v = (w.ravel() for w in np.meshgrid(t, t))
    square = np.array([(1 + (a > 0)) * (1 + (b > 0)) for a, b in grid.powers])
    return u, v, square[:, None] / many**2 * grid.polynomials(u, v).T


def _eastern_points(grid: CellGrid) -> tuple[Floats, Floats, Floats]:
    """Return those with u > 0, which are enough for what is even in u, or odd."""
    u, v, weights = chebyshev_points(grid)
    east = u > 0
    return u[east], v[east], 2 * weights[:, east]
