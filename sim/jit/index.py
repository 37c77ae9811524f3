"""Integers of a kernel that is being written, with the signs of arithmetic."""

from __future__ import annotations

from typing import Any

from sim.jit.llvm import ir


class Index:
    """A 64-bit integer of a kernel: an argument, a loop's counter, a place in an array.

    Parameters
    ----------
    emit : llvmlite.ir.IRBuilder
        Writes the instructions.
    value : llvmlite.ir.Value
        The number.
    """

    __slots__ = ("_emit", "value")

    def __init__(self, emit: Any, value: Any) -> None:
        self._emit, self.value = emit, value

    def __add__(self, other: Index | int) -> Index:
        return self._write("add", other)

    def __sub__(self, other: Index | int) -> Index:
        return self._write("sub", other)

    def __mul__(self, other: Index | int) -> Index:
        return self._write("mul", other)

    def __floordiv__(self, other: Index | int) -> Index:
        return self._write("udiv", other)

    def __mod__(self, other: int) -> Index:
        return self._write("urem", other)

    def __rshift__(self, bits: Index | int) -> Index:
        return self._write("ashr", bits)

    def minimum(self, other: Index | int) -> Index:
        """Return the smaller of both."""
        return self._chosen("<", other)

    def maximum(self, other: Index | int) -> Index:
        """Return the larger of both."""
        return self._chosen(">", other)

    def _write(self, name: str, other: Index | int) -> Index:
        return Index(self._emit, getattr(self._emit, name)(self.value, int64(other)))

    def _chosen(self, sign: str, other: Index | int) -> Index:
        a, b = self.value, int64(other)
        found = self._emit.select(self._emit.icmp_signed(sign, a, b), a, b)
        return Index(self._emit, found)


def int64(number: Index | int) -> Any:
    """Return what LLVM takes for an integer of the kernel, or of this program."""
    if isinstance(number, Index):
        return number.value
    return ir.Constant(ir.IntType(64), number)
