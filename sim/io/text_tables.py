"""Text tables: which columns are coordinates, and which are names or groups."""

from __future__ import annotations

import csv
import math
import re
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from typing import TextIO

    from sim.array_types import Floats


NAMES = ("label", "labels", "name", "names", "token", "word")
GROUPS = ("group", "groups", "topic", "class", "cluster")
INDEX = ""  # title of the index that pandas writes
SEPARATORS = ",;\t"
COORDINATE = re.compile(r"x\d+")
TIME, TOKEN = "t", "token"  # columns of recorded trajectories only
MAX_CELL_CHARACTERS = 2**26  # more than any row of embeddings has
SAMPLE_ROWS = 100  # that decide whether a column is words


@dataclass(frozen=True, slots=True)
class TextTable:
    """The cells of a text table, as text.

    Attributes
    ----------
    name : str
        The file's name, for messages.
    header : tuple of str
        Names of the columns in lower case; empty if the file has none.
    rows : list of list of str
        The cells; all rows have the same length.
    lines : list of int
        The line on which each row ends.
    """

    name: str
    header: tuple[str, ...]
    rows: list[list[str]]
    lines: list[int]

    def texts(self, known: Sequence[str], *, spare: bool = False) -> tuple[str, ...]:
        """Return the column whose name is in `known`, or nothing.

        With `spare`, else the first column that is not numeric.
        """
        at = next((self.header.index(k) for k in known if k in self.header), None)
        if at is None and spare:
            at = next((c for c in self._word_columns() if not self._named(c)), None)
        column = () if at is None else tuple(row[at].strip() for row in self.rows)
        return column if any(column) else ()

    def numbers(self) -> Floats:
        """Return the coordinates: (n, d).

        Raises
        ------
        ValueError
            If a cell among them is not a finite number; says where.
        """
        columns = self._coordinates()
        if not columns:
            raise ValueError(
                f"{self.name}: no column has numbers. Give one column per coordinate."
            )
        try:
            x = np.array([[float(row[c]) for c in columns] for row in self.rows])
        except ValueError:
            x = np.array([])
        if not x.size or not np.isfinite(x).all():
            self._raise_not_finite(columns)
        return x

    def _coordinates(self) -> list[int]:
        known = [c for c, k in enumerate(self.header) if COORDINATE.fullmatch(k)]
        if known:
            return sorted(known, key=self._rank)
        words = set(self._word_columns())
        width = len(self.rows[0])
        return [c for c in range(width) if c not in words and not self._named(c)]

    def _rank(self, column: int) -> int:
        return int(self.header[column][1:])

    def _named(self, column: int) -> bool:
        """Whether `column` is names, groups or an index by its header."""
        return bool(self.header) and self.header[column] in (*NAMES, *GROUPS, INDEX)

    def _word_columns(self) -> list[int]:
        """Return the columns of words: less than half of the cells are numbers."""
        rows = self.rows[:SAMPLE_ROWS]
        return [
            c
            for c in range(len(rows[0]))
            if sum(not _is_number(row[c]) for row in rows) > len(rows) / 2
        ]

    def _raise_not_finite(self, columns: list[int]) -> None:
        for line, row in zip(self.lines, self.rows, strict=True):
            for c in columns:
                if not _is_number(row[c]) or not math.isfinite(float(row[c])):
                    title = f" ({self.header[c]})" if self.header else ""
                    raise ValueError(
                        f"{self.name}: line {line}, column {c + 1}{title}: a finite "
                        f"number is needed, got {row[c]!r}. Fix or remove it."
                    )


def read_text_table(place: Path, limit: int = 0) -> TextTable:
    """Read the first `limit` rows of a text table, or all if 0.

    Raises
    ------
    ValueError
        If it is not UTF-8 text, has no rows, or rows of different lengths.
    """
    header: tuple[str, ...] = ()
    rows: list[list[str]] = []
    lines: list[int] = []
    csv.field_size_limit(MAX_CELL_CHARACTERS)
    try:
        with place.open(encoding="utf-8-sig", newline="") as file:
            for line, row in _split(file, place.suffix.lower()):
                if not rows and not header and _is_header(row):
                    header = tuple(cell.strip().lower() for cell in row)
                    continue
                rows.append(row)
                lines.append(line)
                _check_length(place, header, rows, lines)
                if limit and len(rows) == limit and TIME not in header:
                    break
    except UnicodeDecodeError:
        raise ValueError(
            f"{place.name}: is not UTF-8 text. Save it as CSV in UTF-8."
        ) from None
    except csv.Error as error:
        raise ValueError(f"{place.name}: is not CSV ({error}).") from None
    if not rows:
        raise ValueError(f"{place.name}: is empty. Give one token per row.")
    return _last_frame(TextTable(place.name, header, rows, lines), limit)


def _split(file: TextIO, suffix: str) -> Iterator[tuple[int, list[str]]]:
    """Yield number and cells of every line that is not blank or a comment."""
    at = 0

    def content() -> Iterator[str]:
        nonlocal at
        for number, line in enumerate(file, 1):
            if line.strip() and not line.lstrip().startswith("#"):
                at = number
                yield line

    lines = content()
    first = next(lines, "")
    most = max(SEPARATORS, key=first.count)
    separator = "\t" if suffix == ".tsv" else most if most in first else " "
    for row in csv.reader(
        chain([first], lines), delimiter=separator, skipinitialspace=True
    ):
        if row:
            yield at, row


def _is_header(row: list[str]) -> bool:
    if not row[0].strip():  # as pandas writes it: an index, then 0, 1, 2, …
        return row[1:] == [str(k) for k in range(len(row) - 1)]
    return not any(_is_number(cell) for cell in row)


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _check_length(
    place: Path, header: tuple[str, ...], rows: list[list[str]], lines: list[int]
) -> None:
    wanted, got = len(header or rows[0]), len(rows[-1])
    if got != wanted:
        raise ValueError(
            f"{place.name}: line {lines[-1]} has {got} columns, the lines before it "
            f"{wanted}. Give all rows the same length."
        )


def _last_frame(cells: TextTable, limit: int) -> TextTable:
    """Return the last frame, if the table is a trajectory recorded here."""
    if not {TIME, TOKEN} <= set(cells.header):
        return cells
    at = cells.header.index(TIME)
    last = cells.rows[-1][at]
    start = next(k for k, row in enumerate(cells.rows) if row[at] == last)
    end = start + limit if limit else None
    return TextTable(
        cells.name, cells.header, cells.rows[start:end], cells.lines[start:end]
    )
