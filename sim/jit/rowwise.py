"""Formulas of rows, compiled: one pass over tokens instead of one for every sign.

NumPy reads and writes whole arrays for every sign of ``v - scaled(x, dot(x, v))``, and
is slow along rows of three numbers.  Here the same formula is given registers in place
of arrays and so writes its own kernel.  Every sum, product and root is rounded as NumPy
rounds it, in the same order: compiled or not, on any number of threads, the result is
the same to the last bit.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from functools import partial
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.arrays import MIN_PAIRWISE_ENTRIES
from sim.jit.buffer_pool import BUFFER_POOL
from sim.jit.builder import KernelBuilder
from sim.jit.kernel import Kernel, address
from sim.jit.llvm import missing
from sim.jit.signature import ArrayArgument, Signature
from sim.jit.thread_pool import Once, run_tasks

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sim.array_types import Floats
    from sim.arrays import Array
    from sim.jit.index import Index
    from sim.jit.vector import Vector


MIN_ROWS = 32  # below, NumPy is as quick
ROWS_PER_TASK = 1 << 15
MAX_LAYOUTS = 64  # types and shapes of arguments that a formula remembers
C_TYPES = {np.dtype("float32"): ctypes.c_float, np.dtype("float64"): ctypes.c_double}
"""What Python's numbers become beside arrays of a type."""
INTEGERS = ("row_start", "row_stop", "row_count")


@dataclass(frozen=True, slots=True)
class CompiledFormula:
    """A formula, compiled for arguments of some types and shapes.

    Attributes
    ----------
    kernel : Kernel
        See `Rowwise.write`.
    shape : tuple of int
        Of the result.
    kind : dtype
        Of the result, and of all arguments.
    numbers : type
        A C array for the numbers among the arguments.
    rows : int
        How many there are.
    """

    kernel: Kernel
    shape: tuple[int, ...]
    kind: np.dtype[Any]
    numbers: Any
    rows: int

    def run(self, arrays: Sequence[Floats], numbers: Sequence[float]) -> Floats:
        """Return the formula's value at arrays of those types and shapes."""
        out, held = BUFFER_POOL.empty(self.shape, self.kind), self.numbers(*numbers)
        addresses = [address(a) for a in (*arrays, out)]
        addresses.append(ctypes.addressof(held))
        run = partial(self.kernel.function, *addresses)
        if self.rows <= ROWS_PER_TASK:
            run(0, self.rows, self.rows)
        else:
            size, rows = ROWS_PER_TASK, self.rows
            starts = range(0, rows, size)
            run_tasks([partial(run, a, min(a + size, rows), rows) for a in starts])
        return out


class Rowwise:
    """A formula of rows, each of them by itself, and of numbers.

    Parameters
    ----------
    formula : callable
        Of arrays (..., d) or (..., 1), the first argument one of them, and of numbers;
        made of + − × ÷ and of `dot`, `norm`, `unit` and `scaled` alone.
    """

    def __init__(self, formula: Callable[..., Any]) -> None:
        self.formula, self.write = formula, Once(self._write)
        self._compiled: dict[tuple[object, ...], CompiledFormula | None] = {}

    def __call__(self, *given: Array | float) -> Array:
        """Return the formula's value: compiled where rows are short, else as it is."""
        if type(given[0]) is not np.ndarray:
            return self.formula(*given)
        arrays = [a for a in given if type(a) is np.ndarray]
        key = (len(given), *[(a.shape, a.dtype, a.flags.c_contiguous) for a in arrays])
        try:
            found = self._compiled[key]
        except KeyError:
            found = self._compile(key, given, arrays)
        if found is None:
            return self.formula(*given)
        return found.run(arrays, [a for a in given if type(a) is not np.ndarray])

    def _compile(
        self, key: tuple[object, ...], given: Sequence[Any], arrays: list[Floats]
    ) -> CompiledFormula | None:
        """Return the formula for arguments of such shapes; None if NumPy does it."""
        found = None
        if compilable(arrays):
            lead, kind = arrays[0].shape[:-1], arrays[0].dtype
            widths = tuple(a.shape[-1] if np.ndim(a) else 0 for a in given)
            kernel, width = self.write(kind, widths)
            held = C_TYPES[kind] * (len(given) - len(arrays))
            found = CompiledFormula(kernel, (*lead, width), kind, held, prod(lead))
        if len(self._compiled) >= MAX_LAYOUTS:
            self._compiled.clear()
        self._compiled[key] = found
        return found

    def _write(
        self, kind: np.dtype[Any], widths: tuple[int, ...]
    ) -> tuple[Kernel, int]:
        """Return the kernel for arguments of such widths, and that of its result.

        Takes the arrays of the formula, the result, and the numbers of the formula,
        whose widths are 0; then the rows [row_start, row_stop) to do of row_count.
        """
        name = kind.name
        operands = [
            ArrayArgument(f"array{k}", name, ("rows", w))
            for k, w in enumerate(widths)
            if w
        ]
        result = ArrayArgument("result", name, ("rows", "columns"))
        numbers = ArrayArgument("numbers", name, (widths.count(0),))
        signature = Signature((*operands, result, numbers), INTEGERS)
        code = KernelBuilder(name, signature)
        first, last, rows = (code.integer(k) for k in INTEGERS)
        columns = 0

        def operand(k: int, row: Index) -> Vector:
            if widths[k]:
                return code.load_rows(code.pointer(f"array{k}"), row, widths[k])
            return code.broadcast(code.pointer("numbers"), widths[:k].count(0))

        def group(row: Index) -> None:
            nonlocal columns
            # The last group begins early: what it does again comes out the same.
            start = row.minimum(rows - code.lanes)
            value = self.formula(*[operand(k, start) for k in range(len(widths))])
            columns = len(value.values)
            code.store_rows(value, code.pointer("result"), start)

        code.for_range(first, last, code.lanes, group)
        return Kernel(code.text(), signature), columns


def rowwise(formula: Callable[..., Any]) -> Callable[..., Array]:
    """Let a formula of rows be compiled; see `Rowwise`."""
    return Rowwise(formula)


def compilable(arrays: Sequence[Array]) -> bool:
    """Whether a kernel can be written for `arrays`, and is worth it."""
    first = arrays[0]
    if type(first) is not np.ndarray or first.dtype not in C_TYPES:
        return False
    lead, kind = first.shape[:-1], first.dtype
    if prod(lead) < MIN_ROWS or missing() is not None:
        return False
    return all(
        0 < a.shape[-1] < MIN_PAIRWISE_ENTRIES
        and a.shape[:-1] == lead
        and a.dtype == kind
        and a.flags.c_contiguous
        for a in arrays
    )
