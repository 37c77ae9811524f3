"""Loops over tokens and harmonics, on the circle and on the sphere.

With tokens of length 1, the polynomials q of a table of numbers b ≤ 0,

    q_mm = 1,  q_l+1,m = z q_lm + b_lm q_l-1,m,

times (x + iy)^m are a basis of all functions of degree l.  On the circle there is no z,
and only l = m.
"""

from __future__ import annotations

import abc
from typing import TYPE_CHECKING, ClassVar

from sim.jit.builder import KernelBuilder
from sim.sums.harmonic.blocking import SLOTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.jit.frame import Pointer
    from sim.jit.index import Index
    from sim.jit.signature import Signature
    from sim.jit.vector import Vector
    from sim.sums.harmonic.blocking import HarmonicBlocking

PLANE = 2  # dimensions of the circle
INTEGERS = ("row_start", "row_stop", "row_count", "degrees")


class RecurrenceKernel(abc.ABC):
    """A kernel over tokens and harmonics that is being written.

    Parameters
    ----------
    kind : str
        The type of numbers of tokens and results; sums are in float64.
    blocking : HarmonicBlocking
        How much is done at a time.
    signature : Signature
        With the tokens, b and the scratch buffer, and the integers `INTEGERS`.
    """

    tokens: ClassVar[str]
    """Which array the tokens are."""

    def __init__(
        self, kind: str, blocking: HarmonicBlocking, signature: Signature
    ) -> None:
        self.kind, self.blocking = kind, blocking
        self.code = code = KernelBuilder("float64", signature)
        self.scratch = code.pointer("scratch")
        self.row_count, self.top = code.integer("row_count"), code.integer("degrees")
        self.one = code.concatenate([code.constant(1.0)] * blocking.registers)
        self.zero = code.concatenate([code.constant(0.0)] * blocking.registers)

    @abc.abstractmethod
    def begin(self, r: Index, some: range) -> list[Vector]:
        """Return what is carried for the columns `some` of the rows from r on."""

    @abc.abstractmethod
    def order(
        self,
        m: Index,
        x: list[Vector],
        power: list[Vector],
        carried: list[Vector],
        c: int,
    ) -> list[Vector]:
        """Write the harmonics of order m; return what is carried then."""

    @abc.abstractmethod
    def end(self, r: Index, carried: list[Vector], some: range) -> None:
        """Write what is carried at last."""

    def text(self) -> str:
        """Return the kernel in LLVM's language."""
        code, blocking = self.code, self.blocking
        step = blocking.columns_at_once
        start, stop = code.integer("row_start"), code.integer("row_stop")
        for first in range(0, blocking.columns, step):
            some = range(first, min(first + step, blocking.columns))
            code.for_range(start, stop, blocking.rows, self._rows_of(some))
        return code.text()

    def _rows_of(self, some: range) -> Callable[[Index], None]:
        code, width = self.code, self.blocking.width

        def rows(r0: Index) -> None:
            def row(k: Index) -> Index:
                return r0 + k * (self.blocking.registers * code.lanes)

            def enter(k: Index) -> None:
                x, start = self._directions(row(k)), self.begin(row(k), some)
                self._keep(k, [*x, self.one, self.zero, *start])

            def order(m: Index) -> None:
                def turn(k: Index) -> None:
                    held = self._kept(k, len(some))
                    x, power, rest = held[:width], held[width:][:2], held[width + 2 :]
                    new = self.order(m, x, power, rest, some[0])
                    self._keep(k, [*x, *_times(power, x), *new])

                code.for_range(0, SLOTS, 1, turn)

            def leave(k: Index) -> None:
                self.end(row(k), self._kept(k, len(some))[width + 2 :], some)

            code.for_range(0, SLOTS, 1, enter)
            code.for_range(0, self.top, 1, order)
            code.for_range(0, SLOTS, 1, leave)

        return rows

    def read(self, pointer: Pointer, r: Index, column: int, step: int) -> Vector:
        """Read a column of the rows from r on; the last again after the end."""
        code, last = self.code, self.row_count - 1
        return code.concatenate(
            [
                code.gather_column(pointer, g, last, column, step, self.kind)
                for g in self.groups(r)
            ]
        )

    def groups(self, r: Index) -> list[Index]:
        """Return the first row of each register."""
        lanes = self.code.lanes
        return [r + k * lanes for k in range(self.blocking.registers)]

    def degrees(
        self,
        m: Index,
        z: Vector,
        carried: list[Vector],
        degree: Callable[[Index, Vector, list[Vector]], list[Vector]],
    ) -> list[Vector]:
        """Write ``carried = degree(place, q_lm, carried)`` for all l from m on."""
        code, b_at = self.code, self.code.pointer("b")
        if self.blocking.width == PLANE:
            return degree(m, self.one, carried)
        # Before the terms of order m are top + (top - 1) + … of the orders below.
        base = (m * (self.top + self.top - (m + 1))) >> 1

        def turn(n: Index, state: Vector) -> Vector:
            last, q, *rest = self._split(state)
            place = base + n
            new = degree(place, q, rest)
            b = code.broadcast(b_at, place)
            return code.concatenate([q, z.multiply_add(q, b * last), *new])

        start = code.concatenate([self.zero, self.one, *carried])
        return self._split(code.loop(m, self.top, 1, start, turn))[2:]

    def _directions(self, r: Index) -> list[Vector]:
        """Return the coordinates of the rows of `tokens`, at length 1."""
        width, tokens = self.blocking.width, self.code.pointer(self.tokens)
        x = [self.read(tokens, r, c, width) for c in range(width)]
        square = x[0] * x[0]
        for one in x[1:]:
            square = one.multiply_add(one, square)
        long = square.root()
        return [one / long for one in x]

    def _keep(self, k: Index, vectors: list[Vector]) -> None:
        base = k * self.blocking.slot_vectors
        for n, one in enumerate(self.code.concatenate(vectors).each()):
            self.code.store(one, self.scratch, base + n)

    def _kept(self, k: Index, columns: int) -> list[Vector]:
        count = self.blocking.registers * (self.blocking.width + 2 + columns)
        base = k * self.blocking.slot_vectors
        places = [base + n for n in range(count)]
        return self._split(self.code.load(self.scratch, *places))

    def _split(self, state: Vector) -> list[Vector]:
        side = self.blocking.registers
        return [state[k : k + side] for k in range(0, len(state.values), side)]


def _times(power: list[Vector], x: list[Vector]) -> list[Vector]:
    """Return the complex number of `power` times x + iy."""
    re, im = power
    return [
        re.multiply_add(x[0], im.negated() * x[1]),
        re.multiply_add(x[1], im * x[0]),
    ]
