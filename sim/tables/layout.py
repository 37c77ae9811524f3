"""How a text table is read: decided by its first rows, or chosen by a person."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sim.tables.cells import quoted_short
from sim.tables.choice import ColumnChoice, places_of
from sim.tables.columns import Column, Roles, columns_of
from sim.tables.counts import counted_roles
from sim.tables.doubts import check_decimals
from sim.tables.preamble import check_above, joined
from sim.tables.roles import roles_of
from sim.tables.titles import titles_in_comment, titles_of, unquoted

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sim.tables.dialect import Dialect
    from sim.tables.opening import Opening


@dataclass(frozen=True, slots=True)
class TableLayout:
    """How a text table is read.

    Attributes
    ----------
    name : str
        The file's name, for messages.
    dialect : Dialect
        How cells are separated.
    width : int
        Cells of a row.
    titles : tuple of str
        Titles of the columns; empty without.
    first : int
        The number of the line on which the first row is looked for.
    columns : list of Column
        The columns of the first rows.
    roles : Roles
        What they are.
    wrapped : frozenset of int
        Columns whose cells all stand in quotation marks that mean nothing.
    counts : (int, int), optional
        Rows and numbers a row, as the file says.
    """

    name: str
    dialect: Dialect
    width: int
    titles: tuple[str, ...]
    first: int
    columns: list[Column]
    roles: Roles
    wrapped: frozenset[int] = frozenset()
    counts: tuple[int, int] | None = None

    def called(self, place: int) -> str:
        """Return a column in words."""
        return self.columns[place].called


def layout_of(
    opening: Opening,
    choice: ColumnChoice | None = None,
    *,
    tokens: bool = True,
    decide: Callable[[str, Sequence[Column], Dialect], Roles] = roles_of,
) -> TableLayout:
    """Return how a table is read.

    Parameters
    ----------
    opening : Opening
        Its first rows.
    choice : Choice, optional
        The columns that a person wants.
    tokens : bool
        Whether rows are tokens; see `titles_of`.
    decide : callable
        Returns what the columns are.

    Raises
    ------
    ValueError
        If that is doubtful; says where, and what to do.
    """
    shown = draft(opening, choice, tokens=tokens)
    check_decimals(opening, shown.columns)
    if choice is not None:
        return replace(shown, roles=chosen(shown, choice))
    if shown.counts is not None:
        said = f"{shown.name}: line {opening.first - 1}"
        roles = counted_roles(said, shown.columns, shown.counts)
        return replace(shown, roles=roles)
    return replace(shown, roles=decide(shown.name, shown.columns, shown.dialect))


def draft(
    opening: Opening, choice: ColumnChoice | None = None, *, tokens: bool = True
) -> TableLayout:
    """Return the columns of a table, before it is decided what they are."""
    wanted = None if choice is None else choice.titles
    check_above(opening, 2)
    if wanted is None:
        titles = titles_of(opening, tokens)
    else:
        titles = tuple(opening.rows[0]) if wanted else None
    used = 1 if titles is not None else 0
    check_above(opening, 1 + used)
    rows, lines = opening.rows[used:], opening.lines[used:]
    if not rows:
        raise ValueError(
            f"{opening.name}: has titles, but no rows. Give one per token."
        )
    if titles is not None and len(titles) != opening.width:
        raise ValueError(
            f"{opening.name}: line {opening.lines[0]} has {len(titles)} cells, the "
            f"lines below it {opening.width}. Give a title for every column, or "
            "begin the line with # if it holds none."
        )
    rows = [
        fitted(opening.name, line, row, opening.width, opening.dialect)
        for line, row in zip(lines, rows, strict=True)
    ]
    wrapped = _wrapped(rows, opening.width, opening.dialect)
    cells = [
        [unquoted(c) if k in wrapped else c for k, c in enumerate(r)] for r in rows
    ]
    if titles is None and wanted is None:
        titles = titles_in_comment(opening, cells)
    given = tuple(unquoted(title).strip() for title in titles or ())
    return TableLayout(
        opening.name,
        opening.dialect,
        opening.width,
        given,
        lines[0],
        columns_of(cells, given, opening.width, opening.dialect, lines),
        Roles(()),
        wrapped,
        opening.counts,
    )


def fitted(
    name: str, line: int, row: list[str], width: int, dialect: Dialect
) -> list[str]:
    """Return a row of `width` cells; a name may have blanks where blanks separate.

    Raises
    ------
    ValueError
        If it has another number of cells.
    """
    if (found := joined(row, width, dialect)) is not None:
        return found
    cells = "cell" if len(row) == 1 else "cells"
    raise ValueError(
        f"{name}: line {line} has {len(row)} {cells}, the other lines {width}: "
        f"{quoted_short(dialect.separator.join(row))}. Give all rows the same length."
    )


def _wrapped(rows: list[list[str]], width: int, dialect: Dialect) -> frozenset[int]:
    """Return the columns whose cells all stand in quotation marks without meaning."""
    if dialect.quotes:
        return frozenset()
    return frozenset(
        place
        for place in range(width)
        if all(unquoted(row[place]) is not row[place] for row in rows)
    )


def chosen(layout: TableLayout, choice: ColumnChoice) -> Roles:
    """Return what the columns are by a person's choice.

    Raises
    ------
    ValueError
        If the table has no such columns.
    """

    def places(*columns: str) -> list[int]:
        given = [c for c in columns if c]
        return places_of(layout.name, given, layout.titles, layout.width)

    coordinates = places(*choice.coordinates)
    name, group = places(choice.name), places(choice.group)
    used = {*coordinates, *name, *group}
    if len(used) < len(coordinates) + len(name) + len(group):
        raise ValueError(f"{layout.name}: a column is chosen twice in {choice.text()}.")
    kinds = {c.place: c.kind for c in layout.columns}
    listed = len(coordinates) == 1 and kinds[coordinates[0]] == "list"
    return Roles(
        tuple(coordinates),
        name[0] if name else None,
        group[0] if group else None,
        {place: kind for place, kind in kinds.items() if place not in used},
        listed,
    )
