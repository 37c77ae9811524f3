"""What was decided about a table, in sentences for a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.tables.cells import quoted_short, whole

if TYPE_CHECKING:
    from sim.tables.layout import TableLayout

MOST_LISTED = 6  # columns that are named one by one


@dataclass(frozen=True, slots=True)
class Report:
    """What was decided about a table.

    Attributes
    ----------
    file : str
        Its name.
    rows, dimension : int
        What it has: n and d.
    names, groups : str
        Where they come from; empty without.
    left_out : tuple of str
        What is not used, and what it is.
    notes : tuple of str
        What else a person should know, in sentences.
    what : str
        What a row is.
    """

    file: str
    rows: int
    dimension: int
    names: str = ""
    groups: str = ""
    left_out: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    what: str = "token"

    def sentence(self) -> str:
        """Return the decisions in one line, without the file's name."""
        many = "" if self.rows == 1 else "s"
        parts = [f"{self.rows:,} {self.what}{many} in {self.dimension:,} dimensions"]
        parts += [f"names from {self.names}"] if self.names else []
        parts += [f"groups from {self.groups}"] if self.groups else []
        shown = self.left_out[:MOST_LISTED]
        more = len(self.left_out) - len(shown)
        rest = (f"and {more} more columns",) if more else ()
        parts += [f"left out: {', '.join((*shown, *rest))}"] if shown else []
        return "; ".join(parts)

    def text(self) -> str:
        """Return everything, beginning with the file's name."""
        return " ".join((f"{self.file}: {self.sentence()}.", *self.notes))


@dataclass(slots=True)
class LeftOut:
    """Looks at a column that is left out, block by block, to say what it holds."""

    title: str
    low: int | None = None
    high: int | None = None
    kind: str = ""

    def see(self, cells: list[str], kind: str) -> None:
        """Look at some cells of a column of this kind."""
        self.kind = self.kind or kind
        if self.kind == "empty" and any(cell.strip() for cell in cells):
            self.kind = "partly empty"
        if self.kind != "number":
            return
        found = [whole(cell) for cell in cells]
        counts = [k for k in found if k is not None]
        if len(counts) < len(found):
            self.kind = "numbers"
            return
        self.low = min(counts) if self.low is None else min(self.low, *counts)
        self.high = max(counts) if self.high is None else max(self.high, *counts)

    def said(self) -> str:
        """Return the column and what it holds."""
        what = {"number": "whole numbers", "list": "lists"}.get(self.kind, self.kind)
        if self.kind == "number" and self.low is not None:
            what = f"whole numbers {self.low}…{self.high}"
        return f"{self.title} ({what})"


def column_said(layout: TableLayout, place: int) -> str:
    """Return a column as a report names it: by its title, else by its number."""
    title = layout.columns[place].title.strip()
    return quoted_short(title) if title else f"column {place + 1}"
