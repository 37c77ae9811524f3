"""What each column of a table is: coordinates, names, groups, or left out."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from sim.tables.cells import is_list, is_missing, is_number, quoted_short, whole

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.tables.dialect import Dialect

COORDINATE = re.compile(r"x(\d{1,9})")
MIN_COUNTED = 2  # rows that count up, to be taken for an index
MIN_EVEN = 4  # rows that count by any step


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the first rows.

    Attributes
    ----------
    place : int
        Which column, from 0.
    title : str
        Its title; empty without one.
    kind : {"number", "text", "list", "empty"}
        What its cells are.
    cells : tuple of str
        Its cells.
    lines : tuple of int
        The line of each cell; empty where rows are no lines.
    """

    place: int
    title: str
    kind: str
    cells: tuple[str, ...] = field(repr=False)
    lines: tuple[int, ...] = field(default=(), repr=False)

    @property
    def called(self) -> str:
        """The column in words, such as ``column 2 'id'``."""
        title = self.title.strip()
        title = f" {quoted_short(title)}" if title else ""
        return f"column {self.place + 1}{title}"

    def at(self, cell: str) -> str:
        """Return where `cell` is first, such as ``line 3, column 2 'id'``."""
        if not self.lines:
            return self.called
        return f"line {self.lines[self.cells.index(cell)]}, {self.called}"

    @property
    def counts(self) -> list[int]:
        """The whole numbers in it; nothing if a cell is none."""
        found = [whole(cell) for cell in self.cells]
        return [k for k in found if k is not None] if None not in found else []

    @property
    def counts_rows(self) -> bool:
        """Whether it counts the rows from 0 or 1."""
        k = self.counts
        return len(k) >= MIN_COUNTED and k in (
            list(range(len(k))),
            list(range(1, len(k) + 1)),
        )

    @property
    def counts_evenly(self) -> bool:
        """Whether it goes up or down by one step, from any number."""
        k = self.counts
        steps = {b - a for a, b in pairwise(k)}
        return len(k) >= MIN_EVEN and len(steps) == 1 and steps != {0}


@dataclass(frozen=True, slots=True)
class Roles:
    """What the columns of a table are.

    Attributes
    ----------
    coordinates : tuple of int
        Columns, in the order of the axes.
    name, group : int, optional
        The columns of names and of groups.
    left_out : dict of int to str
        The others, and what they hold.
    listed : bool
        Whether the one column of coordinates has a list in each cell.
    frame : int, optional
        The column of times, if it is a recorded trajectory.
    """

    coordinates: tuple[int, ...]
    name: int | None = None
    group: int | None = None
    left_out: dict[int, str] = field(default_factory=dict)
    listed: bool = False
    frame: int | None = None


def columns_of(
    rows: Sequence[Sequence[str]],
    titles: Sequence[str],
    width: int,
    dialect: Dialect,
    lines: Sequence[int] = (),
) -> list[Column]:
    """Return the columns of some rows, on `lines`, that all have `width` cells."""
    found: list[Column] = []
    for place in range(width):
        cells = tuple(row[place] for row in rows)
        title = titles[place] if titles else ""
        kind = _kind(cells, dialect.decimal)
        found.append(Column(place, title, kind, cells, tuple(lines)))
    return found


def _kind(cells: Sequence[str], decimal: str) -> str:
    filled = [cell for cell in cells if not is_missing(cell)]
    numbers = sum(is_number(cell, decimal) for cell in filled)
    lists = sum(is_list(cell) for cell in filled)
    if not filled:
        return "empty" if not any(cell.strip() for cell in cells) else "number"
    if lists == len(filled):
        return "list"
    return "number" if 2 * numbers >= len(filled) else "text"
