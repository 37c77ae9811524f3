"""Extremes, power sums and a count of the cosines of a tile, compiled: one pass."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from sim.jit.builder import KernelBuilder
from sim.jit.kernel import Kernel, address
from sim.jit.llvm import missing
from sim.jit.rowwise import C_TYPES
from sim.jit.scratch import aligned
from sim.jit.signature import ArrayArgument, Signature
from sim.jit.thread_pool import Once

if TYPE_CHECKING:
    from sim.array_types import Floats
    from sim.jit.index import Index
    from sim.jit.vector import Vector

MIN_ROWS = 192  # below, NumPy takes less than compiling does
TILE_ENTRIES = 1 << 15  # of products at a time: 256 KiB in float64, in cache
ENDS = ("least", "largest", "count")
POWERS = 4


def upper_summary(y: Floats, bound: float) -> tuple[float, float, int, Floats] | None:
    """Return least and largest ⟨yᵢ,yⱼ⟩, how many exceed `bound`, and sums of powers.

    Of the pairs i < j of the rows of `y`, (n, d); powers 1 to 4, (4,) in float64.
    None where NumPy does it as well, or where a number is not finite.
    """
    n = len(y)
    if n < MIN_ROWS or y.dtype not in C_TYPES or missing() is not None:
        return None
    kernel, lanes = _kernel(y.dtype.name)
    size = max(1, TILE_ENTRIES // n)
    tile = aligned((size * n + lanes,), y.dtype.name)
    ends = aligned((3, lanes), y.dtype.name)
    ends[0], ends[1], sums = math.inf, -math.inf, np.zeros(POWERS)
    limit, columns = np.array([bound], y.dtype), np.ascontiguousarray(y.T)
    places = [address(a) for a in (tile, limit, ends, sums)]
    for a in range(0, n, size):
        rows, width = min(size, n - a), n - a
        out = tile[: rows * width].reshape(rows, width)
        np.matmul(y[a : a + rows], columns[:, a:], out=out)
        kernel.function(*places, rows, width)
    if not np.isfinite(sums).all():
        return None
    return float(ends[0].min()), float(ends[1].max()), int(ends[2].sum()), sums


@Once
def _kernel(kind: str) -> tuple[Kernel, int]:
    """Return the kernel for numbers of a type, and how many lanes it has.

    It reads row k of a tile that begins on the diagonal from column k + 1 on.  Sums of
    a row are added to `sums` in float64; `ends` has one entry for each lane.
    """
    signature = Signature(
        (
            ArrayArgument("tile", kind, ("entries",), aligned=True),
            ArrayArgument("bound", kind, (1,)),
            ArrayArgument("ends", kind, (len(ENDS), "lanes"), aligned=True),
            ArrayArgument("sums", "float64", (POWERS,)),
        ),
        ("rows", "width"),
    )
    code = KernelBuilder(kind, signature)
    tile, ends, sums = (code.pointer(name) for name in ("tile", "ends", "sums"))
    rows, width = code.integer("rows"), code.integer("width")
    bound, lanes = code.broadcast(code.pointer("bound"), 0), code.lanes

    def row(k: Index, known: Vector) -> Vector:
        start, place = k + 1, k * width
        zeros = code.concatenate([code.constant(0.0)] * POWERS)
        whole = start.maximum(width - (width - start) % lanes)

        def inside(j: Index, carried: Vector) -> Vector:
            t = code.load_at(tile, place + j)
            return _added(code, carried, t, (t, t, t), bound)

        def last(j: Index, carried: Vector) -> Vector:
            t = code.load_at(tile, place + j)
            some = [code.below(j, width, t, end) for end in carried.each()[:2]]
            t = code.zero_from(j, width, t)
            only = code.below(j, width, t, bound)  # which does not exceed itself
            return _added(code, carried, t, (*some, only), bound)

        found = code.loop(start, whole, lanes, code.concatenate([known, zeros]), inside)
        found = code.loop(whole, width, lanes, found, last)
        for power, total in enumerate(found.each()[len(ENDS) :]):
            code.add_lanes_to(sums, power, total)
        return found[: len(ENDS)]

    first = code.load(ends, *range(len(ENDS)))
    for k, end in enumerate(code.loop(0, rows, 1, first, row).each()):
        code.store(end, ends, k)
    return Kernel(code.text(), signature), lanes


def _added(
    code: KernelBuilder,
    carried: Vector,
    t: Vector,
    ends: tuple[Vector, ...],
    bound: Vector,
) -> Vector:
    """Return what is carried after the cosines `t`, whose extremes are of `ends`."""
    least, largest, count, first, second, third, fourth = carried.each()
    square = t * t
    return code.concatenate(
        [
            ends[0].minimum(least),
            ends[1].maximum(largest),
            count + ends[2].ones_above(bound),
            first + t,
            second + square,
            t.multiply_add(square, third),
            square.multiply_add(square, fourth),
        ]
    )
