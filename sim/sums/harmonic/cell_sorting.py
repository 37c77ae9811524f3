"""The kernel that sorts tokens by the cells of a sphere that they lie in."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.jit.builder import KernelBuilder
from sim.jit.kernel import Kernel
from sim.jit.signature import ArrayArgument, Signature
from sim.jit.thread_pool import Once
from sim.sums.harmonic.cells import POLAR_RING

if TYPE_CHECKING:
    from sim.jit.index import Index
    from sim.jit.vector import Vector

ARCTANGENT = (0.9997835486, -0.3257340956, 0.1553840966, -0.0441982401)
"""atan(a)/a for a in [0, 1] by powers of a², to 1.7e-4: a fit in Chebyshev points."""
TINY = 1e-300  # no length
WIDTH = 3


@Once
def sorting_kernel(kind: str) -> Kernel:
    """Compile a counting sort of the rows [row_start, row_stop) by cell.

    ``order[row_start + k]`` is the k-th row of the cells in turn, and ``starts[c]`` the
    k of the first one of cell c; rows of one cell keep their order.  Angles are rounded
    to 2e-4, so that a token may be assigned to the cell beside its own by that much.
    """
    signature = Signature(
        (
            ArrayArgument("tokens", kind, ("row_count", WIDTH)),
            ArrayArgument("sectors", "float64", ("rings",)),
            ArrayArgument("firsts", "float64", ("rings",)),
            ArrayArgument("grid", "float64", (2,)),
            ArrayArgument("ids", "int64", ("ids",), aligned=True),
            ArrayArgument("starts", "int64", ("starts",)),
            ArrayArgument("order", "int64", ("row_count",)),
        ),
        ("row_start", "row_stop", "row_count", "cells"),
    )
    return Kernel(_SortingKernel(kind, signature).text(), signature)


class _SortingKernel:
    def __init__(self, kind: str, signature: Signature) -> None:
        self.kind = kind
        self.code = code = KernelBuilder("float64", signature)
        self.start, self.stop = code.integer("row_start"), code.integer("row_stop")
        self.cells = code.integer("cells")
        self.zero, self.one = code.constant(0.0), code.constant(1.0)

    def text(self) -> str:
        """Return the kernel in LLVM's language."""
        code, count = self.code, self.stop - self.start
        starts, order = code.pointer("starts"), code.pointer("order")
        ids = code.pointer("ids")

        def clear(c: Index) -> None:
            code.store_integer(0, starts, c)

        def counted(k: Index) -> None:
            c = code.load_integer(ids, k)
            code.store_integer(code.load_integer(starts, c) + 1, starts, c)

        def added(c: Index) -> None:
            total = code.load_integer(starts, c - 1) + code.load_integer(starts, c)
            code.store_integer(total, starts, c)

        def placed(k: Index) -> None:
            row = count - 1 - k  # backwards: then rows of one cell keep their order
            c = code.load_integer(ids, row)
            place = code.load_integer(starts, c) - 1
            code.store_integer(place, starts, c)
            code.store_integer(self.start + row, order, self.start + place)

        code.for_range(0, count, code.lanes, self._assign)
        code.for_range(0, self.cells + 1, 1, clear)
        code.for_range(0, count, 1, counted)
        code.for_range(1, self.cells + 1, 1, added)
        code.for_range(0, count, 1, placed)
        return code.text()

    def _assign(self, k: Index) -> None:
        """Write the cells of the rows from k on."""
        code, tokens = self.code, self.code.pointer("tokens")
        row, last = self.start + k, self.stop - 1
        places = [(row + lane).minimum(last) * WIDTH for lane in range(code.lanes)]
        x, y, z = (
            code.gather(tokens, [p + c for p in places], self.kind)
            for c in range(WIDTH)
        )
        ring = self._ring(x, y, z)
        rows = code.lane_indices(ring.to_integers())
        sectors = code.gather(code.pointer("sectors"), rows)
        first = code.gather(code.pointer("firsts"), rows)
        turn = self._angle(x, y.maximum(y.negated()))
        whole = code.constant(2 * math.pi)
        turn = turn + self.zero.ones_above(y) * (whole - (turn + turn))
        sector = (turn * (1 / (2 * math.pi) * sectors)).minimum(sectors - self.one)
        sector = sector.maximum(self.zero).to_integers()
        ids = first.to_integers() + sector
        code.store_integers(ids, code.pointer("ids"), k // code.lanes)

    def _ring(self, x: Vector, y: Vector, z: Vector) -> Vector:
        """Return the ring, as a number with a fraction."""
        code, grid = self.code, self.code.pointer("grid")
        across = x.multiply_add(x, y * y).root()
        per_radian, last = code.broadcast(grid, 0), code.broadcast(grid, 1)
        ring = self._angle(z, across).multiply_add(
            per_radian, code.constant(1 - POLAR_RING)
        )
        return ring.maximum(self.zero).minimum(last)

    def _angle(self, x: Vector, y: Vector) -> Vector:
        """Return the angle of (x, y) for y ≥ 0, from 0 to π."""
        code = self.code
        wide = x.maximum(x.negated())
        a = wide.minimum(y) / wide.maximum(y).maximum(code.constant(TINY))
        square = a * a
        total = code.constant(ARCTANGENT[-1])
        for one in ARCTANGENT[-2::-1]:
            total = total.multiply_add(square, code.constant(one))
        angle = a * total
        right = code.constant(math.pi / 2) - (angle + angle)
        angle = y.ones_above(wide).multiply_add(right, angle)
        left = code.constant(math.pi) - (angle + angle)
        return self.zero.ones_above(x).multiply_add(left, angle)
