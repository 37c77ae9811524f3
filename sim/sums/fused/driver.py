"""How the tiles of a fused sum are shared among threads, and their sums added up.

Which task adds what to which partial sum depends on the sizes alone, never on how many
threads there are, so that no bit does.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from sim.jit.buffer_pool import BUFFER_POOL
from sim.jit.interruption import SumAbandonedError, abandonment
from sim.jit.scratch import round_up, scratch
from sim.jit.thread_pool import run_tasks
from sim.sums import Problem, Sums
from sim.sums.fused.blocking import tile_spec
from sim.sums.fused.layout import Layout, lay_out
from sim.sums.fused.reduce_kernel import reduce_kernel
from sim.sums.fused.tile_kernel import tile_kernel, tile_shape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sim.array_types import Floats
    from sim.jit.scratch import ScratchBuffer
    from sim.sums.fused.blocking import TileSpec

MAX_PARTIALS = 16  # independent partial sums, whatever the number of threads
MIN_PAIRS_PER_TASK = 1 << 19  # about a tenth of a millisecond
MIN_ROWS_PER_PARTIAL = 1024  # every partial sum has to be added up in the end
MAX_PARTIAL_NUMBERS = 1 << 24  # of all partial sums together
ROUNDS_PER_REDUCTION = 32  # of two tiles a partial sum, before it is added in float64
BLOCKS_PER_CALL = 64  # of keys, before the sums of a tile's rows are added in float64
GROUPS_PER_TASK = 512  # of rows, whose sums are reduced
MAX_SCORE = {"float32": 40.0, "float64": 340.0}
"""Scores up to which e^{2s} is far from the smallest number of the type."""


@dataclass(slots=True)
class _Run:
    """What the tasks of one sum share: what kernels read, and what they write."""

    layout: Layout
    row_sums: ScratchBuffer
    mass: Floats
    mean: Floats
    abandoned: Callable[[], bool] = field(default_factory=abandonment)

    def add_tiles(self, tiles: Iterable[range], **key_sums: Floats) -> None:
        """Add the tiles that begin at the rows of some ranges to all sums.

        Raises
        ------
        SumAbandonedError
            If no one waits for the sums any more.
        """
        layout, spec = self.layout, self.layout.spec
        kernel = tile_kernel(spec).bind(
            **layout.arrays,
            row_sums=self.row_sums,
            tile=scratch("tile", tile_shape(spec, layout.blocking), spec.kind),
            **key_sums,
        )
        step = BLOCKS_PER_CALL * layout.blocking.groups
        for rows in tiles:
            if self.abandoned():
                raise SumAbandonedError
            for g in range(0, layout.groups, step):
                kernel(
                    row_start=rows.start,
                    row_stop=rows.stop,
                    row_step=rows.step,
                    group_start=g,
                    group_stop=min(g + step, layout.groups),
                    key_count=layout.keys,
                )

    def reduce(self, partials: ScratchBuffer, count: int, *, last: bool) -> None:
        """Add up `count` partial sums; at last, divide sums by masses."""
        layout, spec = self.layout, self.layout.spec
        size = layout.groups * spec.columns
        kernel = reduce_kernel(spec.kind, spec.depth).bind(
            partials=partials, row_sums=self.row_sums, mass=self.mass, mean=self.mean
        )

        def some(first: int, stop: int) -> None:
            end = size if count else 0
            kernel(
                partial_count=count,
                partial_size=size,
                vector_start=min(first * spec.columns, end),
                vector_stop=min(stop * spec.columns, end),
                group_start=first,
                group_stop=stop if last else first,
            )

        groups, step = layout.rows // spec.lanes, GROUPS_PER_TASK
        run_tasks(
            [partial(some, g, min(g + step, groups)) for g in range(0, groups, step)]
        )


def compile_for(problem: Problem) -> None:
    """Compile what sums like `problem` need."""
    spec = _spec(problem)
    tile_kernel(spec)
    reduce_kernel(spec.kind, spec.depth)


def fused_sums(problem: Problem) -> Sums:
    """Return the sums of one run and head."""
    spec, n = _spec(problem), problem.shape[0]
    shifts = _shifts(problem)
    layout = lay_out(problem, shifts, spec)
    shape = (layout.rows // spec.lanes, spec.columns, spec.lanes)
    row_sums = scratch("row_sums", shape, "float64")
    row_sums.array.fill(0)
    mass = BUFFER_POOL.empty((layout.rows, 1), spec.kind)
    mean = BUFFER_POOL.empty((layout.rows, spec.depth), spec.kind)
    run = _Run(layout, row_sums, mass, mean)
    (_symmetric if spec.symmetric else _plain)(run)
    return Sums(shifts, mass[:n], mean[:n])


def _spec(problem: Problem) -> TileSpec:
    _, _, width, depth = problem.shape
    return tile_spec(
        problem.kind,
        width,
        depth,
        values_are_keys=problem.keys is problem.values,
        symmetric=problem.symmetric,
        causal=not problem.full,
        may_underflow=problem.max_score > MAX_SCORE[problem.kind],
    )


def _shifts(problem: Problem) -> Floats:
    """Return a bound on the scores of each row, one for all in symmetric sums."""
    q, largest = problem.queries, problem.lengths[3]
    if problem.symmetric:
        return BUFFER_POOL.full((len(q), 1), problem.max_score, q.dtype)
    long = np.sqrt(np.einsum("ij,ij->i", q, q))[:, None]
    return (abs(problem.scale) * largest * long).astype(q.dtype)


def _plain(run: _Run) -> None:
    """Sum over all keys, a range of rows a task."""
    layout, spec = run.layout, run.layout.spec
    rows, height = layout.rows, layout.blocking.rows
    size = max(rows // MAX_PARTIALS, MIN_PAIRS_PER_TASK // layout.keys)
    size = round_up(size, height)

    def some(first: int) -> None:
        run.add_tiles([range(first, min(first + size, rows), height)])

    run_tasks([partial(some, first) for first in range(0, rows, size)])
    none = scratch("no_partials", (1, 1, spec.columns, spec.lanes), spec.kind)
    run.reduce(none, 0, last=True)


def _symmetric(run: _Run) -> None:
    """Sum over pairs once, a partial sum a task for what keys get from rows."""
    layout, spec = run.layout, run.layout.spec
    rows, height = layout.rows, layout.blocking.rows
    size = (layout.groups, spec.columns, spec.lanes)
    most = min(MAX_PARTIALS, MAX_PARTIAL_NUMBERS // math.prod(size))
    count = max(1, min(most, rows // MIN_ROWS_PER_PARTIAL))
    partials = scratch("partials", (count, *size), spec.kind)
    step = 2 * count * height

    def fill(first: int, last: int, s: int) -> None:
        sums = partials.array[s]
        sums.fill(0)
        # Earlier tiles have more keys: tile s of a round is joined by the s-th last.
        starts = (first + k * height for k in (s, 2 * count - 1 - s))
        run.add_tiles((range(start, last, step) for start in starts), key_sums=sums)

    for first in range(0, rows, ROUNDS_PER_REDUCTION * step):
        last = min(first + ROUNDS_PER_REDUCTION * step, rows)
        run_tasks([partial(fill, first, last, s) for s in range(count)])
        run.reduce(partials, count, last=last == rows)
