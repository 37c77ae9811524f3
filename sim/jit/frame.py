"""The frame of a kernel that is being written: arguments, constants and loops."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.jit.index import Index, int64
from sim.jit.llvm import ir
from sim.jit.machine import machine
from sim.jit.vector import IntegerVector, Vector

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sim.jit.signature import Signature


class Pointer:
    """Where an array of a kernel starts, or a part of it."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value


class KernelFrame:
    """A function that is being written, for vectors of ``float32`` or ``float64``.

    Parameters
    ----------
    kind : str
        ``"float32"`` or ``"float64"``, the type of `vector_type`.
    signature : Signature
        Its arguments.  Arrays do not overlap, as `restrict` promises in C.
    """

    def __init__(self, kind: str, signature: Signature) -> None:
        self.single = single = kind == "float32"
        self.scalar_type = scalar_type(kind)
        self.item_bytes = 4 if single else 8
        self.lanes = machine().vector_bytes // self.item_bytes
        self.vector_type: Any = ir.VectorType(self.scalar_type, self.lanes)
        whole = ir.IntType(32 if single else 64)
        self.integer_type: Any = ir.VectorType(whole, self.lanes)
        self.float64_type: Any = ir.VectorType(ir.DoubleType(), self.lanes)
        self.module = ir.Module()
        pointers, integers = len(signature.arrays), len(signature.integers)
        arguments = [ir.PointerType()] * pointers + [ir.IntType(64)] * integers
        kernel = ir.FunctionType(ir.VoidType(), arguments)
        self.function: Any = ir.Function(self.module, kernel, "kernel")
        for pointer in self.function.args[:pointers]:
            pointer.add_attribute("noalias")
        self.emit: Any = ir.IRBuilder(self.function.append_basic_block())
        names = [*(array.name for array in signature.arrays), *signature.integers]
        self._arguments = dict(zip(names, self.function.args, strict=True))

    def pointer(self, name: str) -> Pointer:
        """Return the array argument called `name`."""
        return Pointer(self._arguments[name])

    def integer(self, name: str) -> Index:
        """Return the integer argument called `name`."""
        return Index(self.emit, self._arguments[name])

    def constant(self, value: float) -> Vector:
        """Return the vector with `value` in every lane."""
        return Vector(self, [ir.Constant(self.vector_type, [value] * self.lanes)])

    def integer_constant(self, value: int) -> IntegerVector:
        """Return the vector of integers with `value` in every lane."""
        one = ir.Constant(self.integer_type, [value] * self.lanes)
        return IntegerVector(self, [one])

    def concatenate(self, vectors: Sequence[Vector]) -> Vector:
        """Return the registers of all of `vectors` as one."""
        return Vector(self, [v for one in vectors for v in one.values])

    def loop(
        self,
        start: Index | int,
        stop: Index | int,
        step: Index | int,
        carried: Vector,
        body: Callable[[Index, Vector], Vector],
    ) -> Vector:
        """Write ``for i in range(start, stop, step): carried = body(i, carried)``."""
        emit = self.emit
        entry = emit.block
        head, inside, done = (self.function.append_basic_block() for _ in range(3))
        emit.branch(head)
        emit.position_at_end(head)
        i = emit.phi(ir.IntType(64))
        i.add_incoming(int64(start), entry)
        values = Vector(self, [emit.phi(first.type) for first in carried.values])
        for value, first in zip(values.values, carried.values, strict=True):
            value.add_incoming(first, entry)
        emit.cbranch(emit.icmp_signed("<", i, int64(stop)), inside, done)
        emit.position_at_end(inside)
        new = body(Index(emit, i), values)
        i.add_incoming(emit.add(i, int64(step)), emit.block)
        for value, then in zip(values.values, new.values, strict=True):
            value.add_incoming(then, emit.block)
        emit.branch(head)
        emit.position_at_end(done)
        return values

    def for_range(
        self,
        start: Index | int,
        stop: Index | int,
        step: Index | int,
        body: Callable[[Index], None],
    ) -> None:
        """Write ``for i in range(start, stop, step): body(i)``."""

        def turn(i: Index, nothing: Vector) -> Vector:
            body(i)
            return nothing

        self.loop(start, stop, step, Vector(self, []), turn)

    def for_blocks(
        self,
        start: Index | int,
        stop: Index | int,
        size: int,
        body: Callable[[Index, int], None],
    ) -> None:
        """Write ``body(i, size)`` for whole steps of [start, stop), then for the rest.

        The rest comes one by one, or at once if it is known how much it is.
        """
        rest = 1
        if isinstance(start, int) and isinstance(stop, int):
            rest = (stop - start) % size
        end = Index(self.emit, int64(stop))
        even = end - (end - start) % size

        def steps(i: Index) -> None:
            body(i, size)

        def last(i: Index) -> None:
            body(i, rest)

        self.for_range(start, even, size, steps)
        if rest:
            self.for_range(even, stop, rest, last)

    def if_at_most(
        self,
        a: Index,
        b: Index,
        then: Callable[[], None],
        otherwise: Callable[[], None],
    ) -> None:
        """Write ``then() if a <= b else otherwise()``."""
        condition = self.emit.icmp_signed("<=", a.value, b.value)
        with self.emit.if_else(condition) as (yes, no):
            with yes:
                then()
            with no:
                otherwise()

    def multiply_add(self, one: Any, factor: Any, term: Any) -> Any:
        """Write one · factor + term of registers."""
        return self.intrinsic("llvm.fmuladd", self.vector_type, [one, factor, term])

    def sqrt(self, one: Any) -> Any:
        """Write the square root of a register."""
        return self.intrinsic("llvm.sqrt", self.vector_type, [one])

    def intrinsic(
        self, name: str, result: Any, arguments: list[Any], flags: Sequence[str] = ()
    ) -> Any:
        """Write the call of one of LLVM's own functions of vectors."""
        suffix = f"v{self.lanes}f{32 if self.single else 64}"
        name = f"{name}.{suffix}"
        function = self.module.globals.get(name)
        if function is None:
            kind = ir.FunctionType(result, [a.type for a in arguments])
            function = ir.Function(self.module, kind, name)
        return self.emit.call(function, arguments, fastmath=flags)

    def text(self) -> str:
        """End the function and return it in LLVM's language."""
        self.emit.ret_void()
        return str(self.module)


def scalar_type(kind: str) -> Any:
    """Return LLVM's type of ``float32`` or ``float64``."""
    return ir.FloatType() if kind == "float32" else ir.DoubleType()
