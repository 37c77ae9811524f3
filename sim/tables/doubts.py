"""Decimal commas that separate cells, or that separate thousands: refused."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sim.tables.cells import quoted_short

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.tables.columns import Column
    from sim.tables.opening import Opening

CUT = re.compile(r"-0|-?0[0-9]+")  # no whole number is written so
THOUSANDS = re.compile(r"[+\-]?[1-9][0-9]{0,2},[0-9]{3}")
UNEVEN = re.compile(r",\s")


def check_decimals(opening: Opening, columns: Sequence[Column]) -> None:
    """Refuse a table in which a comma may mean two things.

    Raises
    ------
    ValueError
        Says where, and what to do.
    """
    if opening.dialect.separator == ",":
        _check_separators(opening, columns)
    if opening.dialect.decimal == ",":
        numbers = [c for c in columns if c.kind == "number"]
        check_thousands(opening.name, [cell for c in numbers for cell in c.cells])


def _check_separators(opening: Opening, columns: Sequence[Column]) -> None:
    """Refuse 0,8019,-1,3244: whole numbers that are halves of numbers."""
    numbers = [c for c in columns if c.kind == "number"]
    if len(numbers) < 2 or len(numbers) % 2 or not all(c.counts for c in numbers):  # noqa: PLR2004
        return
    for column in numbers:
        cut = next((c for c in column.cells if CUT.fullmatch(c.strip())), None)
        if cut is not None:
            raise ValueError(
                _commas(opening, f"{column.called} has {quoted_short(cut)}")
            )
    body = opening.texts[1:] or opening.texts
    spaced = [len(UNEVEN.findall(text)) for text in body]
    if any(0 < k < text.count(",") for k, text in zip(spaced, body, strict=True)):
        raise ValueError(_commas(opening, "blanks follow some commas, and not others"))


def _commas(opening: Opening, why: str) -> str:
    return (
        f"{opening.name}: line {opening.lines[-1]}: commas seem to be decimal marks "
        f"and separators at once ({why}). Save it with semicolons or tabs between "
        "cells, or with decimal points."
    )


def check_thousands(name: str, cells: Sequence[str]) -> None:
    """Refuse 1,234: one and a bit, or a thousand, where nothing else decides.

    Raises
    ------
    ValueError
        Quotes the first such cell.
    """
    commas = [cell.strip() for cell in cells if "," in cell]
    if commas and all(THOUSANDS.fullmatch(cell) for cell in commas):
        raise ValueError(
            f"{name}: {quoted_short(commas[0])} may have a decimal comma, or "
            "one that separates thousands. Save it with decimal points and without "
            "thousands separators."
        )
