"""Whether a first row of numbers holds titles: an index, years, a scale."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from sim.tables.cells import value, whole

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.tables.opening import Opening

YEARS = range(1000, 3000)
FEW = 2  # columns: so many whole numbers may as well be a token


def numbers_are_titles(
    opening: Opening,
    top: Sequence[str],
    named: bool,
    below: Sequence[Sequence[str]],
    tokens: bool,
) -> bool:
    """Whether a first row of numbers holds titles; refuse it if nothing decides.

    Parameters
    ----------
    opening : Opening
        The first rows.
    top : sequence of str
        The cells above numbers.
    named : bool
        Whether another cell is a known title.
    below : sequence of sequence of str
        The numbers below.
    tokens : bool
        Whether rows are tokens.

    Raises
    ------
    ValueError
        If the row could as well be a token.
    """
    if top[0] == "" and are_numbered(top[1:]):  # above an index of numbers
        return True
    mark = opening.dialect.decimal
    if any(whole(cell) is None for cell in top):
        if (named and _ordered(top, mark)) or (tokens and _is_scale(top, below, mark)):
            raise doubtful(opening, top)
        return False
    counted = are_numbered(top) or are_years(top)
    if named:
        if not counted and _ordered(top, mark):
            raise doubtful(opening, top)
        return counted
    if not counted and tokens and len(top) > FEW and _stands_out(below):
        raise doubtful(opening, top)
    if not counted or len(top) < FEW:
        return False
    counts = all(whole(cell) is not None for row in below for cell in row)
    if not counts and len(top) > FEW:
        return True
    if not tokens:
        return False
    raise doubtful(opening, top)


def are_numbered(cells: Sequence[str]) -> bool:
    """Whether cells count from 0 or from 1."""
    found = [whole(cell) for cell in cells]
    return found in (list(range(len(cells))), list(range(1, len(cells) + 1)))


def are_years(cells: Sequence[str]) -> bool:
    """Whether cells are years, each later than the one before."""
    found = [whole(cell) for cell in cells]
    years = [year for year in found if year is not None and year in YEARS]
    return len(years) == len(cells) and all(a < b for a, b in pairwise(years))


def _ordered(cells: Sequence[str], mark: str) -> bool:
    """Whether numbers go up, or down, from each to the next."""
    numbers = [value(cell, mark) for cell in cells]
    up = [a < b for a, b in pairwise(numbers)]
    return len(up) > 0 and (all(up) or all(a > b for a, b in pairwise(numbers)))


def _is_scale(top: Sequence[str], below: Sequence[Sequence[str]], mark: str) -> bool:
    """Whether numbers go up by one step, as those of no row below do."""
    rows = [[value(cell, mark) for cell in row] for row in (top, *below)]
    even = [len(row) > FEW and _is_even(row) for row in rows]
    return even[0] and not any(even[1:])


def _is_even(row: Sequence[float]) -> bool:
    steps = [b - a for a, b in pairwise(row)]
    first = steps[0]
    return first > 0 and all(abs(step - first) <= 1e-9 * abs(first) for step in steps)


def _stands_out(below: Sequence[Sequence[str]]) -> bool:
    """Whether no row has whole numbers as the first has."""
    return len(below) > 1 and not any(
        whole(cell) is not None for row in below for cell in row
    )


def doubtful(opening: Opening, top: Sequence[str]) -> ValueError:
    """Return an error that says that a first row may be titles or a token."""
    return ValueError(
        f"{opening.name}: line {opening.lines[0]}: {_listed(top)} may be titles or the "
        "first token. Put a line of titles that are words before it, such as "
        f"x0{opening.dialect.separator}x1, or choose the columns."
    )


def _listed(cells: Sequence[str]) -> str:
    most = 4
    return ", ".join(cells[:most]) + (" …" if len(cells) > most else "")
