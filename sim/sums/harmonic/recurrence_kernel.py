"""Loops over tokens and harmonics, on the circle and on the sphere.

With tokens of length 1, the polynomials q of a table of numbers b ≤ 0,

    q_mm = 1,  q_l+1,m = z q_lm + b_lm q_l-1,m,

times (x + iy)^m are a basis of all functions of degree l.  On the circle there is no z,
and only l = m.
"""

from __future__ import annotations

import abc
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from sim.jit.builder import Code, whole
from sim.jit.machine import machine

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.jit.vector import Vector

PLANE = 2  # dimensions of the circle
WIDE = {2: 4, 3: 2}  # columns of sums at a time, by dimension: what registers hold
TURNS = 8  # of the same loop in a row, whose length the machine then foresees
BYTES = 8  # of a number: all is done in float64


@dataclass(frozen=True, slots=True)
class Plan:
    """How much a kernel does at a time.

    Attributes
    ----------
    width, columns : int
        The dimension of tokens, and how many columns of sums there are.
    """

    width: int
    columns: int

    @property
    def wide(self) -> int:
        """Columns at a time."""
        return min(self.columns, WIDE[self.width])

    @property
    def side(self) -> int:
        """Registers side by side: each coefficient is read once for all of them."""
        return max(1, (machine().registers - 2) // (3 + 2 * self.wide))

    @property
    def lanes(self) -> int:
        """Numbers of a register."""
        return machine().width // BYTES

    @property
    def rows(self) -> int:
        """Tokens at a time."""
        return TURNS * self.side * self.lanes

    @property
    def spot(self) -> int:
        """Vectors of work space of one turn: a place, a power, and columns."""
        return self.side * (self.width + 2 + self.wide)

    @property
    def room(self) -> tuple[int, int]:
        """Shape of the work space of a kernel."""
        return TURNS * self.spot, self.lanes


class Harmonics(abc.ABC):
    """A kernel over tokens and harmonics that is being written."""

    table: ClassVar[int]  # which argument b is

    def __init__(self, kind: str, plan: Plan, pointers: int) -> None:
        self.code = code = Code("float64", pointers, 4)
        self.kind, self.plan = kind, plan
        arguments: list[Any] = list(code.function.args)
        self.given, self.room = arguments[:-5], arguments[-5]
        self.r0, self.r1, self.count, self.top = arguments[-4:]
        self.one = code.beside([code.number(1.0)] * plan.side)
        self.zero = code.beside([code.number(0.0)] * plan.side)

    @abc.abstractmethod
    def begin(self, r: Any, some: range) -> list[Vector]:
        """Return what is held for the columns `some` of the rows from r on."""

    @abc.abstractmethod
    def order(
        self, m: Any, x: list[Vector], power: list[Vector], held: list[Vector], c: int
    ) -> list[Vector]:
        """Meet the harmonics of order m; return what is held then."""

    @abc.abstractmethod
    def end(self, r: Any, held: list[Vector], some: range) -> None:
        """Write what is held at last."""

    def written(self) -> str:
        """Return the kernel."""
        code, plan = self.code, self.plan
        for first in range(0, plan.columns, plan.wide):
            some = range(first, min(first + plan.wide, plan.columns))
            code.repeat(self.r0, self.r1, plan.rows, self._rows_of(some))
        return code.written()

    def _rows_of(self, some: range) -> Callable[[Any], None]:
        code, to, width = self.code, self.code.to, self.plan.width

        def rows(r0: Any) -> None:
            def row(k: Any) -> Any:
                return to.add(r0, to.mul(k, whole(self.plan.side * code.lanes)))

            def enter(k: Any) -> None:
                x, start = self._directions(row(k)), self.begin(row(k), some)
                self._keep(k, [*x, self.one, self.zero, *start])

            def order(m: Any) -> None:
                def turn(k: Any) -> None:
                    held = self._kept(k, len(some))
                    x, power, rest = held[:width], held[width:][:2], held[width + 2 :]
                    new = self.order(m, x, power, rest, some[0])
                    self._keep(k, [*x, *_times(power, x), *new])

                code.repeat(0, TURNS, 1, turn)

            def leave(k: Any) -> None:
                self.end(row(k), self._kept(k, len(some))[width + 2 :], some)

            code.repeat(0, TURNS, 1, enter)
            code.repeat(0, self.top, 1, order)
            code.repeat(0, TURNS, 1, leave)

        return rows

    def read(self, pointer: Any, r: Any, column: int, step: int) -> Vector:
        """Read a column of the rows from r on; the last again after the end."""
        code, last = self.code, self.code.to.sub(self.count, whole(1))
        return code.beside(
            [
                code.gather(pointer, g, last, column, step, self.kind)
                for g in self.groups(r)
            ]
        )

    def groups(self, r: Any) -> list[Any]:
        """Return the first row of each register."""
        to, lanes = self.code.to, self.code.lanes
        return [to.add(r, whole(k * lanes)) for k in range(self.plan.side)]

    def degrees(
        self,
        m: Any,
        z: Vector,
        held: list[Vector],
        degree: Callable[[Any, Vector, list[Vector]], list[Vector]],
    ) -> list[Vector]:
        """Write ``held = degree(place, q_lm, held)`` for all l from m on."""
        code, to = self.code, self.code.to
        if self.plan.width == PLANE:
            return degree(m, self.one, held)
        # Before the terms of order m are top + (top - 1) + … of the orders below.
        twice = to.sub(to.add(self.top, self.top), to.add(m, whole(1)))
        base = to.ashr(to.mul(m, twice), whole(1))

        def turn(n: Any, state: Vector) -> Vector:
            last, q, *rest = self._split(state)
            place = to.add(base, n)
            new = degree(place, q, rest)
            b = code.spread(self.given[self.table], place)
            return code.beside([q, z.times_plus(q, b * last), *new])

        start = code.beside([self.zero, self.one, *held])
        return self._split(code.loop(m, self.top, 1, start, turn))[2:]

    def _directions(self, r: Any) -> list[Vector]:
        """Return the coordinates of the first argument's rows, of length 1."""
        width = self.plan.width
        x = [self.read(self.given[0], r, c, width) for c in range(width)]
        square = x[0] * x[0]
        for one in x[1:]:
            square = one.times_plus(one, square)
        long = square.root()
        return [one / long for one in x]

    def _keep(self, k: Any, vectors: list[Vector]) -> None:
        base = self.code.to.mul(k, whole(self.plan.spot))
        for n, one in enumerate(self.code.beside(vectors).each()):
            self.code.store(one, self.room, self.code.to.add(base, whole(n)))

    def _kept(self, k: Any, columns: int) -> list[Vector]:
        to, count = self.code.to, self.plan.side * (self.plan.width + 2 + columns)
        base = to.mul(k, whole(self.plan.spot))
        places = [to.add(base, whole(n)) for n in range(count)]
        return self._split(self.code.load(self.room, *places))

    def _split(self, state: Vector) -> list[Vector]:
        side = self.plan.side
        return [state[k : k + side] for k in range(0, len(state.values), side)]


def _times(power: list[Vector], x: list[Vector]) -> list[Vector]:
    """Return the complex number of `power` times x + iy."""
    re, im = power
    return [re.times_plus(x[0], im.opposite() * x[1]), re.times_plus(x[1], im * x[0])]
