"""Second moments of attention by rows of products, compiled."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from sim.arrays import dot
from sim.jit.builder import KernelBuilder
from sim.jit.exponential import exponential, score_unit
from sim.jit.kernel import Kernel, address
from sim.jit.llvm import missing
from sim.jit.rowwise import C_TYPES
from sim.jit.scratch import scratch
from sim.jit.signature import ArrayArgument, Signature
from sim.jit.thread_pool import Once, run_tasks

if TYPE_CHECKING:
    from sim.array_types import Floats
    from sim.arrays import Array
    from sim.jit.index import Index
    from sim.jit.vector import Vector

MIN_ROWS = 192  # below, NumPy takes less than compiling does
TILE_ENTRIES = 1 << 15  # of products at a time: 256 KiB in float64, in cache
MIN_TASK_PAIRS = 1 << 20  # for a thread of its own
TOGETHER = 4  # registers whose exponentials do not wait for one another
SUMS = 3  # of weights, of |y|² and of ⟨x,y⟩²


def can_compile(x: Array) -> bool:
    """Whether `compiled_moments` takes these tokens."""
    if type(x) is not np.ndarray or x.ndim != 2:  # noqa: PLR2004 - (n, d)
        return False
    return len(x) >= MIN_ROWS and x.dtype in C_TYPES and missing() is None


def compiled_moments(x: Floats, beta: float, log_z: Floats) -> tuple[Floats, Floats]:
    """Return E|y|² and E⟨x,y⟩² by weights e^(β⟨x,y⟩ - log Z): (n, d) -> (n, 1) each.

    `log_z`, (n, 1), need only be near the truth: the weights are added up, too.
    Products are made in tiles; sums of a row are rounded in the type of the tokens.
    """
    n, kind = len(x), x.dtype.name
    kernel, lanes = _kernel(kind)
    unit, pad = score_unit(kind), TOGETHER * lanes
    squares = np.zeros(n + pad, x.dtype)
    squares[:n] = dot(x, x)[:, 0]
    shifts = np.ascontiguousarray(log_z * unit, x.dtype)
    factor, out = np.array([-beta * unit], x.dtype), np.zeros((n, SUMS))
    columns, size = np.ascontiguousarray(x.T), max(1, TILE_ENTRIES // n)

    def some(first: int, stop: int) -> None:
        tile = scratch("products", (size * n + pad,), kind)
        for a in range(first, stop, size):
            rows = min(size, stop - a)
            products = tile.array[: rows * n].reshape(rows, n)
            np.matmul(x[a : a + rows], columns, out=products)
            arrays = squares, factor, shifts[a : a + rows], out[a : a + rows]
            kernel.function(tile.address, *map(address, arrays), rows, n)

    step = size * -(-MIN_TASK_PAIRS // (n * size))
    run_tasks([partial(some, a, min(a + step, n)) for a in range(0, n, step)])
    found = (out[:, 1:] / out[:, :1]).astype(x.dtype)
    return found[:, :1], found[:, 1:]


@Once
def _kernel(kind: str) -> tuple[Kernel, int]:
    """Return the kernel for numbers of a type, and how many lanes it has."""
    signature = Signature(
        (
            ArrayArgument("products", kind, ("entries",), aligned=True),
            ArrayArgument("squares", kind, ("columns",)),
            ArrayArgument("factor", kind, (1,)),
            ArrayArgument("shifts", kind, ("rows", 1)),
            ArrayArgument("sums", "float64", ("rows", SUMS)),
        ),
        ("row_count", "width"),
    )
    code = KernelBuilder(kind, signature)
    shifts, sums = code.pointer("shifts"), code.pointer("sums")
    rows, width = (code.integer(name) for name in signature.integers)
    together = TOGETHER * code.lanes
    whole = width - width % together

    def row(k: Index) -> None:
        known = MomentRow(code, k * width, code.broadcast(shifts, k))
        zeros = code.concatenate([code.constant(0.0)] * (SUMS * TOGETHER))
        found = code.loop(0, whole, together, zeros, known.whole)
        found = code.loop(whole, width, code.lanes, found, known.last)
        for m in range(SUMS):
            for part in found[m * TOGETHER : (m + 1) * TOGETHER].each():
                code.add_lanes_to(sums, k * SUMS + m, part)

    code.for_range(0, rows, 1, row)
    return Kernel(code.text(), signature), code.lanes


@dataclass(frozen=True, slots=True)
class MomentRow:
    """A row of products in a kernel that is being written.

    Attributes
    ----------
    code : KernelBuilder
        Writes the instructions.
    start : Index
        Where its products begin.
    shift : Vector
        What is added to its scores.
    """

    code: KernelBuilder
    start: Index
    shift: Vector

    def whole(self, j: Index, carried: Vector) -> Vector:
        """Return the sums, (3 · TOGETHER) registers, after the columns from j on."""
        starts = [j + g * self.code.lanes for g in range(TOGETHER)]
        weights, products = self._weights(starts)
        old = [carried[m * TOGETHER : (m + 1) * TOGETHER] for m in range(SUMS)]
        return self.code.concatenate(self._added(old, weights, products, starts))

    def last(self, j: Index, carried: Vector) -> Vector:
        """Return the sums after one register of columns, some beyond the width."""
        weights, products = self._weights([j])
        weights = self.code.zero_from(j, self.code.integer("width"), weights)
        registers = carried.each()
        firsts = registers[::TOGETHER]
        registers[::TOGETHER] = self._added(firsts, weights, products, [j])
        return self.code.concatenate(registers)

    def _weights(self, starts: list[Index]) -> tuple[Vector, Vector]:
        code, tile = self.code, self.code.pointer("products")
        g = code.concatenate([code.load_at(tile, self.start + j) for j in starts])
        scale = code.broadcast(code.pointer("factor"), 0)
        scaled = g.multiply_add(scale, self.shift)
        return exponential(code, scaled, may_underflow=True), g

    def _added(
        self, old: list[Vector], weights: Vector, g: Vector, starts: list[Index]
    ) -> list[Vector]:
        code, squares = self.code, self.code.pointer("squares")
        mass, length, score = old
        lengths = code.concatenate([code.load_at(squares, j) for j in starts])
        return [
            mass + weights,
            weights.multiply_add(lengths, length),
            (weights * g).multiply_add(g, score),
        ]
