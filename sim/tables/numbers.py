"""Numbers from text: many at once by a JSON parser, or cell by cell with messages."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import orjson

from sim.tables.cells import NOT_FINITE, is_missing, quoted_short, value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.array_types import Floats

OTHERS = (b'"', b"t", b"f", b"n", b"[", b"{")  # begin values in JSON, and no number
COMMA, END = b",\n"
MAX_EXACT = 2.0**53  # of whole numbers
ROW = "\x1e"  # separates cells that may hold any other separator


class NumberError(ValueError):
    """A cell is no finite number.

    Attributes
    ----------
    row, column : int
        Which of the rows and of the cells in it.
    """

    def __init__(self, row: int, column: int, text: str) -> None:
        super().__init__(text)
        self.row, self.column = row, column


def numbers_of(rows: Sequence[str], separator: str, decimal: str, width: int) -> Floats:
    """Return rows of cells as numbers: (len(rows), width), float64.

    Parameters
    ----------
    rows : sequence of str
        One text a row, its cells between separators.
    separator, decimal : str
        What stands between cells, and before decimals.
    width : int
        Cells of every row; that they are so many has been seen.

    Raises
    ------
    NumberError
        If a cell is no finite number; says which.
    """
    found = at_once(rows, separator, decimal, width)
    return _one_by_one(rows, separator, decimal, width) if found is None else found


def at_once(
    rows: Sequence[str], separator: str, decimal: str, width: int
) -> Floats | None:
    """Return the numbers; None if one is not written as in JSON, or a row is uneven.

    Shapes and parameters are those of `numbers_of`.
    """
    text = f"{separator}\n".join(rows)
    if decimal != ".":
        if "." in text:
            return None
        text = text.replace(decimal, ".")
    if separator != ",":
        if "," in text:
            return None
        text = text.replace(separator, ",")
    if not text.isascii():
        return None
    raw = text.encode("ascii")
    if any(mark in raw for mark in OTHERS) or not _is_even(raw, len(rows), width):
        return None
    try:
        found = orjson.loads(b"[" + raw + b"]")
    except orjson.JSONDecodeError:
        return None
    if len(found) != len(rows) * width:
        return None
    x = np.fromiter(found, np.float64, len(found))
    small = len(x) == 0 or (-MAX_EXACT < x.min() and x.max() < MAX_EXACT)
    return x.reshape(len(rows), width) if small else None  # NaN is never small


def _is_even(raw: bytes, count: int, width: int) -> bool:
    """Whether every `width`-th comma, and no other number of them, ends a line."""
    bytes_ = np.frombuffer(raw, np.uint8)
    commas = np.flatnonzero(bytes_ == COMMA)
    ends = commas[width - 1 :: width]
    return len(commas) == count * width - 1 and bool((bytes_[ends + 1] == END).all())


def _one_by_one(
    rows: Sequence[str], separator: str, decimal: str, width: int
) -> Floats:
    x = np.empty((len(rows), width))
    for i, row in enumerate(rows):
        for j, cell in enumerate(row.split(separator)):
            x[i, j] = number = value(cell, decimal)
            if math.isnan(number):
                raise NumberError(i, j, problem(cell, decimal))
            if abs(number) >= MAX_EXACT and _rounded(cell, number):
                raise NumberError(
                    i,
                    j,
                    f"the whole number {quoted_short(cell.strip())} is beyond 2⁵³, and "
                    "not exact as a coordinate. Leave out the column if it is an id, "
                    "or write fewer digits.",
                )
    return x


def _rounded(cell: str, number: float) -> bool:
    """Whether a whole number of digits alone is not the same as a float."""
    digits = cell.strip().lstrip("+-")
    return digits.isascii() and digits.isdigit() and int(digits) != abs(number)


def problem(cell: str, decimal: str) -> str:
    """Return why a cell cannot be a coordinate, and what to do."""
    if not cell.strip():
        return "a number is missing. Fill it in, or leave out the row or the column."
    short = quoted_short(cell.strip())
    if cell.strip().lower() in NOT_FINITE:
        return f"a finite number is needed, got {short}. Fix or remove it."
    if is_missing(cell):
        return (
            f"a number is missing ({short}). Fill it in, or leave out the row or the "
            "column."
        )
    mark = "decimal comma" if decimal == "," else "decimal point"
    hint = f", written with a {mark}" if {".", ","} & set(cell) else ""
    return f"a finite number{hint} is needed, got {short}. Fix or remove it."
