"""The first lines of a text table: comments, a named separator, a line of counts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.tables.cells import is_number, is_torn
from sim.tables.counts import counts_of
from sim.tables.dialect import (
    BLANK,
    Candidate,
    CellsError,
    Dialect,
    decided,
    rows,
    split,
)
from sim.tables.other_formats import check_is_table, is_metis, refusal
from sim.tables.source import Lines, blocks

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

SAMPLE_LINES = 300
SAMPLE_CHARACTERS = 1 << 21
MIN_LINES = 12  # however long they are
NAMED_SEPARATOR = re.compile(r'"?sep=([;,\t| :^~!&/\x1f])"?[;,\t|]*', re.IGNORECASE)
COMMENT = "#"


@dataclass(frozen=True, slots=True)
class Opening:
    """The start of a text table.

    Attributes
    ----------
    name : str
        The file's name, for messages.
    first : int
        The number of the line on which its rows start.
    lines : list of int
        The line of every row in `rows`.
    rows : list of list of str
        The cells of the first rows, titles among them.
    texts : list of str
        Their lines as they are.
    dialect : Dialect
        How cells are separated.
    width : int
        Cells of most rows.
    counts : (int, int), optional
        Rows and numbers a row, as a first line of word2vec says.
    comment : tuple of str
        The cells of the last comment before the rows.
    complete : bool
        Whether these are all rows.
    """

    name: str
    first: int
    lines: list[int]
    rows: list[list[str]]
    texts: list[str]
    dialect: Dialect
    width: int
    counts: tuple[int, int] | None = None
    comment: tuple[str, ...] = ()
    complete: bool = True


@dataclass(frozen=True, slots=True)
class _Sample:
    """The first lines of a file: their texts, and whether these are all."""

    name: str
    texts: list[str]
    complete: bool

    def fitted(self, start: int, end: int, given: str) -> tuple[int, Candidate]:
        """Return the end of the rows that are complete, and the best dialect.

        Raises
        ------
        ValueError
            If cells cannot be separated.
        """
        best = decided(self.texts[start:end], given)
        if best.problem is None:
            return end, best
        bad = start + best.problem.index
        if (
            not self.complete and bad > start
        ):  # perhaps cut off by the end of the sample
            shorter = decided(self.texts[start:bad], given)
            if shorter.problem is None:
                return bad, shorter
        raise ValueError(f"{self.name}: line {bad + 1} {best.problem}.")

    def first_token(self, start: int, best: Candidate) -> int:
        """Return where rows start, if comments before `start` are tokens called #.

        Raises
        ------
        ValueError
            If a comment could as well be a row.
        """
        for index in reversed(range(start)):
            cells = _cells(self.texts[index], best.dialect.separator)
            numbers = sum(is_number(cell, best.dialect.decimal) for cell in cells)
            if len(cells) != best.width or not 0 < numbers == best.numbers < len(cells):
                return start
            if cells[0].strip() != COMMENT:
                raise ValueError(
                    f"{self.name}: line {index + 1} begins with # and is a row like "
                    "those below it: a comment, or a token with that name? Remove it, "
                    "or put another row before it."
                )
            start = index
        return start


def opened(place: Path, marks: str = COMMENT) -> Opening:
    """Look at the first lines of a text table; comments begin with one of `marks`.

    Raises
    ------
    ValueError
        If it has no rows, or its cells cannot be separated.
    """
    sample = _sample(place)
    texts, given, counts = sample.texts, "", None
    after = start = _next(texts, 0, marks)
    check_is_table(place.name, texts, start)
    if sample.complete and is_metis(texts):
        raise ValueError(refusal(place.name, "METIS"))
    if start < len(texts) and (named := NAMED_SEPARATOR.fullmatch(texts[start])):
        given, start = named[1], _next(texts, start + 1)
    elif counts := counts_of(place.name, texts, start, sample.complete):
        given, start = BLANK, _next(texts, start + 1)
    end, best = sample.fitted(start, len(texts), given)
    if not given:
        start = sample.first_token(start, best)
    pairs = list(rows(texts[start:end], best.dialect.separator))
    if not pairs:
        raise ValueError(f"{place.name}: is empty. Give one token per row.")
    _check_torn(place.name, start + 1, [row for _, row in pairs])
    return Opening(
        place.name,
        start + 1,
        [start + 1 + index for index, _ in pairs],
        [row for _, row in pairs],
        [texts[start + index] for index, _ in pairs],
        best.dialect,
        best.width,
        counts,
        _last_comment(texts[:after], best.dialect.separator, marks),
        sample.complete,
    )


def _check_torn(name: str, line: int, found: Sequence[Sequence[str]]) -> None:
    """Refuse lists in brackets that are cells of their own entries."""
    if 2 * sum(map(is_torn, found)) > len(found):
        raise ValueError(
            f"{name}: line {line} has a list in brackets, which its separators tear "
            "apart. Put lists in quotation marks, separate them by tabs from other "
            "cells, or leave out the brackets."
        )


def _sample(place: Path) -> _Sample:
    texts: list[str] = []
    size = 0
    for block in blocks(place):
        for text in block.texts:
            full = size > SAMPLE_CHARACTERS and len(texts) > MIN_LINES
            if len(texts) >= SAMPLE_LINES or full:
                return _Sample(place.name, texts, False)
            texts.append(text)
            size += len(text)
    return _Sample(place.name, texts, True)


def _next(texts: Sequence[str], start: int, marks: str = "") -> int:
    """Return the first line from `start` on that is neither blank nor a comment."""
    while start < len(texts):
        plain = texts[start].strip()
        saved_again = plain.startswith('"# ')  # by a spreadsheet
        if plain and plain[0] not in marks and not (marks and saved_again):
            return start
        start += 1
    return start


def _cells(text: str, separator: str) -> list[str]:
    """Return the cells of a line that may be none of a table."""
    try:
        return next((row for _, row in rows([text], separator)), [])
    except CellsError:
        return []


def _last_comment(texts: Sequence[str], separator: str, marks: str) -> tuple[str, ...]:
    last = next((text for text in reversed(texts) if text.strip()), "")
    plain = last.strip().lstrip(f'{marks}" ')
    if separator != BLANK and last.strip().startswith(COMMENT + separator):
        plain = last.strip()  # the title of a column that numbers the rows
    return tuple(cell.strip() for cell in split(plain, separator)) if plain else ()


def content(place: Path, first: int) -> Iterator[Lines]:
    """Yield the lines of a text table from the line `first` on."""
    for block in blocks(place):
        skip = max(0, first - block.first)
        if skip < len(block.texts):
            texts = block.texts[skip:]
            yield Lines(block.first + skip, texts, block.done, block.whole)
