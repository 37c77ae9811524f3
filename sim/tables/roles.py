"""Which columns are coordinates, names and groups; where that is doubtful, an error."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from sim.tables.cells import are_booleans
from sim.tables.columns import COORDINATE, Column, Roles
from sim.tables.role_checks import (
    TIME,
    TOKEN,
    check_coordinates,
    check_lists,
    check_what,
    no_numbers,
)
from sim.tables.titles import GROUPS, NAMES, is_id, is_known, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.tables.dialect import Dialect


def roles_of(name: str, columns: Sequence[Column], dialect: Dialect) -> Roles:
    """Return what the columns are, by their titles and cells.

    Raises
    ------
    ValueError
        If that is doubtful, or none holds coordinates; names the column.
    """
    by_title = {plain(c.title): c for c in reversed(columns) if plain(c.title)}
    check_what(name, columns, by_title)
    frame = by_title[TIME].place if {TIME, TOKEN} <= by_title.keys() else None
    numbered = [c for c in columns if COORDINATE.fullmatch(plain(c.title))]
    if numbered:
        numbered.sort(key=_axis)
        check_axes(name, columns, numbered)
        names = _names(columns, by_title, set(numbered), trajectory=frame is not None)
        return _roles(columns, numbered, names, _groups(by_title, names), frame)
    lists = [c for c in columns if c.kind == "list"]
    check_lists(name, columns, lists)
    names = _names(columns, by_title, set(lists))
    group = _groups(by_title, names)
    if lists:
        return _roles(columns, lists, names, group, listed=True)
    taken = {names, group}
    coordinates = [
        c
        for c in columns
        if c.kind == "number" and c not in taken and not is_known(c.title)
    ]
    if not coordinates:
        raise ValueError(no_numbers(name, columns, dialect))
    check_coordinates(name, columns, coordinates, names, group, dialect)
    return _roles(columns, coordinates, names, group)


def matrix_roles(name: str, columns: Sequence[Column], dialect: Dialect) -> Roles:
    """Return what the columns of a matrix or of edges are, as `roles_of`.

    Without titles every column of numbers is one of the matrix: an index has a title.
    """
    plain_numbers = all(c.kind == "number" and not c.title.strip() for c in columns)
    if plain_numbers:
        return _roles(columns, columns, None, None)
    return roles_of(name, columns, dialect)


def _roles(
    columns: Sequence[Column],
    coordinates: Sequence[Column],
    names: Column | None,
    group: Column | None,
    frame: int | None = None,
    listed: bool = False,
) -> Roles:
    used = {*coordinates, names, group}
    return Roles(
        tuple(c.place for c in coordinates),
        names.place if names else None,
        group.place if group else None,
        {c.place: c.kind for c in columns if c not in used},
        listed,
        frame,
    )


def _axis(column: Column) -> int:
    match = COORDINATE.fullmatch(plain(column.title))
    return int(match[1]) if match else 0


def _names(
    columns: Sequence[Column],
    by_title: dict[str, Column],
    taken: set[Column],
    trajectory: bool = False,
) -> Column | None:
    """Return the column of names: a known title, else the first one of words."""
    for title in NAMES:
        column = by_title.get(title)
        if column is None or column in taken or column.kind == "empty":
            continue
        if not (trajectory and title == TOKEN):  # there it is a number
            return column
    if trajectory:
        return None
    words = [c for c in columns if c.kind == "text" and c not in taken and _may_name(c)]
    free = [c for c in words if plain(c.title) not in GROUPS and not is_id(c.title)]
    return next(iter(free or [c for c in words if is_id(c.title)]), None)


def _may_name(column: Column) -> bool:
    """Whether a column of words has one for most rows, and more than yes and no."""
    filled = sum(1 for cell in column.cells if cell.strip())
    return 2 * filled > len(column.cells) and not are_booleans(column.cells)


def _groups(by_title: dict[str, Column], names: Column | None) -> Column | None:
    """Return the column of groups: words or whole numbers under a known title."""
    for title in GROUPS:
        column = by_title.get(title)
        if column is None or column is names or column.kind == "list":
            continue
        if column.kind == "text" or column.counts:
            return column
    return None


def check_axes(
    name: str, columns: Sequence[Column], numbered: Sequence[Column]
) -> None:
    """Refuse two columns for one axis, or numbers that lack their title beside them.

    Raises
    ------
    ValueError
        Names the column.
    """
    for first, second in pairwise(numbered):
        if _axis(first) == _axis(second):
            raise ValueError(
                f"{name}: columns {first.place + 1} and {second.place + 1} have the "
                f"same title {first.title.strip()!r}. Give every coordinate its own."
            )
    for column in columns:
        bare = column.kind == "number" and not column.title.strip()
        if bare and not column.counts:
            raise ValueError(
                f"{name}: {column.called} has no title and holds numbers: an index, "
                "or a coordinate? Give it a title, such as id or x0, or choose the "
                "columns."
            )
