"""Tokens from a table: their coordinates, names and groups."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from sim.tables.blocks import blocks_of
from sim.tables.cells import quoted_short, value
from sim.tables.report import LeftOut, Report, column_said

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sim.array_types import Floats
    from sim.tables.blocks import Block
    from sim.tables.layout import TableLayout

MAX_ROWS = 2_000_000  # tokens of a scenario
MAX_NUMBERS = 1 << 27  # of an array: a gigabyte
MIN_DIMENSION = 2


@dataclass(frozen=True, slots=True)
class TokenTable:
    """Tokens of a file.

    Attributes
    ----------
    x : float64, shape (n, d), read-only
        One token per row, all numbers finite.
    names, groups : tuple of str
        One per row, or empty.
    report : Report
        What was decided.
    """

    x: Floats
    names: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    report: Report = field(default=Report("", 0, 0), compare=False)


class TableRows:
    """Rows of numbers in bytes that grow in place, so that they are held once."""

    def __init__(self, name: str) -> None:
        self._name, self._bytes, self._width, self.count = name, bytearray(), 0, 0

    def add(self, x: Floats) -> None:
        """Add rows, of as many numbers as those before.

        Raises
        ------
        ValueError
            If they are more than can be run.
        """
        count = self.count + len(x)
        d = x.shape[1]
        if count > MAX_ROWS or count * d > MAX_NUMBERS:
            most = min(MAX_ROWS, MAX_NUMBERS // d)
            raise ValueError(
                f"{self._name}: has more than {most:,} rows of {d:,} numbers, the most "
                f"that can be read. Set the limit to {most:,} rows or fewer."
            )
        self._bytes += np.asarray(x, np.float64).tobytes()
        self._width, self.count = d, count

    def drop(self) -> None:
        """Forget the rows."""
        self._bytes, self.count = bytearray(), 0

    def done(self) -> Floats:
        """Return the rows, which then no longer grow: (count, d)."""
        if not self.count:
            return np.empty((0, self._width))
        return np.frombuffer(self._bytes).reshape(self.count, self._width)


class Collector:
    """Collects the tokens of a table block by block."""

    def __init__(self, layout: TableLayout, limit: int = 0) -> None:
        self._layout, self._limit = layout, limit
        self._rows = TableRows(layout.name)
        self._names: list[str] = []
        self._groups: list[str] = []
        self._time = ""
        self._left = {p: LeftOut(column_said(layout, p)) for p in layout.roles.left_out}
        self._whole = True

    @property
    def full(self) -> bool:
        """Whether no more rows are wanted."""
        limited = self._limit and self._layout.roles.frame is None
        return bool(limited) and self._rows.count >= self._limit

    def add(self, block: Block) -> None:
        """Add the rows of a block; of a trajectory keep the newest frame only."""
        start, roles = 0, self._layout.roles
        if roles.frame is not None:
            times = block.texts[roles.frame]
            self._check_times(times, roles.frame)
            last = times[-1]
            if last != self._time:
                self._time, start = last, times.index(last)
                self._rows.drop()
                self._names.clear()
                self._groups.clear()
        self._rows.add(block.x[start:])
        if roles.name is not None:
            self._names += [cell.strip() for cell in block.texts[roles.name][start:]]
        if roles.group is not None:
            self._groups += [cell.strip() for cell in block.texts[roles.group][start:]]
        for place, left in self._left.items():
            left.see(block.texts[place], roles.left_out[place])
        self._whole = block.whole

    def _check_times(self, times: list[str], place: int) -> None:
        """Refuse a trajectory that was sorted by token, or holds several runs."""
        before = self._time
        for time, _ in groupby(times):
            if before and not self._at(before) <= self._at(time):
                raise ValueError(
                    f"{self._layout.name}: {self._layout.called(place)} has "
                    f"{quoted_short(time)} after {quoted_short(before)}: rows are not "
                    "in the order of time, or are of several runs. Sort the rows by "
                    "time, and keep one run."
                )
            before = time

    def _at(self, time: str) -> float:
        return value(time, self._layout.dialect.decimal)

    def table(self) -> TokenTable:
        """Return the tokens.

        Raises
        ------
        ValueError
            If there are none, or they are not what the file says.
        """
        layout, roles = self._layout, self._layout.roles
        x, cut = self._rows.done(), self._limit or None
        notes = [*self._check_counts(len(x)), *_dominant(layout, x), *_lone(layout)]
        x = x[:cut]
        check(layout.name, x.shape)
        x.setflags(write=False)
        names, groups = tuple(self._names[:cut]), tuple(self._groups[:cut])
        names, groups = (v if any(v) else () for v in (names, groups))
        report = Report(
            layout.name,
            len(x),
            x.shape[1],
            layout.called(roles.name) if roles.name is not None and names else "",
            layout.called(roles.group) if roles.group is not None and groups else "",
            tuple(left.said() for left in self._left.values()),
            (f"Read with {layout.dialect.described()}{self._titled()}.", *notes),
        )
        return TokenTable(x, names, groups, report)

    def _titled(self) -> str:
        if self._layout.counts:
            return ", counts of rows and numbers above"
        return ", titles above" if self._layout.titles else ", no titles"

    def _check_counts(self, n: int) -> list[str]:
        """Compare the rows with a first line of counts; return what to note."""
        if self._layout.counts is None:
            return []
        said, d = self._layout.counts
        line = f"{self._layout.name}: line {self._layout.first - 1}"
        if n > said:
            raise ValueError(
                f"{line} says {said:,} rows of {d:,} numbers, but there are {n:,}. Fix "
                "it or remove it."
            )
        if n < said and not self.full:
            if not self._whole:
                raise ValueError(
                    f"{line} says {said:,} rows, but the file ends within row {n:,}: "
                    "it is cut off. Get it again, or remove that row."
                )
            return [f"Line 1 says {said:,} rows, of which {n:,} are there."]
        return []


def check(name: str, shape: tuple[int, ...]) -> None:
    """Refuse tokens of a shape that cannot be placed.

    Raises
    ------
    ValueError
        If there are none, or they have one coordinate.
    """
    n, d = shape
    if not n or not d:
        raise ValueError(f"{name}: has no tokens. Give one per row.")
    if d < MIN_DIMENSION:
        raise ValueError(
            f"{name}: needs d ≥ 2 columns of numbers, got 1. Give every token two "
            "coordinates or more."
        )


DOMINANT = 1000.0  # times the spread of the others
MAX_LONE = 2  # columns of whole numbers beside others


def _dominant(layout: TableLayout, x: Floats) -> list[str]:
    """Return a note if one coordinate is so large that nothing else counts."""
    at = layout.roles.coordinates
    if len(at) < 3 or not len(x):  # noqa: PLR2004 - of two neither is the rule
        return []
    if layout.roles.listed:
        return []
    with np.errstate(over="ignore"):
        sizes = (np.ptp(x, axis=0), "widely spread"), (np.abs(x).max(axis=0), "large")
    for size, what in sizes:
        order = np.argsort(size)
        second, first = float(size[order[-2]]), float(size[order[-1]])
        if first > DOMINANT * max(second, 1e-300):
            called = layout.called(at[int(order[-1])])
            return [
                f"The numbers of {called} are {first / max(second, 1e-300):.3g} times "
                f"as {what} as all others: leave it out if it is no coordinate."
            ]
    return []


def _lone(layout: TableLayout) -> list[str]:
    """Return a note if one column, or two of many, alone have whole numbers."""
    if layout.roles.listed or layout.counts is not None:
        return []
    columns = [layout.columns[place] for place in layout.roles.coordinates]
    counts = [c for c in columns if c.counts]
    if not counts or len(counts) > MAX_LONE or 2 * len(counts) >= len(columns):
        return []
    called = " and ".join(c.called for c in counts)
    hold, it = (
        ("holds", "it is a class or an id")
        if len(counts) == 1
        else ("hold", "they are classes or ids")
    )
    return [
        f"Only {called} {hold} whole numbers alone: leave out what is no coordinate, "
        f"if {it}."
    ]


def read_text(
    place: Path,
    layout: TableLayout,
    limit: int,
    progress: Callable[[float], None] | None,
) -> TokenTable:
    """Read the tokens of a text table; `progress` is called with the share done.

    Raises
    ------
    ValueError
        If a row cannot be read; says where, and what to do.
    """
    collector = Collector(layout, limit)
    for block in blocks_of(place, layout):
        collector.add(block)
        if progress is not None:
            progress(min(block.done, 1.0))
        if collector.full:
            break
    return collector.table()
