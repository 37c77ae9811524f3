"""Registers of a kernel that is being written, with the signs of arithmetic."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from sim.arrays import Formal

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class Emitter(Protocol):
    """What writes the instructions: `sim.jit.builder.Code`."""

    single: bool
    to: Any
    vector: Any
    wholes: Any
    doubles: Any

    def number(self, value: float) -> Vector:
        """Return the vector with `value` in every lane."""
        ...

    def whole(self, value: int) -> Bits:
        """Return the vector of integers with `value` in every lane."""
        ...

    def fused(self, one: Any, factor: Any, term: Any) -> Any:
        """Write one · factor + term of registers."""
        ...

    def root(self, one: Any) -> Any:
        """Write the square root of a register."""
        ...


class Vector(Formal):
    """One or more registers of a kernel that is being written.

    Every operation is written for all registers in turn: chains that do not wait for
    one another stand side by side, so that the machine works on all of them at once.
    A single register, such as a constant, meets each of the other's.
    """

    __slots__ = ("code", "values")

    def __init__(self, code: Emitter, values: Sequence[Any]) -> None:
        self.code, self.values = code, tuple(values)

    def __add__(self, other: Vector) -> Vector:
        return self._each(self.code.to.fadd, other)

    def __sub__(self, other: Vector) -> Vector:
        return self._each(self.code.to.fsub, other)

    def __mul__(self, other: Vector) -> Vector:
        return self._each(self.code.to.fmul, other)

    def __truediv__(self, other: Vector) -> Vector:
        return self._each(self.code.to.fdiv, other)

    def __rmul__(self, factor: float) -> Vector:
        return self.code.number(factor) * self

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
        return self._total() / self.code.number(len(self.values))

    def root(self) -> Vector:
        """Return the square roots."""
        return self._each(self.code.root)

    def times_plus(self, factor: Vector, term: Vector) -> Vector:
        """Return self · factor + term, rounded once where the machine can."""
        return self._each(self.code.fused, factor, term)

    def opposite(self) -> Vector:
        """Return the numbers with the other sign."""
        return self._each(self.code.to.fneg)

    def least(self, other: Vector) -> Vector:
        """Return the smaller of both, lane by lane."""
        return self._each(partial(self._chosen, "<"), other)

    def greatest(self, other: Vector) -> Vector:
        """Return the larger of both, lane by lane."""
        return self._each(partial(self._chosen, ">"), other)

    def doubles(self) -> Vector:
        """Return the numbers in float64."""
        if not self.code.single:
            return self
        to, kind = self.code.to, self.code.doubles
        return Vector(self.code, [to.fpext(v, kind) for v in self.values])

    def rounded(self) -> Vector:
        """Return numbers in float64 as the kernel's own."""
        if not self.code.single:
            return self
        to, kind = self.code.to, self.code.vector
        return Vector(self.code, [to.fptrunc(v, kind) for v in self.values])

    def cut(self) -> Bits:
        """Return the numbers without their fractions, as integers."""
        to, kind = self.code.to, self.code.wholes
        return Bits(self.code, [to.fptosi(v, kind) for v in self.values])

    def bits(self) -> Bits:
        """Return the bits of the numbers."""
        to, kind = self.code.to, self.code.wholes
        return Bits(self.code, [to.bitcast(v, kind) for v in self.values])

    def _total(self) -> Vector:
        total, *others = self.each()
        for other in others:
            total = total + other
        return total

    def _chosen(self, sign: str, one: Any, other: Any) -> Any:
        to = self.code.to
        return to.select(to.fcmp_ordered(sign, one, other), one, other)

    def _each(self, write: Callable[..., Any], *others: Vector) -> Vector:
        return Vector(
            self.code, _mapped(write, self.values, *(o.values for o in others))
        )


class Bits:
    """The registers of a `Vector` as integers."""

    __slots__ = ("code", "values")

    def __init__(self, code: Emitter, values: Sequence[Any]) -> None:
        self.code, self.values = code, tuple(values)

    def __add__(self, other: Bits) -> Bits:
        return self._each(self.code.to.add, other)

    def __sub__(self, other: Bits) -> Bits:
        return self._each(self.code.to.sub, other)

    def __and__(self, mask: int) -> Bits:
        return self._each(self.code.to.and_, self.code.whole(mask))

    def __or__(self, mask: int) -> Bits:
        return self._each(self.code.to.or_, self.code.whole(mask))

    def __lshift__(self, count: int) -> Bits:
        return self._each(self.code.to.shl, self.code.whole(count))

    def least(self, other: Bits) -> Bits:
        """Return the smaller of both, lane by lane, all taken to be positive."""
        return self._each(partial(self._chosen, "<"), other)

    def greatest(self, other: Bits) -> Bits:
        """Return the larger of both, lane by lane, all taken to be positive."""
        return self._each(partial(self._chosen, ">"), other)

    def numbers(self) -> Vector:
        """Return the numbers that have these bits."""
        to, kind = self.code.to, self.code.vector
        return Vector(self.code, [to.bitcast(v, kind) for v in self.values])

    def _chosen(self, sign: str, one: Any, other: Any) -> Any:
        to = self.code.to
        return to.select(to.icmp_unsigned(sign, one, other), one, other)

    def _each(self, write: Callable[..., Any], other: Bits) -> Bits:
        return Bits(self.code, _mapped(write, self.values, other.values))


def _mapped(write: Callable[..., Any], *operands: tuple[Any, ...]) -> list[Any]:
    """Write an operation for every register; single ones meet all."""
    count = max(map(len, operands))
    wide = (v * count if len(v) == 1 else v for v in operands)
    return [write(*some) for some in zip(*wide, strict=True)]
