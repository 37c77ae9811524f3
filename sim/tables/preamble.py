"""Lines above a table that are no rows of it, such as the first two of an XYZ file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.tables.cells import is_number
from sim.tables.dialect import BLANK, Dialect

if TYPE_CHECKING:
    from sim.tables.opening import Opening


def joined(row: list[str], width: int, dialect: Dialect) -> list[str] | None:
    """Return a row of `width` cells; None if it has another number of them.

    Where blanks separate, a name may have blanks too.
    """
    extra = len(row) - width
    if extra == 0:
        return row
    if dialect.separator == BLANK and extra > 0:
        head, tail = row[: extra + 1], row[extra + 1 :]
        numbers = all(is_number(cell, dialect.decimal) for cell in tail)
        if numbers and not is_number(head[-1], dialect.decimal):
            return [" ".join(head), *tail]
    return None


def check_above(opening: Opening, least: int) -> None:
    """Refuse a table below `least` lines or more that are no rows of it.

    Raises
    ------
    ValueError
        If there are such; says which lines, and what to do.
    """
    rows, width = opening.rows, opening.width
    fits = (joined(row, width, opening.dialect) is not None for row in rows)
    above = next((k for k, fit in enumerate(fits) if fit), 0)
    if above < least:
        return
    first, last = opening.lines[0], opening.lines[above - 1]
    lines = f"line {first}" if above == 1 else f"lines {first} to {last}"
    sizes = " and ".join(str(n) for n in sorted({len(row) for row in rows[:above]}))
    word = "cell" if sizes == "1" else "cells"
    raise ValueError(
        f"{opening.name}: {lines} above the table {'has' if above == 1 else 'have'} "
        f"{sizes} {word}, the lines below {width}. Remove what is above the table, or "
        f"begin it with #; if it is part of the table, give it {width} cells a line."
    )
