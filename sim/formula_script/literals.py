"""Arrays as text of Python, digit for digit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from sim.array_types import AnyArray

PRINTED = 4096
"""The most numbers of one array that are printed."""
PRINTED_FLAGS = 65536
"""The most entries of one array of yes and no that are printed, a character each."""


def printable(array: AnyArray) -> bool:
    """Return whether an array is small enough to be printed."""
    return array.size <= (PRINTED_FLAGS if array.dtype == bool else PRINTED)


def assigned(name: str, array: AnyArray) -> str:
    """Return the statement that gives a name an array."""
    return f"{name} = {_literal(np.asarray(array))}"


def _literal(array: AnyArray) -> str:
    if not array.ndim:
        return repr(array.item())
    if array.dtype == bool:
        rows = ",\n    ".join(repr("".join("01"[k] for k in row)) for row in array + 0)
        return f'np.array([[k == "1" for k in row] for row in [\n    {rows},\n]])'
    if not array.any():
        kind = ", int" if array.dtype.kind in "iu" else ""
        return f"np.zeros({array.shape}{kind})"
    return f"np.array({_nested(array.tolist(), 0)})"


def _nested(rows: list[Any], depth: int) -> str:
    """Return nested lists, the innermost ones a line each."""
    if not isinstance(rows[0], list):
        return f"[{', '.join(map(repr, rows))}]"
    pad = "    " * (depth + 1)
    inside = "".join(f"{pad}{_nested(row, depth + 1)},\n" for row in rows)
    return f"[\n{inside}{pad[4:]}]"
