"""The least and the largest square of a row, in one pass: methods ask before sums."""

from __future__ import annotations

import math
from ctypes import addressof
from functools import partial
from typing import TYPE_CHECKING, Any

from sim.arrays import dot, namespace
from sim.sums.pool import Once, share
from sim.sums.rows import BLOCK, NUMBERS, address, compilable

if TYPE_CHECKING:
    import numpy as np

    from sim.arrays import Array
    from sim.sums.register import Vector
    from sim.sums.vector import Kernel


def extremes(x: Array) -> tuple[float, float]:
    """Return the least and the largest |x|² of the rows of `x`: (..., d).

    NaN, both of them, if one is no number.
    """
    if not compilable([x]):
        xp, squares = namespace(x), dot(x, x)
        return float(xp.min(squares)), float(xp.max(squares))
    kernel, lanes = _kernel(x.dtype, x.shape[-1])
    rows = x.size // x.shape[-1]
    count = -(-rows // BLOCK)
    low, high = ((NUMBERS[x.dtype] * (count * lanes))() for _ in range(2))
    call = partial(kernel, address(x), addressof(low), addressof(high))

    def some(k: int) -> None:
        call(k * lanes, k * BLOCK, min(k * BLOCK + BLOCK, rows), rows)

    share([partial(some, k) for k in range(count)])
    total = sum(high)
    return (min(low), max(high)) if total == total else (math.nan, math.nan)


@Once
def _kernel(kind: np.dtype[Any], width: int) -> tuple[Kernel, int]:
    """Return the kernel for rows of one width, and how many numbers it finds.

    Notes
    -----
    Arguments: the addresses of rows, and of the least and the largest found; where to
    write these; then the rows [r₀, r₁) to look at, and how many there are.
    """
    from sim.sums.vector import Code, Kernel, whole

    code = Code(kind.name, 3, 4)
    rows, least, largest, place, first, last, count = code.function.args

    def squares(row: Any) -> Vector:
        # The last group begins early: some are looked at twice.
        x = code.rows(
            rows, code.lesser(row, code.to.sub(count, whole(code.lanes))), width
        )
        return x.dot(x)

    def group(row: Any, found: Vector) -> Vector:
        # Numbers that are not negative are ordered as their bits, and NaN is last.
        low, high = (v.bits() for v in found.each())
        here = squares(row).bits()
        return code.beside([low.least(here).numbers(), high.greatest(here).numbers()])

    start = squares(first)
    low, high = code.loop(
        first, last, code.lanes, code.beside([start, start]), group
    ).each()
    code.put_rows(low, least, place)
    code.put_rows(high, largest, place)
    return Kernel(code.written()), code.lanes
