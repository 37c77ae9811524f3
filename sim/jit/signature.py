"""What a kernel takes: named arrays, whose shapes are checked, and named integers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence


@dataclass(frozen=True, slots=True)
class ArrayArgument:
    """An array that a kernel reads or writes.

    Attributes
    ----------
    name : str
        What the caller passes it by.
    kind : str
        Its type of numbers, such as ``"float32"``.
    shape : tuple of int and str
        Its sizes; a word stands for one size in all arrays of a call.
    aligned : bool
        Whether it is read in whole vectors, so that it must start on one.
    """

    name: str
    kind: str
    shape: tuple[int | str, ...]
    aligned: bool = False

    def check(self, kind: str, shape: tuple[int, ...], sizes: dict[str, int]) -> None:
        """Compare with an array; `sizes` holds those of the arrays before.

        Raises
        ------
        TypeError, ValueError
            If its type, or its shape, is another.
        """
        if kind != self.kind:
            raise TypeError(f"kernel: {self.name} must be {self.kind}, got {kind}.")
        fits = len(shape) == len(self.shape)
        for wanted, found in zip(self.shape, shape, strict=False):
            if isinstance(wanted, str):
                wanted = sizes.setdefault(wanted, found)
            fits &= wanted == found
        if not fits:
            wanted = [sizes.get(str(size), size) for size in self.shape]
            named = ", ".join(map(str, self.shape))
            raise ValueError(
                f"kernel: {self.name} must have shape ({named}) = {wanted}, "
                f"got {list(shape)}."
            )


@dataclass(frozen=True, slots=True)
class Signature:
    """The arguments of a kernel, in the order of the compiled function.

    Attributes
    ----------
    arrays : tuple of ArrayArgument
        Passed as addresses, first.
    integers : tuple of str
        Names of the 64-bit integers that follow.
    """

    arrays: tuple[ArrayArgument, ...]
    integers: tuple[str, ...]

    def check_names(self, names: Collection[str]) -> None:
        """Compare with the names of the arrays of a call.

        Raises
        ------
        TypeError
            If one is missing or unknown.
        """
        wanted = {array.name for array in self.arrays}
        if wanted != set(names):
            raise TypeError(
                f"kernel: needs the arrays {', '.join(sorted(wanted))}, "
                f"got {', '.join(sorted(names))}."
            )

    def check(self, layouts: Sequence[tuple[str, tuple[int, ...]]]) -> None:
        """Compare with the type and the shape of each array of a call, in order.

        Raises
        ------
        TypeError, ValueError
            If a type, or a shape, is another.
        """
        sizes: dict[str, int] = {}
        for array, layout in zip(self.arrays, layouts, strict=True):
            array.check(*layout, sizes)
