"""The smallest and the largest squared norm of rows, in one pass."""

from __future__ import annotations

import math
from ctypes import addressof
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.arrays import dot, namespace, sequential_sum
from sim.jit.builder import KernelBuilder
from sim.jit.kernel import Kernel, address
from sim.jit.rowwise import C_TYPES, ROWS_PER_TASK, compilable
from sim.jit.signature import ArrayArgument, Signature
from sim.jit.thread_pool import Once, run_tasks

if TYPE_CHECKING:
    from sim.arrays import Array
    from sim.jit.index import Index
    from sim.jit.vector import Vector


def squared_norm_range(x: Array) -> tuple[float, float]:
    """Return the smallest and the largest |x|² of the rows of `x`: (..., d).

    NaN, both of them, if one is NaN.
    """
    if type(x) is not np.ndarray or not compilable([x]):
        return reference(x)
    kernel, lanes = _kernel(x.dtype, x.shape[-1])
    rows = x.size // x.shape[-1]
    count = -(-rows // ROWS_PER_TASK)
    found = (C_TYPES[x.dtype] * (2 * count * lanes))()
    run = partial(kernel.function, address(x), addressof(found))  # checked above
    if count == 1:
        run(0, 0, rows, rows)
    else:
        stops = [min(k * ROWS_PER_TASK, rows) for k in range(count + 1)]
        run_tasks([partial(run, k, stops[k], stops[k + 1], rows) for k in range(count)])
    numbers = found[:]
    total = sequential_sum(numbers)
    return (min(numbers), max(numbers)) if total == total else (math.nan, math.nan)


def reference(x: Array) -> tuple[float, float]:
    """Return what `squared_norm_range` does, by the operations of the array library."""
    xp, squares = namespace(x), dot(x, x)
    return float(xp.min(squares)), float(xp.max(squares))


@Once
def _kernel(kind: np.dtype[Any], width: int) -> tuple[Kernel, int]:
    """Return the kernel for rows of one width, and how many lanes it has.

    It reads the rows [row_start, row_stop) of row_count, and writes the smallest and
    the largest square that each lane has seen to found[task].
    """
    signature = Signature(
        (
            ArrayArgument("rows", kind.name, ("row_count", width)),
            ArrayArgument("found", kind.name, ("tasks", 2, "lanes")),
        ),
        ("task", "row_start", "row_stop", "row_count"),
    )
    code = KernelBuilder(kind.name, signature)
    rows, found = code.pointer("rows"), code.pointer("found")
    task, first, last, count = (code.integer(name) for name in signature.integers)

    def squares(row: Index) -> Vector:
        # The last group begins early: some are looked at twice.
        x = code.load_rows(rows, row.minimum(count - code.lanes), width)
        return x.dot(x)

    def group(row: Index, ends: Vector) -> Vector:
        # Numbers that are not negative are ordered as their bits, and NaN is last.
        low, high = (v.as_integers() for v in ends.each())
        here = squares(row).as_integers()
        return code.concatenate(
            [low.minimum(here).as_floats(), high.maximum(here).as_floats()]
        )

    start = squares(first)
    ends = code.loop(first, last, code.lanes, code.concatenate([start, start]), group)
    for k, end in enumerate(ends.each()):
        code.store_rows(end, found, (task * 2 + k) * code.lanes)
    return Kernel(code.text(), signature), code.lanes
