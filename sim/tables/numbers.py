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

PLAIN = b"0123456789+-.eE, "  # all that rows of numbers consist of in JSON
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
    found = _at_once(rows, separator, decimal, width)
    return _one_by_one(rows, separator, decimal, width) if found is None else found


def _at_once(
    rows: Sequence[str], separator: str, decimal: str, width: int
) -> Floats | None:
    """Return the numbers; None if a cell is not written as in JSON."""
    text = separator.join(rows)
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
    if raw.translate(None, PLAIN):
        return None
    try:
        found = orjson.loads(b"[" + raw + b"]")
    except orjson.JSONDecodeError:
        return None
    if len(found) != len(rows) * width:
        return None
    x = np.fromiter(found, np.float64, len(found))
    return x.reshape(len(rows), width) if np.isfinite(x).all() else None


def _one_by_one(
    rows: Sequence[str], separator: str, decimal: str, width: int
) -> Floats:
    x = np.empty((len(rows), width))
    for i, row in enumerate(rows):
        for j, cell in enumerate(row.split(separator)):
            x[i, j] = number = value(cell, decimal)
            if math.isnan(number):
                raise NumberError(i, j, problem(cell, decimal))
    return x


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
