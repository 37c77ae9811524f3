"""The two passes of sums by harmonics: over the keys, and over the queries."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from sim.jit.buffer_pool import BUFFER_POOL
from sim.jit.scratch import round_up, scratch
from sim.jit.thread_pool import run_tasks
from sim.sums.harmonic.blocking import HarmonicBlocking
from sim.sums.harmonic.moment_kernels import evaluation_kernel, moment_kernel

if TYPE_CHECKING:
    from sim.array_types import Floats
    from sim.jit.kernel import Kernel
    from sim.sums import Problem
    from sim.sums.harmonic.table import HarmonicTable


MAX_PARTIALS = 32  # independent parts of a sum, whatever the number of threads
MIN_ROWS_PER_TASK = 1 << 9
MAX_PARTIAL_NUMBERS = 1 << 23  # of the moments of all parts together


def moment_columns(problem: Problem) -> int:
    """Return how many columns of moments are summed up: the tokens' own follow."""
    return 1 if problem.values is problem.keys else 1 + problem.shape[3]


def _moments(problem: Problem) -> tuple[Kernel, HarmonicBlocking]:
    blocking = HarmonicBlocking(problem.shape[2], moment_columns(problem))
    return moment_kernel(problem.kind, blocking), blocking


def _evaluation(problem: Problem) -> tuple[Kernel, HarmonicBlocking]:
    blocking = HarmonicBlocking(problem.shape[2], 1 + problem.shape[3])
    return evaluation_kernel(problem.kind, blocking), blocking


def compile_for(problem: Problem) -> None:
    """Compile what both passes need."""
    _moments(problem)
    _evaluation(problem)


def moments_of_keys(problem: Problem, table: HarmonicTable) -> Floats:
    """Return Σⱼ (1, yⱼ) hⱼ of all harmonics h, complex: (terms, `moment_columns`)."""
    (kernel, blocking), (_, m, _, _) = _moments(problem), problem.shape
    keys, values = map(np.ascontiguousarray, (problem.keys, problem.values))
    terms, columns, lanes = len(table.b), blocking.columns, blocking.lanes
    most = MAX_PARTIAL_NUMBERS // (terms * columns * 2 * lanes)
    rows = _starts(m, blocking, most)
    shape = (len(rows), terms, columns, 2, lanes)
    found = scratch("moments", shape, "float64").array
    found.fill(0)
    arrays = {"keys": keys, "b": table.b}
    if columns > 1:
        arrays["values"] = values

    def part(k: int) -> None:
        buffer = scratch("harmonics", blocking.scratch_shape, "float64")
        kernel.bind(**arrays, moments=found[k], scratch=buffer)(
            row_start=rows[k],
            row_stop=min(rows[k] + rows.step, m),
            row_count=m,
            degrees=table.top,
        )

    run_tasks([partial(part, k) for k in range(len(rows))])
    return found.sum(axis=(0, -1)).view(complex)[..., 0]


def sums_at_queries(
    problem: Problem, table: HarmonicTable, factors: Floats
) -> tuple[Floats, Floats]:
    """Return masses (n, 1) and means (n, d), given factors (terms, 1 + d), complex."""
    (kernel, blocking), (n, _, _, depth) = _evaluation(problem), problem.shape
    rows = _starts(n, blocking)
    mass = BUFFER_POOL.empty((round_up(n, blocking.rows), 1), problem.kind)
    mean = BUFFER_POOL.empty((len(mass), depth), problem.kind)
    queries, factors = map(np.ascontiguousarray, (problem.queries, factors))
    parts = factors.view(float).reshape(*factors.shape, 2)

    def part(start: int) -> None:
        buffer = scratch("harmonics", blocking.scratch_shape, "float64")
        kernel.bind(
            queries=queries,
            b=table.b,
            factors=parts,
            mass=mass,
            mean=mean,
            scratch=buffer,
        )(
            row_start=start,
            row_stop=min(start + rows.step, n),
            row_count=n,
            degrees=table.top,
        )

    run_tasks([partial(part, start) for start in rows])
    return mass[:n], mean[:n]


def _starts(count: int, blocking: HarmonicBlocking, most: int = MAX_PARTIALS) -> range:
    """Return where the parts of so many rows begin, at most `most` of them."""
    parts = max(1, min(MAX_PARTIALS, most))
    size = max(MIN_ROWS_PER_TASK, -(-count // parts))
    return range(0, count, round_up(size, blocking.rows))
