"""The end of a fused sum: strands are added up, sums divided by masses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.jit.builder import Code, whole
from sim.jit.kernel import Kernel
from sim.jit.thread_pool import Once

if TYPE_CHECKING:
    from sim.jit.vector import Vector


@Once
def finish(kind: str, depth: int) -> Kernel:
    """Compile what is done when tiles have met: in one pass, with no array between.

    Notes
    -----
    Arguments: the addresses of strands (s, m/L, 1 + d, L), of sums (n/L, 1 + d, L) in
    float64, and of masses (n,) and means (n, d).  Then s and the size of a strand in
    vectors; the vectors [v₀, v₁) of all strands that are added to the sums; and the
    groups [g₀, g₁) of rows whose masses and means are written then.
    """
    write = _Finish(kind, depth)
    v0, v1, g0, g1 = write.bounds
    write.code.repeat(v0, v1, 1, write.add_up)
    write.code.repeat(g0, g1, 1, write.divide)
    return Kernel(write.code.written())


class _Finish:
    def __init__(self, kind: str, depth: int) -> None:
        self.code = code = Code(kind, 4, 6)
        self.depth = depth
        arguments: list[Any] = list(code.function.args)
        self.strands, self.sums, self.mass, self.mean = arguments[:4]
        self.count, self.size, *self.bounds = arguments[4:]

    def add_up(self, v: Any) -> None:
        """Add the vector v of all strands to the sums, in float64."""
        code, to = self.code, self.code.to

        def strand(s: Any, total: Vector) -> Vector:
            place = to.add(to.mul(s, self.size), v)
            return total + code.load(self.strands, place).doubles()

        held = code.load(self.sums, v, kind=code.doubles)
        code.store(code.loop(0, self.count, 1, held, strand), self.sums, v)

    def divide(self, g: Any) -> None:
        """Write masses and means of the rows of group g."""
        code, to = self.code, self.code.to
        first = to.mul(g, whole(1 + self.depth))
        mass = code.load(self.sums, first, kind=code.doubles)
        row = to.mul(g, whole(code.lanes))
        code.scatter(mass.rounded(), self.mass, row, 1)

        def column(c: Any) -> None:
            sum_at = to.add(first, to.add(whole(1), c))
            total = code.load(self.sums, sum_at, kind=code.doubles)
            place = to.add(to.mul(row, whole(self.depth)), c)
            code.scatter((total / mass).rounded(), self.mean, place, self.depth)

        code.repeat(0, self.depth, 1, column)
