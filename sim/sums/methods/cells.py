"""Sums of many tokens on the sphere in O(n): polynomials on cells, and harmonics."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from sim.sums.costs import constants
from sim.sums.harmonic.cell_kernels import polynomial_count
from sim.sums.harmonic.cell_passes import (
    SortedTokens,
    cell_fields,
    compile_for,
    harmonic_moments,
    moments_of_cells,
    sorted_by_cell,
    sums_of_cells,
    task_rows,
)
from sim.sums.harmonic.cells import HEIGHTS, CellGrid, cell_height, fitted, grid_of
from sim.sums.harmonic.expansion import same_memory, weights_by_degree
from sim.sums.harmonic.passes import moment_columns
from sim.sums.methods.sphere import Sphere

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sim.array_types import AnyArray, Floats
    from sim.sums import Problem
    from sim.sums.harmonic.table import HarmonicTable

MAX_NUMBERS = 1 << 22  # of the polynomials of all harmonics
STEP_OF_RINGS, STEP_OF_DEGREES = 4, 4  # so that few grids serve all scores


class Cells(Sphere):
    """The sums of `sphere`, with polynomials on cells between tokens and harmonics.

    Tokens are sorted by the cell of the sphere that they lie in.  Weights vary little
    over a cell, and are polynomials of low degree there: moments of these polynomials
    over the tokens of each cell give the moments of harmonics, and the sums at a token
    are a polynomial of its cell.  A token costs as many products as polynomials have
    coefficients, 28 to 120, and not as there are harmonics.  This is the fast multipole
    method with one level of cells [1]_, between which harmonics take the place of
    translations.

    References
    ----------
    .. [1] Greengard, Rokhlin, "A fast algorithm for particle simulations", J. Comput.
           Phys. 73, 1987.
    """

    name: ClassVar[str] = "cells"
    rank: ClassVar[int] = 7
    _sorted: SortedTokens | None = None
    """The last tokens, sorted: as a rule keys are queries, too."""

    def refusal(self, problem: Problem) -> str | None:
        if why := super().refusal(problem):
            return why
        if not _grids(problem):
            return f"would need too many cells for scores of ±{problem.max_score:.3g}"
        return None

    def cost(self, problem: Problem) -> float:
        return _cost(problem, best_grid(problem))

    def moments(self, problem: Problem, table: HarmonicTable) -> AnyArray:
        known = self._by_cell(problem, problem.keys, problem.lengths[3])
        values = None if moment_columns(problem) == 1 else problem.values
        wide = _wide(table)
        found = harmonic_moments(known.grid, wide, moments_of_cells(known, values))
        return found[wide.degree < table.top]

    def evaluated(
        self, problem: Problem, table: HarmonicTable, factors: AnyArray
    ) -> tuple[Floats, Floats]:
        known = self._by_cell(problem, problem.queries, problem.lengths[1])
        wide = _wide(table)
        padded = np.zeros((len(wide.b), factors.shape[1]), complex)
        padded[wide.degree < table.top] = factors
        return sums_of_cells(known, cell_fields(known.grid, wide, padded))

    def warm_up(self, problem: Problem) -> Sequence[Callable[[], None]]:
        grid = best_grid(problem)
        wide = _wide(self.table(len(weights_by_degree(problem)) + 1))

        def fit() -> None:
            fitted(grid, wide)

        return [*self.kernels(problem), fit]

    def kernels(self, problem: Problem) -> Sequence[Callable[[], None]]:
        columns = moment_columns(problem), 1 + problem.shape[3]
        degree = best_grid(problem).degree
        return [partial(compile_for, problem.kind, degree, *columns)]

    def _by_cell(self, problem: Problem, x: Floats, length: float) -> SortedTokens:
        grid, known = best_grid(problem), self._sorted
        if known is None or known.grid != grid or not same_memory(known.given, x):
            self._sorted = None  # before: two of a million tokens need much memory
            known = self._sorted = sorted_by_cell(x, length, grid)
        return known


def _wide(table: HarmonicTable) -> HarmonicTable:
    """Return the table of as many degrees or a few more, as one grid has it."""
    return Sphere.table(STEP_OF_DEGREES * math.ceil((table.top + 1) / STEP_OF_DEGREES))


def _grids(problem: Problem) -> list[CellGrid]:
    """Return the grids that are fine enough, and not too fine."""
    out: list[CellGrid] = []
    terms = polynomial_count(len(weights_by_degree(problem)))
    for degree in HEIGHTS[problem.kind]:
        step = cell_height(problem.kind, degree, problem.max_score)
        rings = STEP_OF_RINGS * math.ceil((math.pi / step + 1) / STEP_OF_RINGS)
        if rings * polynomial_count(degree) * terms <= MAX_NUMBERS:
            out.append(grid_of(rings, degree))
    return out


def best_grid(problem: Problem) -> CellGrid:
    """Return the grid that costs least."""
    return min(_grids(problem), key=partial(_cost, problem))


def _cost(problem: Problem, grid: CellGrid) -> float:
    """Return the seconds that sums take on the machine of `sim.sums.costs`."""
    known = constants()["cells"]
    one = sum(known[name] * count for name, count in work(problem, grid).items())
    return 1e-9 * math.prod(problem.leading) * one


def work(problem: Problem, grid: CellGrid) -> dict[str, float]:
    """Return how often each part of the work is done, for one run and head."""
    n, m, _, depth = problem.shape
    top, columns = len(weights_by_degree(problem)), moment_columns(problem)
    count = polynomial_count(grid.degree)
    waves = grid.cells * 2 * top + grid.rings * polynomial_count(top)
    return {
        "call": 1,
        "token": n + m,
        "product": count * (m * columns + n * (1 + depth)),
        "cell": grid.cells * (len(task_rows(n)) + len(task_rows(m))),
        "wave": count * waves * (columns + 1 + depth),
    }
