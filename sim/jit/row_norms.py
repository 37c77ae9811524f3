"""The least and the largest square of a row, in one pass: methods ask before sums."""

from __future__ import annotations

import math
from ctypes import addressof
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.arrays import dot, namespace, sequential_sum
from sim.jit.builder import Code, whole
from sim.jit.kernel import Kernel
from sim.jit.rowwise import BLOCK, NUMBERS, address, compilable
from sim.jit.thread_pool import Once, share

if TYPE_CHECKING:
    from sim.arrays import Array
    from sim.jit.vector import Vector


def extremes(x: Array) -> tuple[float, float]:
    """Return the least and the largest |x|² of the rows of `x`: (..., d).

    NaN, both of them, if one is no number.
    """
    if type(x) is not np.ndarray or not compilable([x]):
        xp, squares = namespace(x), dot(x, x)
        return float(xp.min(squares)), float(xp.max(squares))
    kernel, lanes = _kernel(x.dtype, x.shape[-1])
    rows = x.size // x.shape[-1]
    count = -(-rows // BLOCK)
    found = (NUMBERS[x.dtype] * (2 * count * lanes))()
    held = address(x), addressof(found)
    if count == 1:
        kernel(*held, 0, 0, rows, rows)
    else:
        starts = range(0, rows, BLOCK)
        ends = [*starts[1:], rows]
        share(
            [
                partial(kernel, *held, 2 * k * lanes, starts[k], ends[k], rows)
                for k in range(count)
            ]
        )
    numbers = found[:]
    total = sequential_sum(numbers)
    return (min(numbers), max(numbers)) if total == total else (math.nan, math.nan)


@Once
def _kernel(kind: np.dtype[Any], width: int) -> tuple[Kernel, int]:
    """Return the kernel for rows of one width, and how many lanes it has.

    Notes
    -----
    Arguments: the addresses of rows and of the numbers found; where the 2 L of these
    begin that are written; then the rows [r₀, r₁) to look at, and how many there are.
    """
    code = Code(kind.name, 2, 4)
    rows, found, place, first, last, count = code.function.args

    def squares(row: Any) -> Vector:
        # The last group begins early: some are looked at twice.
        start = code.lesser(row, code.to.sub(count, whole(code.lanes)))
        x = code.rows(rows, start, width)
        return x.dot(x)

    def group(row: Any, ends: Vector) -> Vector:
        # Numbers that are not negative are ordered as their bits, and NaN is last.
        low, high = (v.bits() for v in ends.each())
        here = squares(row).bits()
        return code.beside([low.least(here).numbers(), high.greatest(here).numbers()])

    start = squares(first)
    ends = code.loop(first, last, code.lanes, code.beside([start, start]), group)
    for k, end in enumerate(ends.each()):
        code.put_rows(end, found, code.to.add(place, whole(k * code.lanes)))
    return Kernel(code.written()), code.lanes
