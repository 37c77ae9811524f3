"""The kernels over tokens sorted by cells: moments of cells, and sums at tokens."""

from __future__ import annotations

import abc
from typing import TYPE_CHECKING

from sim.jit.builder import KernelBuilder
from sim.jit.kernel import Kernel
from sim.jit.signature import ArrayArgument, Signature
from sim.jit.thread_pool import Once

if TYPE_CHECKING:
    from sim.jit.index import Index
    from sim.jit.vector import Vector

WIDTH = 3
FRAME = 2 * WIDTH  # numbers: east and north of a cell
INTEGERS = ("row_start", "row_count", "cells")


def polynomial_count(degree: int) -> int:
    """Return how many polynomials of two coordinates have at most this degree."""
    return (degree + 1) * (degree + 2) // 2


@Once
def cell_moment_kernel(kind: str, degree: int, columns: int) -> Kernel:
    """Compile Σⱼ (1, yⱼ) T_a(uⱼ) T_b(vⱼ) over the tokens of every cell.

    It adds them to ``moments[column, cell]``.  The tokens are rows `order`, as
    `sim.sums.harmonic.cell_sorting` sorts them.
    """
    count = polynomial_count(degree)
    arrays = [
        *_sorted_tokens(kind),
        ArrayArgument("moments", "float64", (columns, "cells", count)),
    ]
    if columns > 1:
        arrays.append(ArrayArgument("values", kind, ("row_count", columns - 1)))
    signature = Signature(tuple(arrays), INTEGERS)
    return Kernel(_Moments(kind, degree, columns, signature).text(), signature)


@Once
def cell_sum_kernel(kind: str, degree: int, columns: int) -> Kernel:
    """Compile the sums at tokens: mass, and mean = sums / mass.

    `fields` has the coefficients of all columns of a cell: the mass first.
    """
    count = polynomial_count(degree)
    signature = Signature(
        (
            *_sorted_tokens(kind),
            ArrayArgument("fields", "float64", ("cells", columns, count)),
            ArrayArgument("mass", kind, ("row_count", 1)),
            ArrayArgument("mean", kind, ("row_count", columns - 1)),
        ),
        INTEGERS,
    )
    return Kernel(_Sums(kind, degree, columns, signature).text(), signature)


def _sorted_tokens(kind: str) -> list[ArrayArgument]:
    return [
        ArrayArgument("tokens", kind, ("row_count", WIDTH)),
        ArrayArgument("frames", "float64", ("cells", FRAME)),
        ArrayArgument("starts", "int64", ("starts",)),
        ArrayArgument("order", "int64", ("row_count",)),
    ]


class _CellKernel(abc.ABC):
    """A loop over cells and, in each, over its tokens, a vector of them at a time."""

    def __init__(
        self, kind: str, degree: int, columns: int, signature: Signature
    ) -> None:
        self.kind, self.degree, self.columns = kind, degree, columns
        self.count = polynomial_count(degree)
        self.code = KernelBuilder("float64", signature)

    @abc.abstractmethod
    def cell(self, c: Index, start: Index, stop: Index) -> None:
        """Write what is done with cell c: the places [start, stop) of `order`."""

    def text(self) -> str:
        """Return the kernel in LLVM's language."""
        code = self.code
        first, starts = code.integer("row_start"), code.pointer("starts")

        def turn(c: Index) -> None:
            start = first + code.load_integer(starts, c)
            stop = first + code.load_integer(starts, c + 1)

            def nothing() -> None:
                pass

            def some() -> None:
                self.cell(c, start, stop)

            code.if_at_most(stop, start, nothing, some)

        code.for_range(0, code.integer("cells"), 1, turn)
        return code.text()

    def frame(self, c: Index) -> list[Vector]:
        """Return east and north of cell c."""
        frames = self.code.pointer("frames")
        return [self.code.broadcast(frames, c * FRAME + k) for k in range(FRAME)]

    def rows(self, k: Index, stop: Index) -> list[Index]:
        """Return the rows at place k and after it, the last again at the end."""
        code, last = self.code, stop - 1
        order = code.pointer("order")
        return [
            code.load_integer(order, (k + lane).minimum(last))
            for lane in range(code.lanes)
        ]

    def chebyshev(
        self, rows: list[Index], frame: list[Vector]
    ) -> tuple[list[Vector], list[Vector]]:
        """Return T_a(u) and T_b(v) for all degrees but T_0, which is 1."""
        code, tokens = self.code, self.code.pointer("tokens")
        places = [row * WIDTH for row in rows]
        x, y, z = (
            code.gather(tokens, [p + k for p in places], self.kind)
            for k in range(WIDTH)
        )
        both = [
            x.multiply_add(a, y.multiply_add(b, z * c))
            for a, b, c in (frame[:WIDTH], frame[WIDTH:])
        ]
        return self._upwards(both[0]), self._upwards(both[1])

    def _upwards(self, u: Vector) -> list[Vector]:
        """Return T_1 to T_p by T_k+1 = 2u T_k - T_k-1."""
        out, twice = [u], u + u
        last = self.code.constant(1.0)
        while len(out) < self.degree:
            out.append(twice.multiply_add(out[-1], last.negated()))
            last = out[-2]
        return out


class _Moments(_CellKernel):
    def cell(self, c: Index, start: Index, stop: Index) -> None:
        for column in range(self.columns):
            self._column(c, start, stop, column)

    def _column(self, c: Index, start: Index, stop: Index, column: int) -> None:
        code, frame, p = self.code, self.frame(c), self.degree
        zero, one = code.constant(0.0), code.constant(1.0)

        def turn(k: Index, totals: Vector) -> Vector:
            rows = self.rows(k, stop)
            left, right = self.chebyshev(rows, frame)
            weight = code.zero_from(k, stop, one)
            if column:
                places = [r * (self.columns - 1) + (column - 1) for r in rows]
                weight = weight * code.gather(code.pointer("values"), places, self.kind)
            old, new = iter(totals.each()), []
            for b in range(p + 1):
                part = right[b - 1] * weight if b else weight
                new.append(next(old) + part)
                new += [t.multiply_add(part, next(old)) for t in left[: p - b]]
            return code.concatenate(new)

        totals = code.loop(
            start, stop, code.lanes, code.concatenate([zero] * self.count), turn
        )
        base = (code.integer("cells") * column + c) * self.count
        for k, total in enumerate(totals.each()):
            code.add_lanes_to(code.pointer("moments"), base + k, total)


class _Sums(_CellKernel):
    def cell(self, c: Index, start: Index, stop: Index) -> None:
        code, frame = self.code, self.frame(c)
        step = self.columns - 1

        def turn(k: Index) -> None:
            rows = self.rows(k, stop)
            known = self.chebyshev(rows, frame)
            base = c * (self.columns * self.count)
            mass = self._field(base, *known)
            code.scatter_to(mass, code.pointer("mass"), rows, self.kind)
            for column in range(step):
                total = self._field(base + (column + 1) * self.count, *known)
                places = [row * step + column for row in rows]
                code.scatter_to(total / mass, code.pointer("mean"), places, self.kind)

        code.for_range(start, stop, code.lanes, turn)

    def _field(self, base: Index, left: list[Vector], right: list[Vector]) -> Vector:
        """Return Σ C_ab T_a(u) T_b(v) of the coefficients from `base` on."""
        code, fields, at = self.code, self.code.pointer("fields"), 0
        total = code.constant(0.0)
        for b in range(self.degree + 1):
            part = code.broadcast(fields, base + at)
            for k, t in enumerate(left[: self.degree - b]):
                part = t.multiply_add(code.broadcast(fields, base + (at + k + 1)), part)
            total = right[b - 1].multiply_add(part, total) if b else part
            at += self.degree + 1 - b
        return total
