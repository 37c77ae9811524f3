"""What a lab shows: named curves, bars, heat maps, points and texts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.array_types import AnyArray

Row = tuple[str, str, int, float, float, float | None, str]
"""Shape, name, index, x, y, value, text: one line of a table."""
COLUMNS = ("shape", "name", "index", "x", "y", "value", "text")


@dataclass(frozen=True, eq=False)
class Curve:
    """y over x, both float (n,), joined by lines."""

    name: str
    x: AnyArray
    y: AnyArray

    def rows(self) -> Iterator[Row]:
        """Yield a row per sample."""
        for k, (x, y) in enumerate(zip(self.x, self.y, strict=True)):
            yield "curve", self.name, k, float(x), float(y), None, ""


@dataclass(frozen=True, eq=False)
class Points:
    """Points at x, y, both float (n,)."""

    name: str
    x: AnyArray
    y: AnyArray

    def rows(self) -> Iterator[Row]:
        """Yield a row per point."""
        for k, (x, y) in enumerate(zip(self.x, self.y, strict=True)):
            yield "point", self.name, k, float(x), float(y), None, ""


@dataclass(frozen=True, eq=False)
class Bars:
    """Heights, float (n,), above the places 0 … n − 1."""

    name: str
    heights: AnyArray

    def rows(self) -> Iterator[Row]:
        """Yield a row per bar."""
        for k, height in enumerate(self.heights):
            yield "bar", self.name, k, float(k), float(height), None, ""


@dataclass(frozen=True, eq=False)
class HeatMap:
    """Values, float (rows, columns); y is the row, x the column."""

    name: str
    values: AnyArray

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


@dataclass(frozen=True, eq=False)
class Plate:
    """All that a lab shows, in the order in which it is read."""

    items: tuple[Curve | Points | Bars | HeatMap | Text, ...]

    def rows(self) -> Iterator[Row]:
        """Yield the rows of a table, see `COLUMNS`."""
        for item in self.items:
            yield from item.rows()
