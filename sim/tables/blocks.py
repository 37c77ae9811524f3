"""The cells of a text table from its first row to its last, in blocks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.tables.cells import is_list, list_cells, quoted_short
from sim.tables.dialect import BLANK, CellsError, rows
from sim.tables.layout import fitted
from sim.tables.numbers import ROW, NumberError, at_once, numbers_of
from sim.tables.opening import content
from sim.tables.source import Lines
from sim.tables.titles import unquoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from sim.array_types import Floats
    from sim.tables.layout import TableLayout

SEVERAL = re.compile(r"[ \t]{2,}|\t")
WHITE = " \t\r\v\f\x85\xa0\u2028\u2029"
HARD = "\x1f"  # for a blank inside a name


@dataclass(frozen=True, slots=True)
class Block:
    """Some rows of a table.

    Attributes
    ----------
    lines : sequence of int
        The line of each row.
    x : float64, shape (k, d)
        Its coordinates.
    texts : dict of int to list of str
        The cells of the columns that were asked for, or left out.
    done : float
        The share of the file that has been read.
    whole : bool
        Whether the last row ends by a line end.
    """

    lines: Sequence[int]
    x: Floats
    texts: dict[int, list[str]]
    done: float
    whole: bool


def blocks_of(place: Path, layout: TableLayout) -> Iterator[Block]:
    """Yield the rows of a table.

    Raises
    ------
    ValueError
        If a row has too many or too few cells, or a coordinate is no finite number;
        names the file, the line, the column and what to do.
    """
    source = _Source(content(place, layout.first))
    reader = _Reader(layout)
    while (lines := source.block()) is not None:
        found = reader.read(lines, source)
        if found is not None:
            yield found


class _Source:
    """Blocks of lines, and the lines one by one where a cell goes on in the next."""

    def __init__(self, blocks: Iterator[Lines]) -> None:
        self._blocks, self._rest = blocks, iter(())
        self._left: Lines | None = None

    def block(self) -> Lines | None:
        """Return the next block; None at the end."""
        left, self._left = self._left, None
        return left or next(self._blocks, None)

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        left = self.block()
        if left is None:
            raise StopIteration
        if len(left.texts) > 1:
            self._left = Lines(left.first + 1, left.texts[1:], left.done, left.whole)
        return left.texts[0]


class _Reader:
    """Reads blocks of lines."""

    def __init__(self, layout: TableLayout) -> None:
        self._layout, self._dialect = layout, layout.dialect
        at = layout.roles.coordinates
        self._start, self._stop = at[0], at[-1] + 1
        side_by_side = at == tuple(range(self._start, self._stop))
        marked = layout.roles.listed or layout.wrapped & set(at)
        self._plain = side_by_side and not marked

    def read(self, lines: Lines, more: Iterator[str]) -> Block | None:
        """Return the rows of some lines, the last completed from `more`.

        None if all are blank.
        """
        quotes = self._dialect.quotes and any('"' in text for text in lines.texts)
        if self._plain and not quotes:
            return self._read_plain(lines)
        return self._read_cells(lines, more)

    def _read_plain(self, block: Lines) -> Block | None:
        """Read lines whose coordinates stand side by side."""
        separator = self._dialect.separator
        none = WHITE + separator  # of a row that spreadsheets write where nothing is
        kept = [k for k, text in enumerate(block.texts) if text.strip(none)]
        if not kept:
            return None
        texts = [block.texts[k] for k in kept]
        lines = [block.first + k for k in kept]
        if separator == BLANK:
            texts = [_evened(text) for text in texts]
        heads, middles, tails = self._parted(texts)
        x = at_once(middles, separator, self._dialect.decimal, self._stop - self._start)
        if x is None:  # then with care
            heads, middles, tails = self._parted(self._checked(lines, texts))
            x = self._numbers(lines, middles, separator)
        sides = {k: self._cells(k, [h[k] for h in heads]) for k in range(self._start)}
        for place in range(self._stop, self._layout.width):
            at = place - self._stop
            sides[place] = self._cells(place, [tail[at] for tail in tails])
        return Block(lines, x, sides, block.done, block.whole)

    def _parted(
        self, texts: list[str]
    ) -> tuple[list[list[str]], list[str], list[list[str]]]:
        """Return lines as cells before the coordinates, these, and cells after."""
        separator, before = self._dialect.separator, self._start
        after = self._layout.width - self._stop
        heads: list[list[str]] = []
        tails: list[list[str]] = []
        if after:
            parts = [text.rsplit(separator, after) for text in texts]
            texts, tails = [p[0] for p in parts], [p[1:] for p in parts]
        if before:
            parts = [text.split(separator, before) for text in texts]
            texts, heads = [p[-1] for p in parts], [p[:-1] for p in parts]
        return heads, texts, tails

    def _checked(self, lines: list[int], texts: list[str]) -> list[str]:
        """Return lines that all have as many cells as the table has columns."""
        layout, separator = self._layout, self._dialect.separator
        out: list[str] = []
        for line, text in zip(lines, texts, strict=True):
            cells = text.split(separator)
            if len(cells) != layout.width:
                cells = fitted(layout.name, line, cells, layout.width, self._dialect)
                text = separator.join(cell.replace(separator, HARD) for cell in cells)
            out.append(text)
        return out

    def _read_cells(self, block: Lines, more: Iterator[str]) -> Block | None:
        """Read lines cell by cell."""
        layout = self._layout
        found: list[list[str]] = []
        lines: list[int] = []
        try:
            for index, row in rows(block.texts, self._dialect.separator, more):
                lines.append(block.first + index)
                found.append(
                    fitted(layout.name, lines[-1], row, layout.width, self._dialect)
                )
        except CellsError as error:
            line = block.first + error.index
            raise ValueError(f"{layout.name}: line {line} {error}.") from None
        if not found:
            return None
        at = layout.roles.coordinates
        if layout.roles.listed:
            x = self._lists(lines, [row[at[0]] for row in found])
        else:
            texts = [
                ROW.join([self._plain_cell(c, row[c]) for c in at]) for row in found
            ]
            x = self._numbers(lines, texts, ROW)
        cells = {
            place: self._cells(place, [row[place] for row in found])
            for place in range(layout.width)
            if place not in at
        }
        return Block(lines, x, cells, block.done, block.whole)

    def _plain_cell(self, place: int, cell: str) -> str:
        bare = unquoted(cell) if place in self._layout.wrapped else cell
        return bare.replace(ROW, "?")

    def _cells(self, place: int, cells: list[str]) -> list[str]:
        if place in self._layout.wrapped:
            cells = [unquoted(cell) for cell in cells]
        if self._dialect.separator == BLANK:
            return [cell.replace(HARD, " ") for cell in cells]
        return cells

    def _numbers(self, lines: list[int], texts: list[str], separator: str) -> Floats:
        at = self._layout.roles.coordinates
        try:
            return numbers_of(texts, separator, self._dialect.decimal, len(at))
        except NumberError as error:
            raise ValueError(
                f"{self._layout.name}: line {lines[error.row]}, "
                f"{self._layout.called(at[error.column])}: {error}"
            ) from None

    def _lists(self, lines: list[int], cells: list[str]) -> Floats:
        """Return lists of numbers, all of the same length: (k, d)."""
        place = self._layout.roles.coordinates[0]
        width = len(list_cells(self._layout.columns[place].cells[0]))
        texts: list[str] = []
        for line, cell in zip(lines, cells, strict=True):
            entries = list_cells(cell) if is_list(cell) else []
            if len(entries) != width or not width:
                raise ValueError(
                    f"{self._layout.name}: line {line}, {self._layout.called(place)}: "
                    f"a list of {width} numbers is needed, as on the other lines, got "
                    f"{quoted_short(cell)}. Fix or remove it."
                )
            texts.append(ROW.join(entry.replace(ROW, "?") for entry in entries))
        try:
            return numbers_of(texts, ROW, ".", width)
        except NumberError as error:
            raise ValueError(
                f"{self._layout.name}: line {lines[error.row]}, "
                f"{self._layout.called(place)}: {error}"
            ) from None


def _evened(text: str) -> str:
    """Return a line with one blank between its cells."""
    text = text.strip(" \t")
    return SEVERAL.sub(" ", text) if "  " in text or "\t" in text else text
