"""The two passes of sums by harmonics: over the keys, and over the queries."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from sim.jit.buffer_pool import SHELF
from sim.jit.scratch import room, up
from sim.jit.thread_pool import share
from sim.sums.harmonic.moment_kernels import collect, hand_out
from sim.sums.harmonic.recurrence_kernel import Plan

if TYPE_CHECKING:
    from sim.array_types import Floats
    from sim.jit.kernel import Kernel
    from sim.sums import Problem
    from sim.sums.harmonic.table import Table


PARTS = 32  # independent parts of a sum, whatever the number of threads
SHORT = 1 << 9  # tokens of a part, at least
MEMORY = 1 << 23  # numbers that the parts may hold together


def columns(problem: Problem) -> int:
    """Return how many columns of moments are summed up: the tokens' own follow."""
    return 1 if problem.values is problem.keys else 1 + problem.shape[3]


def _plan(problem: Problem, columns: int) -> Plan:
    return Plan(problem.shape[2], columns)


def _collector(problem: Problem) -> tuple[Kernel, Plan]:
    plan = _plan(problem, columns(problem))
    return collect(problem.kind, plan), plan


def _distributor(problem: Problem) -> tuple[Kernel, Plan]:
    plan = _plan(problem, 1 + problem.shape[3])
    return hand_out(problem.kind, plan), plan


def compiled(problem: Problem) -> None:
    """Compile what both passes need."""
    _collector(problem)
    _distributor(problem)


def collected(problem: Problem, table: Table) -> Floats:
    """Return Σⱼ (1, yⱼ) hⱼ of all harmonics h: (terms, `columns`), complex."""
    (kernel, plan), (_, m, _, _) = _collector(problem), problem.shape
    keys, values = map(np.ascontiguousarray, (problem.keys, problem.values))
    rows = _rows(m, plan, MEMORY // (len(table.b) * plan.columns * 2 * plan.lanes))
    shape = (len(rows), len(table.b), plan.columns, 2, plan.lanes)
    found = room("moments", shape, "float64").array
    found.fill(0)
    arrays = (keys, values, table.b)
    held = tuple(a.ctypes.data for a in arrays)

    def part(k: int) -> None:
        work = room("harmonics", plan.room, "float64").address
        some = (rows[k], min(rows[k] + rows.step, m))
        kernel(*held, found[k].ctypes.data, work, *some, m, table.top)

    share([partial(part, k) for k in range(len(rows))])
    return found.sum(axis=(0, -1)).view(complex)[..., 0]


def handed_out(
    problem: Problem, table: Table, factors: Floats
) -> tuple[Floats, Floats]:
    """Return masses (n, 1) and means (n, d), given factors (terms, 1 + d), complex."""
    (kernel, plan), (n, _, _, depth) = _distributor(problem), problem.shape
    rows = _rows(n, plan)
    mass = SHELF.empty((up(n, plan.rows), 1), problem.kind)
    mean = SHELF.empty((len(mass), depth), problem.kind)
    queries, factors = map(np.ascontiguousarray, (problem.queries, factors))
    arrays = (queries, table.b, factors, mass, mean)
    held = tuple(a.ctypes.data for a in arrays)

    def part(start: int) -> None:
        work = room("harmonics", plan.room, "float64").address
        kernel(*held, work, start, min(start + rows.step, n), n, table.top)

    share([partial(part, start) for start in rows])
    return mass[:n], mean[:n]


def _rows(count: int, plan: Plan, most: int = PARTS) -> range:
    """Return where the parts of so many rows begin, at most `most` of them."""
    parts = max(1, min(PARTS, most))
    return range(0, count, up(max(SHORT, -(-count // parts)), plan.rows))
