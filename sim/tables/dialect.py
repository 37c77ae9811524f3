"""How the cells of a text table are separated, decided by many lines at once."""

from __future__ import annotations

import csv
import re
from collections import Counter
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from sim.tables.cells import is_list, is_number, is_number_like, is_torn

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

BLANK = " "
UNQUOTED = ("\t", BLANK)
"""Separators of formats in which a quotation mark is a character as any other."""
SEPARATORS = ("\t", ";", "|", ",", BLANK)
QUOTED = (";", "|", ",")
NAMES = {
    "\t": "tabs",
    ";": "semicolons",
    "|": "vertical bars",
    ",": "commas",
    BLANK: "blanks",
}
BLANKS = re.compile(r"[ \t]+")
MAX_CELL = 1 << 22  # characters


@dataclass(frozen=True, slots=True)
class Dialect:
    """What separates cells, and which character is the decimal mark."""

    separator: str
    decimal: str = "."

    @property
    def quotes(self) -> bool:
        """Whether a cell in quotation marks may hold the separator."""
        return self.separator not in UNQUOTED

    def described(self) -> str:
        """Return it in words."""
        mark = "decimal commas" if self.decimal == "," else "decimal points"
        return f"{NAMES.get(self.separator, self.separator)} between cells, {mark}"


class CellsError(ValueError):
    """Cells of a line cannot be separated.

    Attributes
    ----------
    index : int
        Which of the lines it is.
    """

    def __init__(self, index: int, text: str) -> None:
        super().__init__(text)
        self.index = index


def split(line: str, separator: str) -> list[str]:
    """Return the cells of a line in which quotation marks mean nothing."""
    if separator == BLANK:
        return BLANKS.split(line.strip(" \t"))
    return line.split(separator)


def rows(
    lines: Sequence[str], separator: str, more: Iterable[str] = ()
) -> Iterator[tuple[int, list[str]]]:
    """Yield the cells of every row, and which line it begins on, from 0.

    Lines that are blank, or have separators only, are passed over.  A row that is not
    complete at the end of `lines` goes on in `more`.

    Raises
    ------
    CellsError
        If a quotation mark is not closed, or encloses lines that are rows themselves.
    """
    if separator in UNQUOTED:
        for index, line in enumerate(lines):
            if line.strip():
                yield index, split(line, separator)
    else:
        yield from _quoted(lines, separator, more)


def _quoted(
    lines: Sequence[str], separator: str, more: Iterable[str]
) -> Iterator[tuple[int, list[str]]]:
    used: list[str] = []

    def feed() -> Iterator[str]:
        for line in chain(lines, more):
            used.append(line)
            yield line + "\n"

    csv.field_size_limit(MAX_CELL)
    reader = csv.reader(feed(), delimiter=separator, skipinitialspace=True, strict=True)
    start = 0
    while start < len(lines):
        try:
            row = next(reader, None)
        except csv.Error as error:
            raise CellsError(start, _why(str(error))) from None
        if row is None:
            return
        if len(used) > 1:
            _check_swallowed(start, used, row, separator)
        if any(cell.strip() for cell in row):
            yield start, row
        start += len(used)
        used.clear()


def _why(error: str) -> str:
    if "expected after" in error:
        return (
            "has a quotation mark inside a cell in quotation marks. Double it, or save "
            "the table with tabs, where quotation marks are characters"
        )
    return (
        'has a quotation mark that is not closed. Write a lone " as """" (four of '
        "them), or save the table with tabs, where quotation marks are characters"
    )


def _check_swallowed(
    start: int, used: Sequence[str], row: Sequence[str], separator: str
) -> None:
    """Refuse a cell that encloses lines which look like rows of their own."""
    width = len(row)
    if not any("\n" in cell and separator in cell for cell in row):
        return  # a name of several lines
    if any(len(line.split(separator)) == width for line in used[1:]):
        raise CellsError(
            start,
            f"has a quotation mark that would enclose the {len(used) - 1} lines after "
            'it, which are rows themselves. Write a lone " as """" (four of them), or '
            "save the table with tabs, where quotation marks are characters",
        )


@dataclass(frozen=True, slots=True)
class Candidate:
    """A dialect, and how well it fits some lines.

    Attributes
    ----------
    width : int
        Cells of most rows.
    even : bool
        Whether all rows after the first have as many.
    numbers, others : int
        Columns of numbers, and the rest.
    problem : CellsError, optional
        Why cells cannot be separated so.
    spans : bool
        Whether a list in quotation marks goes on in the next line.
    """

    dialect: Dialect
    width: int = 1
    even: bool = True
    numbers: int = 0
    others: int = 1
    problem: CellsError | None = None
    spans: bool = False

    @property
    def score(self) -> tuple[bool, bool, int, int]:
        """What a better one has more of."""
        return (
            self.width > 1 and self.problem is None,
            self.even,
            self.numbers - self.others,
            self.numbers,
        )


def decided(lines: Sequence[str], given: str = "") -> Candidate:
    """Return the dialect that fits the lines best; `given` is a separator they name.

    Raises
    ------
    ValueError
        If numbers are written with decimal points and with decimal commas.
    """
    options = [given] if given else [s for s in SEPARATORS if _occurs(s, lines)]
    if not given and any('"' in line for line in lines):  # a cell may have many lines
        options += [s for s in QUOTED if s not in options and s in lines[0]]
    found = [_candidate(lines, s) for s in options or [","]]
    found = [c for c in found if c.spans and c.even] or found
    if any(c.dialect.separator == "\t" and c.even and c.width > 1 for c in found):
        found = [c for c in found if c.dialect.separator != BLANK]
    return max(found, key=_score)


def _score(candidate: Candidate) -> tuple[bool, bool, int, int]:
    return candidate.score


def _occurs(separator: str, lines: Sequence[str]) -> bool:
    have = sum(1 for line in lines if separator in line.strip(" "))
    if separator == BLANK:  # a tab is a blank, too
        have = sum(1 for line in lines if BLANKS.search(line.strip(" \t")))
    return 2 * have >= len(lines)


def _candidate(lines: Sequence[str], separator: str) -> Candidate:
    try:
        cells = [row for _, row in rows(lines, separator)]
    except CellsError as error:
        return Candidate(Dialect(separator), 2, False, 0, 2, error)
    body = cells[1:] or cells
    width = _usual(list(map(len, cells)))
    even = all(
        len(row) == width or (separator == BLANK and len(row) > width) for row in body
    )
    same = [row for row in body if len(row) == width]
    even = even and 2 * sum(map(is_torn, same)) <= len(same)
    point, comma = (_number_columns(same, width, mark) for mark in ".,")
    mark = "," if comma > point else "."
    numbers = max(point, comma)
    spans = any("\n" in cell and is_list(cell) for row in same for cell in row)
    dialect, others = Dialect(separator, mark), width - numbers
    return Candidate(dialect, width, even, numbers, others, spans=spans)


def _usual(widths: Sequence[int]) -> int:
    """Return the width of most rows; of two that are as frequent, not the first's."""
    if not widths:
        return 1
    counts = Counter(widths[1:] or widths).most_common()
    most = [width for width, count in counts if count == counts[0][1]]
    return widths[0] if widths[0] in most else most[0]


def _number_columns(body: Sequence[Sequence[str]], width: int, mark: str) -> int:
    """Return how many columns are numbers, or lists of them, in most of their cells."""
    return sum(_is_numeric([row[c] for row in body], mark) for c in range(width))


def _is_numeric(cells: Sequence[str], mark: str) -> bool:
    filled = [cell for cell in cells if cell.strip()]
    have = sum(is_number(cell, mark) or is_list(cell) for cell in filled)
    return 2 * have > len(filled)


def other_decimals(cells: Sequence[str], dialect: Dialect) -> str:
    """Return a cell that is a number in some other way of writing, or nothing."""
    other = [
        cell
        for cell in cells
        if is_number_like(cell) and not is_number(cell, dialect.decimal)
    ]
    return other[0] if other else ""
