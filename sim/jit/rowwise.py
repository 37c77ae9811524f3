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

from sim.arrays import SHORT
from sim.jit.buffer_pool import SHELF
from sim.jit.builder import Code, whole
from sim.jit.kernel import Kernel
from sim.jit.llvm import missing
from sim.jit.thread_pool import Once, share

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sim.array_types import Floats
    from sim.arrays import Array


FEW = 32  # rows: below, NumPy is as quick
BLOCK = 1 << 15  # rows of a task
PLANS = 64  # shapes of arguments remembered
NUMBERS = {np.dtype("float32"): ctypes.c_float, np.dtype("float64"): ctypes.c_double}
"""What Python's numbers become beside arrays of a type."""
at_buffer: Any = ctypes.c_char.from_buffer


@dataclass(frozen=True, slots=True)
class Plan:
    """How arguments of some shapes are dealt with.

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

    def carried_out(self, arrays: Sequence[Floats], numbers: Sequence[float]) -> Floats:
        """Return the formula's value."""
        out, held = SHELF.empty(self.shape, self.kind), self.numbers(*numbers)
        places = [address(a) for a in (*arrays, out)]
        places.append(ctypes.addressof(held))
        if self.rows <= BLOCK:
            self.kernel(*places, 0, self.rows, self.rows)
        else:
            starts = range(0, self.rows, BLOCK)
            share(
                [
                    partial(
                        self.kernel, *places, a, min(a + BLOCK, self.rows), self.rows
                    )
                    for a in starts
                ]
            )
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
        self._plans: dict[tuple[object, ...], Plan | None] = {}

    def __call__(self, *given: Array | float) -> Array:
        """Return the formula's value: compiled where rows are short, else as it is."""
        if type(given[0]) is not np.ndarray:
            return self.formula(*given)
        arrays = [a for a in given if type(a) is np.ndarray]
        key = (len(given), *[(a.shape, a.dtype, a.flags.c_contiguous) for a in arrays])
        try:
            plan = self._plans[key]
        except KeyError:
            plan = self._plan(key, given, arrays)
        if plan is None:
            return self.formula(*given)
        return plan.carried_out(arrays, [a for a in given if type(a) is not np.ndarray])

    def _plan(
        self, key: tuple[object, ...], given: Sequence[Any], arrays: list[Floats]
    ) -> Plan | None:
        """Return the plan for arguments of such shapes; None if NumPy does it."""
        plan = None
        if compilable(arrays):
            lead, kind = arrays[0].shape[:-1], arrays[0].dtype
            widths = tuple(a.shape[-1] if np.ndim(a) else 0 for a in given)
            kernel, width = self.write(kind, widths)
            held = NUMBERS[kind] * (len(given) - len(arrays))
            plan = Plan(kernel, (*lead, width), kind, held, prod(lead))
        if len(self._plans) >= PLANS:
            self._plans.clear()
        self._plans[key] = plan
        return plan

    def _write(
        self, kind: np.dtype[Any], widths: tuple[int, ...]
    ) -> tuple[Kernel, int]:
        """Return the kernel for arguments of such widths, and that of its result.

        Notes
        -----
        Arguments: the addresses of arrays, of the result, and of the numbers, whose
        widths are 0.  Then the rows [r₀, r₁) to do, and how many there are.
        """
        code = Code(kind.name, 2 + sum(w > 0 for w in widths), 3)
        *arrays, out, numbers, first, last, rows = code.function.args
        found = 0

        def group(row: Any) -> None:
            nonlocal found
            # The last group begins early: what it does again comes out the same.
            start = code.lesser(row, code.to.sub(rows, whole(code.lanes)))
            places, index = iter(arrays), iter(range(len(widths)))
            operands = [
                code.rows(next(places), start, w)
                if w
                else code.spread(numbers, whole(next(index)))
                for w in widths
            ]
            value = self.formula(*operands)
            found = len(value.values)
            code.put_rows(value, out, start)

        code.repeat(first, last, code.lanes, group)
        return Kernel(code.written()), found


def rowwise(formula: Callable[..., Any]) -> Callable[..., Array]:
    """Let a formula of rows be compiled; see `Rowwise`."""
    return Rowwise(formula)


def address(a: Floats) -> int:
    """Return where the numbers of `a` are."""
    if a.flags.writeable:
        return ctypes.addressof(at_buffer(a))  # NumPy's own way is slow
    return a.ctypes.data


def compilable(arrays: Sequence[Array]) -> bool:
    """Whether a kernel can be written for `arrays`, and is worth it."""
    first = arrays[0]
    if type(first) is not np.ndarray or first.dtype not in NUMBERS:
        return False
    lead, kind = first.shape[:-1], first.dtype
    if prod(lead) < FEW or missing() is not None:
        return False
    return all(
        0 < a.shape[-1] < SHORT
        and a.shape[:-1] == lead
        and a.dtype == kind
        and a.flags.c_contiguous
        for a in arrays
    )
