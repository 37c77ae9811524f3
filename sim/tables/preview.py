"""The first rows of a table, and what their columns would be: for a person to see."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sim.tables.choice import ColumnChoice, parsed, short
from sim.tables.columns import Roles
from sim.tables.layout import draft, layout_of
from sim.tables.opening import Opening, opened
from sim.tables.parquet import parquet_layout
from sim.tables.report import MOST_LISTED, column_said
from sim.tables.source import PARQUET, located, readable, table_type

if TYPE_CHECKING:
    from sim.tables.layout import TableLayout


@dataclass(frozen=True, slots=True)
class Preview:
    """The first rows of a table.

    Attributes
    ----------
    layout : Layout
        Its columns, and what they would be.
    doubt : str
        Why the table is refused unless its columns are chosen; empty if it is not.
    """

    layout: TableLayout
    doubt: str = ""

    def sentence(self) -> str:
        """Return what would be read, in one line."""
        layout, roles = self.layout, self.layout.roles
        many = "columns" if len(roles.coordinates) != 1 else "column"
        what = "lists in 1" if roles.listed else f"{len(roles.coordinates):,}"
        parts = [f"Coordinates from {what} {many}"]
        if roles.name is not None:
            parts.append(f"names from {layout.called(roles.name)}")
        if roles.group is not None:
            parts.append(f"groups from {layout.called(roles.group)}")
        left = [column_said(layout, place) for place in roles.left_out]
        shown = ", ".join(left[:MOST_LISTED])
        more = f" and {len(left) - MOST_LISTED} more" if left[MOST_LISTED:] else ""
        parts += [f"left out: {shown}{more}"] if left else []
        return f"{'; '.join(parts)}. {layout.dialect.described().capitalize()}."


def preview(path: str, columns: str = "", titled: bool | None = None) -> Preview:
    """Return the first rows of a text or Parquet table.

    Parameters
    ----------
    path : str
        The table.
    columns : str
        A choice of columns; empty for none.
    titled : bool, optional
        Whether the first row holds titles, where a person says so.

    Raises
    ------
    ValueError
        If it is none.
    """
    with readable(path):
        place = located(path)
        choice = parsed(columns)
        if table_type(place) == PARQUET:
            return Preview(parquet_layout(place, choice))
        opening = opened(place)
        if titled is not None:
            return Preview(_guess(draft(opening, ColumnChoice(titles=titled))))
        return _of_text(opening, choice)


def _of_text(opening: Opening, choice: ColumnChoice | None) -> Preview:
    try:
        return Preview(layout_of(opening, choice))
    except ValueError as error:
        shown = _guess(_shown(opening, choice))
        return Preview(shown, str(error))


def _shown(opening: Opening, choice: ColumnChoice | None) -> TableLayout:
    """Return the columns of a table, whose first row is doubtful perhaps."""
    try:
        return draft(opening, choice)
    except ValueError:
        return draft(opening, ColumnChoice(titles=False))


def _guess(layout: TableLayout) -> TableLayout:
    """Return a layout with roles to begin with, by the cells of columns alone."""
    numbers = tuple(c.place for c in layout.columns if c.kind in ("number", "list"))
    name = next((c.place for c in layout.columns if c.kind == "text"), None)
    used = {*numbers, name}
    left = {c.place: c.kind for c in layout.columns if c.place not in used}
    return replace(layout, roles=Roles(numbers, name, None, left))


def choice_text(layout: TableLayout, roles: Roles, titled: bool) -> str:
    """Return a choice of columns as the setting keeps it."""
    titles = layout.titles if titled else ()

    def one(place: int | None) -> str:
        return "" if place is None else short((place,), titles)[0]

    coordinates = short(roles.coordinates, titles)
    return ColumnChoice(one(roles.name), one(roles.group), coordinates, titled).text()
