"""A little language for loops over vectors.  The only module that speaks LLVM.

Arithmetic on `Vector` writes instructions instead of computing, so that a kernel reads
like the formula it is.  The reason for LLVM itself rather than Numba, which stands on
it: a kernel compiles in a tenth of a second rather than seconds, so nothing is cached
on disk and nobody waits; and vectors are written as vectors, where a loop left to the
vectoriser ran two to ten times slower whenever it gave up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.jit.llvm import ir
from sim.jit.machine import machine
from sim.jit.vector import Bits, Vector

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class Code:
    """A function that is being written, for vectors of ``float32`` or ``float64``.

    Parameters
    ----------
    kind : str
        ``"float32"`` or ``"float64"``.
    pointers, integers : int
        How many arguments of each sort the function has, pointers first.
    """

    def __init__(self, kind: str, pointers: int, integers: int) -> None:
        self.single = single = kind == "float32"
        self.scalar = scalar_type(kind)
        self.item = 4 if single else 8
        self.lanes = machine().width // self.item
        self.vector = ir.VectorType(self.scalar, self.lanes)
        self.wholes = ir.VectorType(ir.IntType(32 if single else 64), self.lanes)
        self.doubles = ir.VectorType(ir.DoubleType(), self.lanes)
        self.module = ir.Module()
        arguments = [ir.PointerType()] * pointers + [ir.IntType(64)] * integers
        kernel = ir.FunctionType(ir.VoidType(), arguments)
        self.function: Any = ir.Function(self.module, kernel, "kernel")
        for pointer in self.function.args[:pointers]:
            pointer.add_attribute("noalias")
        self.to: Any = ir.IRBuilder(self.function.append_basic_block())

    def number(self, value: float) -> Vector:
        """Return the vector with `value` in every lane."""
        return Vector(self, [ir.Constant(self.vector, [value] * self.lanes)])

    def whole(self, value: int) -> Bits:
        """Return the vector of integers with `value` in every lane."""
        return Bits(self, [ir.Constant(self.wholes, [value] * self.lanes)])

    def at(self, pointer: Any, index: Any, kind: Any = None) -> Any:
        """Return the address of item `index` behind `pointer`."""
        return self.to.gep(pointer, [whole(index)], source_etype=kind or self.scalar)

    def load(self, pointer: Any, *indices: Any, kind: Any = None) -> Vector:
        """Read a register at each of `indices`, which count vectors."""
        kind = kind or self.vector
        found = [self.to.load(self.at(pointer, k, kind), typ=kind) for k in indices]
        for one in found:
            one.align = machine().width
        return Vector(self, found)

    def store(self, vector: Vector, pointer: Any, index: Any) -> None:
        """Write a vector, as `load` reads it."""
        (value,) = vector.values
        address = self.at(pointer, index, value.type)
        self.to.store(value, address, align=machine().width)

    def scatter(
        self, vector: Vector, pointer: Any, index: Any, step: int, kind: str = ""
    ) -> None:
        """Write the lanes of `vector` as numbers of type `kind`, `step` apart."""
        (value,) = vector.values
        scalar = scalar_type(kind) if kind else self.scalar
        for k in range(self.lanes):
            one = self.to.extract_element(value, ir.Constant(ir.IntType(32), k))
            if scalar != self.scalar:
                one = self.to.fptrunc(one, scalar)
            address = self.at(pointer, self.to.add(index, whole(k * step)), scalar)
            self.to.store(one, address)

    def rows(self, pointer: Any, row: Any, width: int) -> Vector:
        """Read one row a lane, from `row` on: the columns of (L, width)."""
        to, lanes = self.to, self.lanes
        kind = ir.VectorType(self.scalar, lanes * width)
        place = self.at(pointer, to.mul(row, whole(width)))
        both = to.load(place, typ=kind)
        both.align = self.item
        return Vector(
            self,
            [
                self._shuffled(both, [k + width * lane for lane in range(lanes)])
                for k in range(width)
            ],
        )

    def put_rows(self, columns: Vector, pointer: Any, row: Any) -> None:
        """Write one row a lane, as `rows` reads them."""
        width = len(columns.values)
        start = self.to.mul(row, whole(width))
        for k, column in enumerate(columns.each()):
            self.scatter(column, pointer, self.to.add(start, whole(k)), width)

    def gather(
        self, pointer: Any, row: Any, last: Any, column: int, step: int, kind: str
    ) -> Vector:
        """Read a column of rows of `step` numbers of type `kind`, one row a lane.

        From `row` on, and the row `last` where there are no more.
        """
        to, scalar = self.to, scalar_type(kind)
        out: Any = ir.Constant(self.vector, ir.Undefined)
        for k in range(self.lanes):
            place = to.mul(self.lesser(to.add(row, whole(k)), last), whole(step))
            address = self.at(pointer, to.add(place, whole(column)), scalar)
            one = to.load(address, typ=scalar)
            if scalar != self.scalar:
                one = to.fpext(one, self.scalar)
            out = to.insert_element(out, one, ir.Constant(ir.IntType(32), k))
        return Vector(self, [out])

    def increase(self, pointer: Any, index: Any, vector: Vector) -> None:
        """Add `vector` to the one that `load` reads."""
        self.store(self.load(pointer, index) + vector, pointer, index)

    def spread(self, pointer: Any, index: Any) -> Vector:
        """Read one number into all lanes."""
        one = self.to.load(self.at(pointer, index), typ=self.scalar)
        return Vector(self, [self._spread(one, self.vector)])

    def add_to(self, pointer: Any, index: Any, vector: Vector) -> None:
        """Add all lanes of `vector` to the double at `index`."""
        (value,) = vector.values
        zero = ir.Constant(self.scalar, 0.0)
        found = self._intrinsic(
            "llvm.vector.reduce.fadd", self.scalar, [zero, value], ["reassoc"]
        )
        double = ir.DoubleType()
        if self.scalar != double:
            found = self.to.fpext(found, double)
        address = self.at(pointer, index, double)
        self.to.store(self.to.fadd(self.to.load(address, typ=double), found), address)

    def before(self, first: Any, limit: Any, vector: Vector) -> Vector:
        """Return `vector`, and 0 in the lanes k where first + k is not below limit."""
        (value,) = vector.values
        wide = ir.VectorType(ir.IntType(64), self.lanes)
        count = ir.Constant(wide, list(range(self.lanes)))
        lane = self.to.add(self._spread(first, wide), count)
        below = self.to.icmp_signed("<", lane, self._spread(limit, wide))
        return Vector(
            self, [self.to.select(below, value, ir.Constant(self.vector, None))]
        )

    def beside(self, vectors: Sequence[Vector]) -> Vector:
        """Return the registers of all of `vectors` as one."""
        return Vector(self, [v for one in vectors for v in one.values])

    def lesser(self, a: Any, b: Any) -> Any:
        """Return the smaller of two whole numbers."""
        return self.to.select(self.to.icmp_signed("<", a, b), a, b)

    def larger(self, a: Any, b: Any) -> Any:
        """Return the larger of two whole numbers."""
        return self.to.select(self.to.icmp_signed(">", a, b), a, b)

    def loop(
        self,
        start: Any,
        stop: Any,
        step: Any,
        carried: Vector,
        body: Callable[[Any, Vector], Vector],
    ) -> Vector:
        """Write ``for i in range(start, stop, step): carried = body(i, carried)``."""
        to = self.to
        entry = to.block
        head, inside, done = (self.function.append_basic_block() for _ in range(3))
        to.branch(head)
        to.position_at_end(head)
        i = to.phi(ir.IntType(64))
        i.add_incoming(whole(start), entry)
        values = Vector(self, [to.phi(first.type) for first in carried.values])
        for value, first in zip(values.values, carried.values, strict=True):
            value.add_incoming(first, entry)
        to.cbranch(to.icmp_signed("<", i, whole(stop)), inside, done)
        to.position_at_end(inside)
        new = body(i, values)
        i.add_incoming(to.add(i, whole(step)), to.block)
        for value, then in zip(values.values, new.values, strict=True):
            value.add_incoming(then, to.block)
        to.branch(head)
        to.position_at_end(done)
        return values

    def repeat(
        self, start: Any, stop: Any, step: Any, body: Callable[[Any], None]
    ) -> None:
        """Write ``for i in range(start, stop, step): body(i)``."""

        def turn(i: Any, nothing: Vector) -> Vector:
            body(i)
            return nothing

        self.loop(start, stop, step, Vector(self, []), turn)

    def some(
        self, start: Any, stop: Any, size: int, body: Callable[[Any, int], None]
    ) -> None:
        """Write ``body(i, size)`` for whole steps of [start, stop), then for the rest.

        The rest comes one by one, or at once if it is known how much it is.
        """
        to, rest = self.to, 1
        if isinstance(start, int) and isinstance(stop, int):
            rest = (stop - start) % size
        count = to.sub(whole(stop), whole(start))
        even = to.sub(whole(stop), to.urem(count, whole(size)))

        def steps(i: Any) -> None:
            body(i, size)

        def last(i: Any) -> None:
            body(i, rest)

        self.repeat(start, even, size, steps)
        if rest:
            self.repeat(even, stop, rest, last)

    def fused(self, one: Any, factor: Any, term: Any) -> Any:
        """Write one · factor + term of registers."""
        return self._intrinsic("llvm.fmuladd", self.vector, [one, factor, term])

    def root(self, one: Any) -> Any:
        """Write the square root of a register."""
        return self._intrinsic("llvm.sqrt", self.vector, [one])

    def written(self) -> str:
        """End the function and return it."""
        self.to.ret_void()
        return str(self.module)

    def _spread(self, scalar: Any, kind: Any) -> Any:
        one = self.to.insert_element(
            ir.Constant(kind, ir.Undefined), scalar, ir.Constant(ir.IntType(32), 0)
        )
        zeros = ir.Constant(ir.VectorType(ir.IntType(32), self.lanes), None)
        return self.to.shuffle_vector(one, ir.Constant(kind, ir.Undefined), zeros)

    def _shuffled(self, one: Any, lanes: list[int]) -> Any:
        """Write the register of some lanes of a wider one."""
        which = ir.Constant(ir.VectorType(ir.IntType(32), len(lanes)), lanes)
        return self.to.shuffle_vector(one, ir.Constant(one.type, ir.Undefined), which)

    def _intrinsic(
        self, name: str, result: Any, arguments: list[Any], flags: Sequence[str] = ()
    ) -> Any:
        suffix = f"v{self.lanes}f{32 if self.single else 64}"
        name = f"{name}.{suffix}"
        function = self.module.globals.get(name)
        if function is None:
            kind = ir.FunctionType(result, [a.type for a in arguments])
            function = ir.Function(self.module, kind, name)
        return self.to.call(function, arguments, fastmath=flags)


def whole(value: Any) -> Any:
    """Return `value` as a constant of the kernel, if it is a number of this program."""
    return ir.Constant(ir.IntType(64), value) if isinstance(value, int) else value


def scalar_type(kind: str) -> Any:
    """Return LLVM's type of ``float32`` or ``float64``."""
    return ir.FloatType() if kind == "float32" else ir.DoubleType()
