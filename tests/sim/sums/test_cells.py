"""Sums by cells of the sphere: the grid, its polynomials, the sums within bounds."""

import numpy as np
import pytest

from sim.jit.llvm import missing
from sim.sums import Problem
from sim.sums.choose import choose, named
from sim.sums.harmonic.cell_passes import (
    harmonic_moments,
    moments_of_cells,
    sorted_by_cell,
)
from sim.sums.harmonic.cells import HEIGHTS, CellGrid, cell_height
from sim.sums.harmonic.passes import moments_of_keys
from sim.sums.methods.cells import best_grid
from sim.sums.methods.sphere import Sphere
from sim.sums.row_tiles import tiled_sums as direct

pytestmark = pytest.mark.skipif(missing() is not None, reason="needs llvmlite")
WEIGHTS = {"float32": 1.5e-7, "float64": 5e-14}
"""Errors of weights on a cell, relative to each: with what rounding adds."""
SHAPES = ["uniform", "clusters", "antipodes", "equal", "pole"]


def tokens(n, how, seed=0):
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((n, 3))
    if how == "clusters":
        x = np.eye(3)[rng.integers(0, 3, n)] + 0.02 * x
    if how == "antipodes":
        x = np.where(rng.random((n, 1)) < 0.5, 1, -1) * [0.6, 0, 0.8] + 0 * x
    if how == "equal":
        x = np.ones((n, 3))
    if how == "pole":
        x = [0, 0, 1] + 1e-3 * x
        x[: n // 2] *= -1
        x[0], x[1], x[-1] = [0, 0, -1], [-1, -0.0, 0], [0, 0, 1]
    return x / np.linalg.norm(x, axis=1, keepdims=True)


@pytest.mark.parametrize("kind", sorted(HEIGHTS))
@pytest.mark.parametrize("beta", [0.5, 9.0, 30.0])
def test_weights_are_polynomials_on_every_cell(kind, beta):
    # Independent of kernels and harmonics: values in the points, and between them.
    t = np.cos(np.pi * (np.arange(20) + 0.5) / 20)
    edge = np.linspace(-1, 1, 9)
    for degree in HEIGHTS[kind]:
        step = cell_height(kind, degree, beta)
        grid = CellGrid(int(np.ceil(np.pi / step + 1)), degree)
        u, v = (w.ravel() for w in np.meshgrid(t, t))
        a, b = (w.ravel() for w in np.meshgrid(edge, edge))
        fit = np.linalg.pinv(grid.polynomials(u, v))
        for ring in {0, 1, grid.rings // 2}:
            y = tokens(30, "uniform")
            values = np.exp(beta * grid.places(ring, u, v) @ y.T)
            wanted = np.exp(beta * grid.places(ring, a, b) @ y.T)
            found = grid.polynomials(a, b) @ (fit @ values)
            assert np.abs(found / wanted - 1).max() < WEIGHTS[kind]


@pytest.mark.parametrize("kind", ["float32", "float64"])
@pytest.mark.parametrize("how", SHAPES)
def test_every_token_lies_in_its_cell(kind, how):
    x, grid = tokens(500, how).astype(kind), CellGrid(28, 7)
    known = sorted_by_cell(x, 1.0, grid)
    assert np.array_equal(np.sort(known.order), np.arange(500))
    (starts,) = known.starts
    assert starts[0] == 0
    assert starts[-1] == 500
    cell = np.repeat(np.arange(grid.cells), np.diff(starts))
    sorted_tokens = x[known.order].astype(float)
    for part in np.split(known.frames[cell], 2, axis=1):
        assert np.abs(np.sum(part * sorted_tokens, axis=1)).max() <= 1
    for a, b in zip(known.order, known.order[1:], strict=False):  # order is kept
        same = cell[known.order == a] == cell[known.order == b]
        assert a < b or not same


def test_moments_of_cells_are_sums_of_polynomials():
    x, grid = tokens(300, "uniform"), CellGrid(12, 6)
    y = np.random.default_rng(1).standard_normal((300, 2))
    known = sorted_by_cell(x, 1.0, grid)
    found = moments_of_cells(known, y)
    cell = np.repeat(np.arange(grid.cells), np.diff(known.starts[0]))
    east, north = np.split(known.frames[cell], 2, axis=1)
    row = x[known.order]
    rows = grid.polynomials(np.sum(east * row, axis=1), np.sum(north * row, axis=1))
    columns = np.column_stack([np.ones(300), y])[known.order]
    wanted = np.zeros_like(found)
    for c, p, w in zip(cell, rows, columns, strict=True):
        wanted[:, c] += np.outer(w, p)
    assert np.abs(found - wanted).max() < 1e-12


def test_moments_of_harmonics_are_those_of_the_tokens():
    x, grid, table = tokens(300, "uniform"), CellGrid(40, 12), Sphere.table(28)
    known = sorted_by_cell(x, 1.0, grid)
    found = harmonic_moments(grid, table, moments_of_cells(known, None))
    wanted = moments_of_keys(Problem(x, x, x), table)
    assert np.abs(found - wanted).max() < 1e-10


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["float32", "float64"])
@pytest.mark.parametrize("beta", [-4.0, 9.0])
@pytest.mark.parametrize("how", SHAPES)
def test_sums_are_the_direct_ones(kind, beta, how):
    x = tokens(700, how).astype(kind)
    problem = Problem(x, x, x, beta)
    method = named("cells", problem)
    found = method.sums(problem)
    wide = x.astype(float)
    wanted = direct(beta * wide, wide, wide)
    bound = 1e-6 if kind == "float32" else method.error(problem)
    assert np.abs(found.mean - wanted.mean).max() <= bound
    slack = 4 * bound + 4 * np.finfo(kind).eps * abs(beta)
    assert np.abs(found.log_z - wanted.log_z).max() <= slack


@pytest.mark.slow
def test_any_queries_and_values():
    x, k = tokens(400, "uniform", 1) * 2, tokens(300, "clusters", 2) * 0.5
    y = np.random.default_rng(0).standard_normal((300, 1))
    problem = Problem(x, k, y, 6.0)
    found = named("cells", problem).sums(problem)
    wanted = direct(6 * x, k, y)
    bound = 5e-14 * np.linalg.norm(y, axis=1).max()
    assert np.abs(found.mean - wanted.mean).max() <= bound


def test_a_million_tokens_are_summed_by_cells():
    x = tokens(1000, "uniform").astype(np.float32)
    many = np.broadcast_to(x[:, None], (1000, 1000, 3)).reshape(-1, 3)
    few, most = Problem(x, x, x, 9.0), Problem(many, many, many, 9.0)
    assert choose(most).method.name == "cells"
    assert choose(few).method.name != "cells"
    assert best_grid(most).cells < 4000


def test_scores_too_large_for_cells_are_refused():
    x = tokens(100, "uniform")
    with pytest.raises(ValueError, match=r"cells would need too many cells for scores"):
        named("cells", Problem(x, x, x, 300.0))
