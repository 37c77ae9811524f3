"""What a lab shows: named curves, bars, heat maps, points and texts."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING, TextIO

from sim.io.atomic_write import atomic_write

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sim.array_types import AnyArray

Row = tuple[str, str, int, float, float, float | None, str]
"""Shape, name, index, x, y, value, text: one line of a table."""
COLUMNS = ("shape", "name", "index", "x", "y", "value", "text")


@dataclass(frozen=True, eq=False)
class Curve:
    """y over x, both float (n,), joined by lines; NaN in y breaks them.

    `faint` curves are a family that others stand out from.
    """

    name: str
    x: AnyArray
    y: AnyArray
    faint: bool = False
    dashed: bool = False

    def rows(self) -> Iterator[Row]:
        """Yield a row per sample."""
        for k, (x, y) in enumerate(zip(self.x, self.y, strict=True)):
            yield "curve", self.name, k, float(x), float(y), None, ""


@dataclass(frozen=True, eq=False)
class Points:
    """Points at x, y, both float (n,), with a text beside each, or without."""

    name: str
    x: AnyArray
    y: AnyArray
    texts: tuple[str, ...] = ()

    def rows(self) -> Iterator[Row]:
        """Yield a row per point."""
        for k, (x, y) in enumerate(zip(self.x, self.y, strict=True)):
            text = self.texts[k] if self.texts else ""
            yield "point", self.name, k, float(x), float(y), None, text


@dataclass(frozen=True, eq=False)
class Bars:
    """Heights, float (n,), above the places 0 … n − 1, which may have names."""

    name: str
    heights: AnyArray
    labels: tuple[str, ...] = ()

    def rows(self) -> Iterator[Row]:
        """Yield a row per bar."""
        for k, height in enumerate(self.heights):
            text = self.labels[k] if self.labels else ""
            yield "bar", self.name, k, float(k), float(height), None, text


@dataclass(frozen=True, eq=False)
class HeatMap:
    """Values, float (rows, columns); y is the row, x the column.

    Rows and columns may have names; a value may be −∞, as a masked score is.  One that
    `is_picture` has square cells without numbers.
    """

    name: str
    values: AnyArray
    rows_are: tuple[str, ...] = ()
    columns_are: tuple[str, ...] = ()
    is_picture: bool = False

    def rows(self) -> Iterator[Row]:
        """Yield a row per cell, line by line."""
        width = self.values.shape[1]
        for k, value in enumerate(self.values.ravel()):
            y, x = divmod(k, width)
            yield "cell", self.name, k, float(x), float(y), float(value), ""


@dataclass(frozen=True)
class Text:
    """A sentence about the result."""

    name: str
    text: str

    def rows(self) -> Iterator[Row]:
        """Yield one row."""
        yield "text", self.name, 0, 0.0, 0.0, None, self.text


Item = Curve | Points | Bars | HeatMap | Text


@dataclass(frozen=True, eq=False)
class Panel:
    """Items that are drawn on the same axes: a heat map alone, or the others.

    Attributes
    ----------
    title : str
        What it shows.
    items : tuple
        The lowest first; texts are read below the plate, or here if there are no
        others.
    x, y : str
        Labels of the axes.
    log_x : bool
        Whether x is on a logarithmic scale.
    equal : bool
        Whether a unit is as long on both axes.
    """

    title: str
    items: tuple[Item, ...]
    x: str = ""
    y: str = ""
    log_x: bool = False
    equal: bool = False


@dataclass(frozen=True, eq=False)
class Plate:
    """All that a lab shows, in the order in which it is read."""

    panels: tuple[Panel, ...]

    @property
    def items(self) -> tuple[Item, ...]:
        """The items of all panels."""
        return tuple(item for panel in self.panels for item in panel.items)

    def rows(self) -> Iterator[Row]:
        """Yield the rows of a table, see `COLUMNS`."""
        for item in self.items:
            yield from item.rows()


def write_table(plate: Plate, stream: TextIO) -> None:
    """Write all numbers of `plate` as CSV, see `COLUMNS`."""
    table = csv.writer(stream, lineterminator="\n")
    table.writerow(COLUMNS)
    table.writerows(plate.rows())


def save_table(plate: Plate, path: str | Path) -> None:
    """Write all numbers of `plate` to a CSV file, aside first.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    with (
        atomic_write(path) as unfinished,
        unfinished.open("w", encoding="utf-8", newline="") as stream,
    ):
        write_table(plate, stream)
