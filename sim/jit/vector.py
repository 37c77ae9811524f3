"""Registers of a kernel that is being written, with the signs of arithmetic."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from sim.arrays import Formal

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class Emitter(Protocol):
    """What writes the instructions: `sim.jit.builder.KernelBuilder`."""

    single: bool
    emit: Any
    vector_type: Any
    integer_type: Any
    float64_type: Any

    def constant(self, value: float) -> Vector:
        """Return the vector with `value` in every lane."""
        ...

    def integer_constant(self, value: int) -> IntegerVector:
        """Return the vector of integers with `value` in every lane."""
        ...

    def multiply_add(self, one: Any, factor: Any, term: Any) -> Any:
        """Write one · factor + term of registers."""
        ...

    def sqrt(self, one: Any) -> Any:
        """Write the square root of a register."""
        ...


class Vector(Formal):
    """One or more registers of a kernel that is being written.

    Every operation is written for all registers in turn: chains that do not wait for
    one another are side by side, so that the machine works on all of them at once.
    A single register, such as a constant, is combined with each of the other's.
    """

    __slots__ = ("code", "values")

    def __init__(self, code: Emitter, values: Sequence[Any]) -> None:
        self.code, self.values = code, tuple(values)

    def __add__(self, other: Vector) -> Vector:
        return self._each(self.code.emit.fadd, other)

    def __sub__(self, other: Vector) -> Vector:
        return self._each(self.code.emit.fsub, other)

    def __mul__(self, other: Vector) -> Vector:
        return self._each(self.code.emit.fmul, other)

    def __truediv__(self, other: Vector) -> Vector:
        return self._each(self.code.emit.fdiv, other)

    def __rmul__(self, factor: float) -> Vector:
        return self.code.constant(factor) * self

    def __getitem__(self, which: slice) -> Vector:
        return Vector(self.code, self.values[which])

    def each(self) -> list[Vector]:
        """Return every register by itself."""
        return [Vector(self.code, [value]) for value in self.values]

    def dot(self, other: Vector) -> Vector:
        """Return Σ self_k other_k over the registers, added up in their order."""
        return (self * other)._total()

    def mean(self) -> Vector:
        """Return the mean of the registers."""
        return self._total() / self.code.constant(len(self.values))

    def root(self) -> Vector:
        """Return the square roots."""
        return self._each(self.code.sqrt)

    def multiply_add(self, factor: Vector, term: Vector) -> Vector:
        """Return self · factor + term, rounded once where the machine can."""
        return self._each(self.code.multiply_add, factor, term)

    def negated(self) -> Vector:
        """Return the numbers with the other sign."""
        return self._each(self.code.emit.fneg)

    def minimum(self, other: Vector) -> Vector:
        """Return the smaller of both, lane by lane."""
        return self._each(partial(self._chosen, "<"), other)

    def maximum(self, other: Vector) -> Vector:
        """Return the larger of both, lane by lane."""
        return self._each(partial(self._chosen, ">"), other)

    def ones_above(self, other: Vector) -> Vector:
        """Return 1 in the lanes where these numbers are larger, else 0."""
        code = self.code
        (one,), (zero,) = code.constant(1.0).values, code.constant(0.0).values

        def write(a: Any, b: Any) -> Any:
            above = code.emit.fcmp_ordered(">", a, b)
            return code.emit.select(above, one, zero)

        return self._each(write, other)

    def to_float64(self) -> Vector:
        """Return the numbers in float64."""
        if not self.code.single:
            return self
        emit, kind = self.code.emit, self.code.float64_type
        return Vector(self.code, [emit.fpext(v, kind) for v in self.values])

    def to_kernel_type(self) -> Vector:
        """Return numbers in float64 as the kernel's own."""
        if not self.code.single:
            return self
        emit, kind = self.code.emit, self.code.vector_type
        return Vector(self.code, [emit.fptrunc(v, kind) for v in self.values])

    def to_integers(self) -> IntegerVector:
        """Return the numbers without their fractions, as integers."""
        emit, kind = self.code.emit, self.code.integer_type
        return IntegerVector(self.code, [emit.fptosi(v, kind) for v in self.values])

    def as_integers(self) -> IntegerVector:
        """Return the bits of the numbers."""
        emit, kind = self.code.emit, self.code.integer_type
        return IntegerVector(self.code, [emit.bitcast(v, kind) for v in self.values])

    def _total(self) -> Vector:
        total, *others = self.each()
        for other in others:
            total = total + other
        return total

    def _chosen(self, sign: str, one: Any, other: Any) -> Any:
        emit = self.code.emit
        return emit.select(emit.fcmp_ordered(sign, one, other), one, other)

    def _each(self, write: Callable[..., Any], *others: Vector) -> Vector:
        return Vector(
            self.code, _mapped(write, self.values, *(o.values for o in others))
        )


class IntegerVector:
    """The registers of a `Vector` as integers."""

    __slots__ = ("code", "values")

    def __init__(self, code: Emitter, values: Sequence[Any]) -> None:
        self.code, self.values = code, tuple(values)

    def __add__(self, other: IntegerVector) -> IntegerVector:
        return self._each(self.code.emit.add, other)

    def __sub__(self, other: IntegerVector) -> IntegerVector:
        return self._each(self.code.emit.sub, other)

    def __and__(self, mask: int) -> IntegerVector:
        return self._each(self.code.emit.and_, self.code.integer_constant(mask))

    def __or__(self, mask: int) -> IntegerVector:
        return self._each(self.code.emit.or_, self.code.integer_constant(mask))

    def __lshift__(self, count: int) -> IntegerVector:
        return self._each(self.code.emit.shl, self.code.integer_constant(count))

    def minimum(self, other: IntegerVector) -> IntegerVector:
        """Return the smaller of both, lane by lane, all taken to be positive."""
        return self._each(partial(self._chosen, "<"), other)

    def maximum(self, other: IntegerVector) -> IntegerVector:
        """Return the larger of both, lane by lane, all taken to be positive."""
        return self._each(partial(self._chosen, ">"), other)

    def as_floats(self) -> Vector:
        """Return the numbers that have these bits."""
        emit, kind = self.code.emit, self.code.vector_type
        return Vector(self.code, [emit.bitcast(v, kind) for v in self.values])

    def _chosen(self, sign: str, one: Any, other: Any) -> Any:
        emit = self.code.emit
        return emit.select(emit.icmp_unsigned(sign, one, other), one, other)

    def _each(self, write: Callable[..., Any], other: IntegerVector) -> IntegerVector:
        return IntegerVector(self.code, _mapped(write, self.values, other.values))


def _mapped(write: Callable[..., Any], *operands: tuple[Any, ...]) -> list[Any]:
    """Write an operation for every register; single ones go with all."""
    count = max(map(len, operands))
    wide = (v * count if len(v) == 1 else v for v in operands)
    return [write(*some) for some in zip(*wide, strict=True)]
