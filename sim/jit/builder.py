"""A small language for loops over vectors, written as Python and compiled by LLVM.

Arithmetic on `Vector` and `Index` writes instructions instead of computing, so that a
kernel reads like the formula it is.  ``README.md`` beside this file shows the blocking
of the largest kernel, and why kernels are not left to Numba.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.jit.frame import KernelFrame, Pointer, scalar_type
from sim.jit.index import Index, int64
from sim.jit.llvm import ir
from sim.jit.machine import machine
from sim.jit.vector import Vector

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.jit.vector import IntegerVector


class KernelBuilder(KernelFrame):
    """A kernel that is being written: how it reads and writes its arrays."""

    def address_of(
        self, pointer: Pointer, index: Index | int, kind: Any = None
    ) -> Pointer:
        """Return the address of item `index` behind `pointer`, of LLVM's type `kind`.

        A number of the kernel's own type by default.
        """
        kind = kind or self.scalar_type
        return Pointer(self.emit.gep(pointer.value, [int64(index)], source_etype=kind))

    def load(self, pointer: Pointer, *indices: Index | int, kind: Any = None) -> Vector:
        """Read a register at each of `indices`, which count vectors."""
        kind = kind or self.vector_type
        found = [self._read(pointer, k, kind) for k in indices]
        for one in found:
            one.align = machine().vector_bytes
        return Vector(self, found)

    def store(self, vector: Vector, pointer: Pointer, index: Index | int) -> None:
        """Write a vector, as `load` reads it."""
        (value,) = vector.values
        address = self.address_of(pointer, index, value.type)
        self.emit.store(value, address.value, align=machine().vector_bytes)

    def add_to_vector(
        self, pointer: Pointer, index: Index | int, vector: Vector
    ) -> None:
        """Add `vector` to the one that `load` reads."""
        self.store(self.load(pointer, index) + vector, pointer, index)

    def broadcast(self, pointer: Pointer, index: Index | int) -> Vector:
        """Read one number into all lanes."""
        one = self._read(pointer, index, self.scalar_type)
        return Vector(self, [self._broadcast(one, self.vector_type)])

    def scatter(
        self,
        vector: Vector,
        pointer: Pointer,
        index: Index,
        step: Index | int,
        kind: str = "",
    ) -> None:
        """Write the lanes of `vector` as numbers of type `kind`, `step` apart."""
        (value,) = vector.values
        scalar = scalar_type(kind) if kind else self.scalar_type
        for k in range(self.lanes):
            one = self.emit.extract_element(value, _lane(k))
            if scalar != self.scalar_type:
                one = self.emit.fptrunc(one, scalar)
            self._write(one, pointer, index + step * k)

    def gather_column(
        self,
        pointer: Pointer,
        row: Index,
        last: Index,
        column: int,
        step: int,
        kind: str,
    ) -> Vector:
        """Read a column of rows of `step` numbers of type `kind`, one row a lane.

        From `row` on, and the row `last` where there are no more.
        """
        emit, scalar = self.emit, scalar_type(kind)
        out: Any = ir.Constant(self.vector_type, ir.Undefined)
        for k in range(self.lanes):
            place = (row + k).minimum(last) * step + column
            one = self._read(pointer, place, scalar)
            if scalar != self.scalar_type:
                one = emit.fpext(one, self.scalar_type)
            out = emit.insert_element(out, one, _lane(k))
        return Vector(self, [out])

    def gather(
        self, pointer: Pointer, places: Sequence[Index], kind: str = ""
    ) -> Vector:
        """Read one number of type `kind` a lane, each from its own place."""
        scalar = scalar_type(kind) if kind else self.scalar_type
        out: Any = ir.Constant(ir.VectorType(scalar, self.lanes), ir.Undefined)
        for k, place in enumerate(places):
            one = self._read(pointer, place, scalar)
            out = self.emit.insert_element(out, one, _lane(k))
        if scalar != self.scalar_type:
            out = self.emit.fpext(out, self.vector_type)
        return Vector(self, [out])

    def scatter_to(
        self, vector: Vector, pointer: Pointer, places: Sequence[Index], kind: str = ""
    ) -> None:
        """Write the lanes as numbers of type `kind`, each to its own place."""
        (value,) = vector.values
        if kind and scalar_type(kind) != self.scalar_type:
            narrow = ir.VectorType(scalar_type(kind), self.lanes)
            value = self.emit.fptrunc(value, narrow)
        for k, place in enumerate(places):
            self._write(self.emit.extract_element(value, _lane(k)), pointer, place)

    def store_integers(
        self, numbers: IntegerVector, pointer: Pointer, index: Index | int
    ) -> None:
        """Write integers, where ``load`` would read a vector of them."""
        (value,) = numbers.values
        address = self.address_of(pointer, index, value.type)
        self.emit.store(value, address.value, align=machine().vector_bytes)

    def lane_indices(self, numbers: IntegerVector) -> list[Index]:
        """Return the integer of every lane."""
        (value,) = numbers.values
        return [
            Index(self.emit, self.emit.extract_element(value, _lane(k)))
            for k in range(self.lanes)
        ]

    def load_rows(self, pointer: Pointer, row: Index, width: int) -> Vector:
        """Read one row a lane, from `row` on: the columns of (lanes, width)."""
        lanes = self.lanes
        kind = ir.VectorType(self.scalar_type, lanes * width)
        place = self.address_of(pointer, row * width)
        both = self.emit.load(place.value, typ=kind)
        both.align = self.item_bytes
        return Vector(
            self,
            [
                self._shuffled(both, [k + width * lane for lane in range(lanes)])
                for k in range(width)
            ],
        )

    def store_rows(self, columns: Vector, pointer: Pointer, row: Index) -> None:
        """Write one row a lane, as `load_rows` reads them."""
        width = len(columns.values)
        for k, column in enumerate(columns.each()):
            self.scatter(column, pointer, row * width + k, width)

    def add_lanes_to(
        self, pointer: Pointer, index: Index | int, vector: Vector
    ) -> None:
        """Add all lanes of `vector` to the float64 at `index`."""
        (value,) = vector.values
        zero, double = ir.Constant(self.scalar_type, 0.0), ir.DoubleType()
        found = self.intrinsic(
            "llvm.vector.reduce.fadd", self.scalar_type, [zero, value], ["reassoc"]
        )
        if self.scalar_type != double:
            found = self.emit.fpext(found, double)
        total = self.emit.fadd(self._read(pointer, index, double), found)
        self._write(total, pointer, index)

    def zero_from(self, first: Index, limit: Index, vector: Vector) -> Vector:
        """Return `vector`, and 0 in the lanes k where first + k is not below limit."""
        return self.below(first, limit, vector, self.constant(0.0))

    def below(
        self, first: Index, limit: Index, vector: Vector, other: Vector
    ) -> Vector:
        """Return `vector` in the lanes k where first + k < limit, else `other`."""
        (value,), (instead,) = vector.values, other.values
        kind = ir.VectorType(ir.IntType(64), self.lanes)
        count = ir.Constant(kind, list(range(self.lanes)))
        lane = self.emit.add(self._broadcast(first.value, kind), count)
        below = self.emit.icmp_signed("<", lane, self._broadcast(limit.value, kind))
        return Vector(self, [self.emit.select(below, value, instead)])

    def load_at(self, pointer: Pointer, place: Index) -> Vector:
        """Read the numbers from `place` on, which need not be the start of a vector."""
        return self.load_rows(pointer, place, 1)

    def bits_above(self, one: Vector, other: Vector) -> Index:
        """Return an integer whose bit k says whether lane k of `one` is larger."""
        bits: Any = ir.Constant(ir.IntType(64), 0)
        for k, (a, b) in enumerate(zip(one.values, other.values, strict=True)):
            above = self.emit.fcmp_ordered(">", a, b)
            some = self.emit.bitcast(above, ir.IntType(self.lanes))
            some = self.emit.zext(some, ir.IntType(64))
            bits = self.emit.or_(bits, self.emit.shl(some, int64(k * self.lanes)))
        return Index(self.emit, bits)

    def load_integer(self, pointer: Pointer, index: Index | int) -> Index:
        """Read one number of an array of int64."""
        return Index(self.emit, self._read(pointer, index, ir.IntType(64)))

    def store_integer(
        self, number: Index | int, pointer: Pointer, index: Index | int
    ) -> None:
        """Write one number of an array of int64."""
        self._write(int64(number), pointer, index)

    def swap(self, pointer: Pointer, a: Index, b: Index, kind: str = "") -> None:
        """Exchange two numbers, of the kernel's own type or of ``"int64"``."""
        typ = ir.IntType(64) if kind else self.scalar_type
        one, other = (self._read(pointer, k, typ) for k in (a, b))
        self._write(other, pointer, a)
        self._write(one, pointer, b)

    def _read(self, pointer: Pointer, index: Index | int, kind: Any) -> Any:
        return self.emit.load(self.address_of(pointer, index, kind).value, typ=kind)

    def _write(self, one: Any, pointer: Pointer, index: Index | int) -> None:
        self.emit.store(one, self.address_of(pointer, index, one.type).value)

    def _broadcast(self, scalar: Any, kind: Any) -> Any:
        undefined = ir.Constant(kind, ir.Undefined)
        one = self.emit.insert_element(undefined, scalar, _lane(0))
        return self._shuffled(one, [0] * self.lanes)

    def _shuffled(self, one: Any, lanes: list[int]) -> Any:
        """Write the register of some lanes of a wider one."""
        which = ir.Constant(ir.VectorType(ir.IntType(32), len(lanes)), lanes)
        undefined = ir.Constant(one.type, ir.Undefined)
        return self.emit.shuffle_vector(one, undefined, which)


def _lane(k: int) -> Any:
    return ir.Constant(ir.IntType(32), k)
