"""Clusters of rows, compiled: each is flooded from its first row, all in one call."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from sim.jit.builder import KernelBuilder
from sim.jit.kernel import Kernel, address
from sim.jit.llvm import missing
from sim.jit.rowwise import C_TYPES
from sim.jit.signature import ArrayArgument, Signature
from sim.jit.thread_pool import Once

if TYPE_CHECKING:
    from sim.array_types import AnyArray
    from sim.jit.frame import Pointer
    from sim.jit.index import Index
    from sim.jit.vector import Vector

MIN_ROWS = 192  # below, NumPy takes less than compiling does
MAX_DIMENSION = 32  # above, products of matrices are quicker
BATCH = 32  # rows that are compared with one at a time
NEXT, CLUSTER = 0, 1  # places of what the kernel counts


def flooded(x: AnyArray, reach: float) -> AnyArray | None:
    """Return a cluster of each row of `x`, (n, d) -> int (n,), by any numbers.

    Rows closer than `reach` are joined.  None where NumPy does it as well.
    """
    n, d = x.shape
    if n < MIN_ROWS or d > MAX_DIMENSION or x.dtype not in C_TYPES:
        return None
    if missing() is not None:
        return None
    # |a - b| < r  is  ⟨a, b⟩ > (|a|² - r²/2)/2 + (|b|² - r²/2)/2.
    columns = np.zeros((d + 1, n + BATCH), x.dtype)
    columns[:d, :n], columns[d] = x.T, np.inf  # nothing is near a row that is not there
    columns[d, :n] = np.einsum("ij,ij->i", x, x) / 2 - reach**2 / 4
    places, labels = np.arange(n), np.empty(n, np.int64)
    counts = np.array([0, -1])
    arrays = columns, places, labels, counts
    _kernel(x.dtype.name).function(*map(address, arrays), n, n + BATCH, d)
    return labels


@Once
def _kernel(kind: str) -> Kernel:
    """Return the kernel for numbers of a type.

    Rows change places: those before NEXT belong to clusters and come in the order in
    which they were reached.  Each in turn is compared with all rows from NEXT on, and
    those that are near it move there.  So no row is reached twice, and a pair is
    compared at most once.
    """
    signature = Signature(
        (
            ArrayArgument("columns", kind, ("items", "stride")),
            ArrayArgument("places", "int64", ("rows",)),
            ArrayArgument("labels", "int64", ("rows",)),
            ArrayArgument("counts", "int64", (2,)),
        ),
        ("rows", "stride", "dimension"),
    )
    code = KernelBuilder(kind, signature)
    columns, places, labels, counts = (
        code.pointer(array.name) for array in signature.arrays
    )
    rows, stride, dimension = (code.integer(name) for name in signature.integers)

    def visit(here: Index) -> None:
        def begin_cluster() -> None:
            code.store_integer(here + 1, counts, NEXT)
            number = code.load_integer(counts, CLUSTER)
            code.store_integer(number + 1, counts, CLUSTER)

        following = code.load_integer(counts, NEXT)
        code.if_at_most(following, here, begin_cluster, _nothing)
        cluster = code.load_integer(counts, CLUSTER)
        code.store_integer(cluster, labels, code.load_integer(places, here))

        def batch(row: Index) -> None:
            bits = _near(code, columns, here, row, (stride, dimension))

            def take(k: Index) -> None:
                bit = (bits >> k) % 2
                reach = partial(_reach_row, code, row + k)
                code.if_at_most(bit, bit * 0, _nothing, reach)

            take_some = partial(code.for_range, 0, BATCH, 1, take)
            code.if_at_most(bits, bits * 0, _nothing, take_some)

        code.for_range(code.load_integer(counts, NEXT), rows, BATCH, batch)

    code.for_range(0, rows, 1, visit)
    return Kernel(code.text(), signature)


def _reach_row(code: KernelBuilder, row: Index) -> None:
    """Move `row` to NEXT."""
    columns, counts = code.pointer("columns"), code.pointer("counts")
    following, stride = code.load_integer(counts, NEXT), code.integer("stride")

    def exchange(column: Index) -> None:
        code.swap(columns, column * stride + row, column * stride + following)

    code.for_range(0, code.integer("dimension") + 1, 1, exchange)
    code.swap(code.pointer("places"), row, following, "int64")
    code.store_integer(following + 1, counts, NEXT)


def _near(
    code: KernelBuilder,
    columns: Pointer,
    here: Index,
    row: Index,
    sizes: tuple[Index, Index],
) -> Index:
    """Return which rows from `row` on are near the row `here`, a bit for each."""
    stride, dimension = sizes
    starts = range(0, BATCH, code.lanes)

    def groups(column: Index) -> Vector:
        place = column * stride + row
        return code.concatenate([code.load_at(columns, place + k) for k in starts])

    def add(column: Index, products: Vector) -> Vector:
        one = code.broadcast(columns, column * stride + here)
        return groups(column).multiply_add(one, products)

    zero = code.concatenate([code.constant(0.0)] * len(starts))
    products = code.loop(0, dimension, 1, zero, add)
    own = code.broadcast(columns, dimension * stride + here)
    return code.bits_above(products - own, groups(dimension))


def _nothing() -> None:
    """Write nothing."""
