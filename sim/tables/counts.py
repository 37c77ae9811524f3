"""The counts of rows and numbers that word2vec and fastText write above their rows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sim.tables.cells import is_number, whole
from sim.tables.columns import Column, Roles
from sim.tables.dialect import BLANK, split

if TYPE_CHECKING:
    from collections.abc import Sequence

COUNTS = re.compile(r"\s*([0-9]{1,9})[ \t]+([0-9]{1,6})\s*")
PAIR = 2  # cells of a row that may as well be a line of counts


def counts_of(
    name: str, texts: Sequence[str], start: int, complete: bool
) -> tuple[int, int] | None:
    """Return the counts in the line `start`; None if it is a row.

    Above rows of more than two cells two whole numbers can be nothing else.  `complete`
    says whether the texts are the whole file.

    Raises
    ------
    ValueError
        If the line could as well be a row of two numbers.
    """
    match = COUNTS.fullmatch(texts[start]) if start < len(texts) else None
    below = [split(text, BLANK) for text in texts[start + 1 :] if text.strip()]
    if match is None or not below:
        return None
    n, d = int(match[1]), int(match[2])
    if 2 * sum(len(row) > PAIR for row in below) > len(below):
        return n, d
    pairs = complete and all(len(row) == PAIR for row in below)
    if pairs and n == len(below) and any(whole(c) is None for c in below[0]):
        if all(is_number(cell) for row in below for cell in row):
            raise ValueError(
                f"{name}: line {start + 1} may be the first token, or count the {n} "
                "rows below. Remove it if it counts, or put titles before it: x0 x1."
            )
    return None


def counted_roles(
    said: str, columns: Sequence[Column], counts: tuple[int, int]
) -> Roles:
    """Return what the columns below a line of counts are: perhaps a word, and numbers.

    Of word2vec and node2vec the words are perhaps whole numbers.  `said` is the file
    and the line, for messages.

    Raises
    ------
    ValueError
        If the rows are not as the line says.
    """
    n, d = counts
    named = len(columns) == d + 1
    first = columns[0]
    words = len(first.counts) > 0 or not all(is_number(cell) for cell in first.cells)
    rest = columns[1:] if named else columns
    if len(rest) != d or not d or (named and not words) or _not_numbers(rest):
        kinds = [c.kind == "number" for c in columns]
        word = "a word and " if not kinds[0] else ""
        raise ValueError(
            f"{said} says {n:,} rows of {d:,} numbers, but those below have "
            f"{word}{sum(kinds):,} numbers. Fix it or remove it."
        )
    return Roles(tuple(c.place for c in rest), first.place if named else None)


def _not_numbers(columns: Sequence[Column]) -> bool:
    return any(c.kind != "number" for c in columns)
