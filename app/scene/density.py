"""The density of tokens in space and around the circle, in O(n)."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from sim.measure.potential import ANGLES

if TYPE_CHECKING:
    from sim.array_types import Floats, Single

DENSITY_CELLS = 22  # along each axis: a cell is 0.11 globe radii
DENSITY_BLUR = (0.06, 0.24, 0.4, 0.24, 0.06)  # of the density, in cells
DENSITY_KAPPA = 220.0  # concentration of the density's kernel: 3.9 degrees


def density(points: Single) -> Floats:
    """Return how many tokens are near each, on a grid: (n, 3) -> (n,), in O(n).

    Each token is divided among its eight nearest cells, cells are blurred, and the
    density is interpolated between them: it changes smoothly as tokens move.
    """
    at = np.clip(points.T, -1, 1).astype(float)
    at = (at + 1) / 2 * (DENSITY_CELLS - 2) + 0.5
    low = at.astype(np.int64)
    part = at - low
    first = (low[0] * DENSITY_CELLS + low[1]) * DENSITY_CELLS + low[2]
    shares = (1 - part, part)
    grid = np.zeros(DENSITY_CELLS**3)
    corners = [*product((0, 1), repeat=3)]
    where = [
        first + ((i * DENSITY_CELLS + j) * DENSITY_CELLS + k) for i, j, k in corners
    ]
    weight = [shares[i][0] * shares[j][1] * shares[k][2] for i, j, k in corners]
    for cell, w in zip(where, weight, strict=True):
        grid += np.bincount(cell, w, DENSITY_CELLS**3)
    cube = grid.reshape(DENSITY_CELLS, DENSITY_CELLS, DENSITY_CELLS)
    for axis in range(3):
        cube = sum(b * np.roll(cube, k - 2, axis) for k, b in enumerate(DENSITY_BLUR))
    grid = np.asarray(cube).reshape(-1)
    found = np.zeros(len(points))
    for cell, w in zip(where, weight, strict=True):
        found += w * grid[cell]
    return found


def density_ring(points: Single) -> Single:
    """Return the density of tokens around the circle: (n, 3) -> (1024,).

    A von Mises estimate, by a histogram that shares each token between two bins, and
    one convolution: O(n).
    """
    place = (np.arctan2(points[:, 1], points[:, 0]) / (2 * np.pi) + 0.5) * ANGLES - 0.5
    low = np.floor(place).astype(np.int64)
    part = place - low
    bins = np.concatenate([low, low + 1]) % ANGLES
    counts = np.bincount(bins, np.concatenate([1 - part, part]), ANGLES)
    turn = np.arange(ANGLES) * (2 * np.pi / ANGLES)
    kernel = np.exp(DENSITY_KAPPA * (np.cos(turn) - 1))
    smooth = np.fft.irfft(np.fft.rfft(counts) * np.fft.rfft(kernel), ANGLES)
    return np.maximum(smooth, 0).astype(np.float32)
