"""Moments of harmonics, and sums at tokens, by way of the cells of a sphere."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from sim.jit.buffer_pool import BUFFER_POOL
from sim.jit.scratch import round_up, scratch
from sim.jit.thread_pool import run_tasks
from sim.sums.harmonic.cell_kernels import cell_moment_kernel, cell_sum_kernel
from sim.sums.harmonic.cell_sorting import sorting_kernel
from sim.sums.harmonic.cells import fitted

if TYPE_CHECKING:
    from sim.array_types import AnyArray, Floats, Ints
    from sim.sums.harmonic.cells import CellGrid
    from sim.sums.harmonic.table import HarmonicTable

ROWS_PER_TASK = 1 << 16
MAX_TASKS = 32  # independent parts of a sum, whatever the number of threads
LANES = 16  # at least as many as a vector has


@dataclass(frozen=True)
class SortedTokens:
    """Tokens, task by task in the order of their cells.

    Attributes
    ----------
    given : Array, shape (n, 3)
        The tokens, on a sphere.
    tokens : Array, shape (n, 3)
        The same, row by row in memory.
    grid : CellGrid
        The cells.
    frames : Array, shape (cells, 6)
        Those of the grid, for the length of the tokens.
    rows : range
        Where the rows of each task begin.
    starts : Array, shape (tasks, cells + 1)
        Where the rows of each cell begin, among those of the task.
    order : Array, shape (n,)
        The rows, sorted.
    """

    given: Floats
    tokens: Floats
    grid: CellGrid
    frames: Floats
    rows: range
    starts: Ints
    order: AnyArray

    @property
    def kind(self) -> str:
        """Name of the type of the tokens."""
        return self.tokens.dtype.name

    def shared(self, k: int) -> dict[str, Floats]:
        """Return what every kernel reads in task k."""
        return {
            "tokens": self.tokens,
            "frames": self.frames,
            "starts": self.starts[k],
            "order": self.order,
        }

    def integers(self, k: int) -> dict[str, int]:
        """Return the integers of a kernel in task k."""
        return {
            "row_start": self.rows[k],
            "row_count": len(self.tokens),
            "cells": self.grid.cells,
        }


def compile_for(kind: str, degree: int, columns: int, sums: int) -> None:
    """Compile what all passes need, for so many columns of moments and of sums."""
    sorting_kernel(kind)
    cell_moment_kernel(kind, degree, columns)
    cell_sum_kernel(kind, degree, sums)


def task_rows(n: int) -> range:
    """Return where the rows of each task begin."""
    return range(0, n, max(ROWS_PER_TASK, -(-n // MAX_TASKS)))


def sorted_by_cell(given: Floats, length: float, grid: CellGrid) -> SortedTokens:
    """Return tokens of such a length, sorted by cell."""
    tokens = np.ascontiguousarray(given)
    n, cells = len(tokens), grid.cells
    rows = task_rows(n)
    size = rows.step
    starts = np.empty((len(rows), cells + 1), np.int64)
    order = BUFFER_POOL.empty((n,), "int64")
    kernel = sorting_kernel(tokens.dtype.name)
    arrays = {
        "tokens": tokens,
        "sectors": grid.sectors.astype(float),
        "firsts": grid.firsts[:-1].astype(float),
        "grid": np.array([1 / grid.step, grid.rings - 1.0]),
    }

    def part(k: int) -> None:
        ids = scratch("cells", (round_up(min(size, n), LANES),), "int64")
        kernel.bind(**arrays, ids=ids, starts=starts[k], order=order)(
            row_start=rows[k],
            row_stop=min(rows[k] + size, n),
            row_count=n,
            cells=cells,
        )

    run_tasks([partial(part, k) for k in range(len(rows))])
    frames = grid.frames / length
    return SortedTokens(given, tokens, grid, frames, rows, starts, order)


def moments_of_cells(known: SortedTokens, values: Floats | None) -> Floats:
    """Return Σⱼ (1, yⱼ) T_a(uⱼ) T_b(vⱼ): (columns, cells, polynomials)."""
    grid, columns = known.grid, 1 if values is None else 1 + values.shape[1]
    kernel = cell_moment_kernel(known.kind, grid.degree, columns)
    shape = (len(known.rows), columns, grid.cells, len(grid.powers))
    found = BUFFER_POOL.full(shape, 0.0, float)
    more = {} if values is None else {"values": np.ascontiguousarray(values)}

    def part(k: int) -> None:
        bound = kernel.bind(**known.shared(k), moments=found[k], **more)
        bound(**known.integers(k))

    run_tasks([partial(part, k) for k in range(len(known.rows))])
    return found.sum(axis=0)


def sums_of_cells(known: SortedTokens, fields: Floats) -> tuple[Floats, Floats]:
    """Return masses (n, 1) and means (n, d).

    `fields` has the coefficients of every cell: (cells, 1 + d, polynomials).
    """
    n, columns = len(known.tokens), fields.shape[1]
    kernel = cell_sum_kernel(known.kind, known.grid.degree, columns)
    mass = BUFFER_POOL.empty((n, 1), known.kind)
    mean = BUFFER_POOL.empty((n, columns - 1), known.kind)

    def part(k: int) -> None:
        bound = kernel.bind(**known.shared(k), fields=fields, mass=mass, mean=mean)
        bound(**known.integers(k))

    run_tasks([partial(part, k) for k in range(len(known.rows))])
    return mass, mean


def harmonic_moments(grid: CellGrid, table: HarmonicTable, found: Floats) -> AnyArray:
    """Return the moments of harmonics from those of cells.

    (columns, cells, polynomials) -> (terms, columns), complex.
    """
    columns, top = len(found), table.top
    shape = (top, grid.rings, len(grid.powers), columns)
    rings: AnyArray = BUFFER_POOL.empty(shape, complex)
    for r, turns in enumerate(grid.turns):
        angle = np.outer(np.arange(top), turns)
        some = found[:, grid.firsts[r] : grid.firsts[r + 1]]
        both = np.vstack([np.cos(angle), np.sin(angle)]) @ some  # (columns, 2 top, ...)
        rings[:, r] = (both[:, :top] + 1j * both[:, top:]).transpose(1, 2, 0)
    rings[:, :, grid.odd] *= 1j
    flat = rings.reshape(top, -1, columns).view(float)
    parts = [h.T @ flat[m] for m, h in enumerate(fitted(grid, table))]
    return np.ascontiguousarray(np.concatenate(parts)).view(complex)


def cell_fields(grid: CellGrid, table: HarmonicTable, factors: AnyArray) -> Floats:
    """Return the coefficients of Re(f̄ h), summed over harmonics h, on every cell.

    (terms, columns), complex -> (cells, columns, polynomials).  `table` may have more
    degrees than the factors.
    """
    columns, top = factors.shape[1], table.top
    count = len(grid.powers)
    flat = np.ascontiguousarray(factors.conj()).view(float)
    rings = BUFFER_POOL.empty((top, grid.rings * count, 2 * columns), float)
    at = 0
    for m, h in enumerate(fitted(grid, table)):
        np.matmul(h, flat[at : at + top - m], out=rings[m])
        at += top - m
    waves_of = rings.reshape(top, grid.rings, count, columns, 2)
    out = BUFFER_POOL.empty((grid.cells, columns, count), float)
    for r, turns in enumerate(grid.turns):
        angle = np.outer(turns, np.arange(top))
        even, odd = np.cos(angle), -np.sin(angle)
        part = waves_of[:, r].transpose(0, 3, 2, 1)  # (top, 2, columns, polynomials)
        some = out[grid.firsts[r] : grid.firsts[r + 1]]
        for which, (re, im) in ((grid.even, (even, odd)), (grid.odd, (odd, -even))):
            chosen = part[..., which].reshape(top, 2, -1)
            total = re @ chosen[:, 0] + im @ chosen[:, 1]
            some[..., which] = total.reshape(len(turns), columns, -1)
    return out
