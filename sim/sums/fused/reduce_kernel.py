"""The end of a fused sum: partial sums are added up, sums divided by masses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.jit.builder import KernelBuilder
from sim.jit.kernel import Kernel
from sim.jit.signature import ArrayArgument, Signature
from sim.jit.thread_pool import Once

if TYPE_CHECKING:
    from sim.jit.index import Index
    from sim.jit.vector import Vector


@Once
def reduce_kernel(kind: str, depth: int) -> Kernel:
    """Compile what is done to sums once tiles have added to them, in one pass.

    It adds the vectors [vector_start, vector_stop) of `partial_count` partial sums of
    `partial_size` vectors to those of the sums, and writes the mass and the means of
    the rows in groups [group_start, group_stop).  `signature` describes the arrays;
    `sim.sums.fused.reference.reduce` is the same in NumPy.
    """
    write = _ReduceKernel(kind, depth)
    code = write.code
    start, stop = code.integer("vector_start"), code.integer("vector_stop")
    code.for_range(start, stop, 1, write.add_up)
    start, stop = code.integer("group_start"), code.integer("group_stop")
    code.for_range(start, stop, 1, write.divide)
    return Kernel(code.text(), write.signature)


def signature(kind: str, depth: int) -> Signature:
    """Return the arguments of the kernel; sums and partial sums begin with the mass."""
    shape = (1 + depth, "lanes")
    return Signature(
        (
            ArrayArgument("partials", kind, ("partials", "groups", *shape), True),
            ArrayArgument("row_sums", "float64", ("row_groups", *shape), True),
            ArrayArgument("mass", kind, ("rows", 1)),
            ArrayArgument("mean", kind, ("rows", depth)),
        ),
        (
            "partial_count",
            "partial_size",
            "vector_start",
            "vector_stop",
            "group_start",
            "group_stop",
        ),
    )


class _ReduceKernel:
    def __init__(self, kind: str, depth: int) -> None:
        self.depth, self.signature = depth, signature(kind, depth)
        self.code = code = KernelBuilder(kind, self.signature)
        self.partials, self.sums = code.pointer("partials"), code.pointer("row_sums")

    def add_up(self, v: Index) -> None:
        """Add the vector v of all partial sums to the sums, in float64."""
        code, size = self.code, self.code.integer("partial_size")

        def add(s: Index, total: Vector) -> Vector:
            return total + code.load(self.partials, s * size + v).to_float64()

        held = code.load(self.sums, v, kind=code.float64_type)
        count = code.integer("partial_count")
        code.store(code.loop(0, count, 1, held, add), self.sums, v)

    def divide(self, g: Index) -> None:
        """Write masses and means of the rows of group g."""
        code, depth = self.code, self.depth
        first, row = g * (1 + depth), g * code.lanes
        mass = code.load(self.sums, first, kind=code.float64_type)
        code.scatter(mass.to_kernel_type(), code.pointer("mass"), row, 1)

        def column(c: Index) -> None:
            total = code.load(self.sums, first + 1 + c, kind=code.float64_type)
            mean = (total / mass).to_kernel_type()
            code.scatter(mean, code.pointer("mean"), row * depth + c, depth)

        code.for_range(0, depth, 1, column)
