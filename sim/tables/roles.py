"""Which columns are coordinates, names and groups; where that is doubtful, an error."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from sim.tables.cells import CODE, measures, quoted_short
from sim.tables.columns import COORDINATE, Column, Roles
from sim.tables.dialect import BLANK, Dialect, other_decimals
from sim.tables.titles import GROUPS, IDS, NAMES, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

TIME, TOKEN = "t", "token"  # titles of recorded trajectories only
AXES = ("variable", "dim", "dimension", "axis", "component", "coordinate", "feature")
"""Titles that say of which axis a number is."""
SERIES = frozenset(("clusters", "f_hat", "energy", "order", "e_beta", "max_speed"))
"""Titles in tables of observables over time."""
MIN_FAMILY = 3  # columns whose titles count
MIN_WHOLE = 3  # rows that count up in a table of whole numbers


def roles_of(name: str, columns: Sequence[Column], dialect: Dialect) -> Roles:
    """Return what the columns are, by their titles and cells.

    Raises
    ------
    ValueError
        If that is doubtful, or none holds coordinates; names the column.
    """
    by_title = {plain(c.title): c for c in reversed(columns) if plain(c.title)}
    _check_series(name, by_title)
    frame = by_title[TIME].place if {TIME, TOKEN} <= by_title.keys() else None
    numbered = [c for c in columns if COORDINATE.fullmatch(plain(c.title))]
    _check_long(name, by_title)
    if numbered:
        numbered.sort(key=_axis)
        check_axes(name, columns, numbered)
        names = _names(columns, by_title, set(numbered), trajectory=frame is not None)
        return _roles(columns, numbered, names, _groups(by_title, names), frame)
    lists = [c for c in columns if c.kind == "list"]
    names = _names(columns, by_title, set(lists[:1]))
    group = _groups(by_title, names)
    if len(lists) == 1:
        return _roles(columns, lists, names, group, listed=True)
    taken = {names, group}
    coordinates = [
        c for c in columns if c.kind == "number" and c not in taken and not _is_index(c)
    ]
    if not coordinates:
        raise ValueError(_no_numbers(name, columns, dialect))
    _check_text(name, names, dialect)
    _check_unused(name, [c for c in columns if c not in taken], dialect)
    _check_blanks(name, columns, dialect)
    _check_codes(name, coordinates)
    _check_untitled(name, columns, coordinates)
    _check_family(name, coordinates)
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
    words = [c for c in columns if c.kind == "text" and c not in taken]
    free = [c for c in words if plain(c.title) not in GROUPS and not _is_id(c)]
    return next(iter(free or [c for c in words if _is_id(c)]), None)


def _groups(by_title: dict[str, Column], names: Column | None) -> Column | None:
    """Return the column of groups: words or whole numbers under a known title."""
    for title in GROUPS:
        column = by_title.get(title)
        if column is None or column is names or column.kind == "list":
            continue
        if column.kind == "text" or column.counts:
            return column
    return None


def _is_id(column: Column) -> bool:
    return IDS.fullmatch(plain(column.title)) is not None


def _is_index(column: Column) -> bool:
    """Whether a column of numbers is left out for its title."""
    title = plain(column.title)
    return _is_id(column) or title in GROUPS or title in NAMES


def _check_series(name: str, by_title: dict[str, Column]) -> None:
    if TIME in by_title and TOKEN not in by_title and len(SERIES & by_title.keys()) > 1:
        raise ValueError(
            f"{name}: is a table of observables over time, not of tokens. Open the "
            "trajectory or the scenario of that run."
        )


def _check_long(name: str, by_title: dict[str, Column]) -> None:
    """Refuse a table with one number a row, whose axis another column names."""
    axis = next((title for title in AXES if title in by_title), "")
    if axis and "value" in by_title:
        raise ValueError(
            f"{name}: {by_title['value'].called} has one number a row, and "
            f"{by_title[axis].called} says of which axis. Write one token a row, with "
            "a column for every coordinate."
        )


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


def _check_text(name: str, names: Column | None, dialect: Dialect) -> None:
    """Refuse numbers written in another way that would become names."""
    if names is None or plain(names.title) in NAMES:
        return
    if cell := _mostly_numbers(names, dialect):
        why = _no_number(name, names, cell, dialect)
        raise ValueError(f"{why}, or give the column the title label.")


def _check_unused(name: str, columns: Sequence[Column], dialect: Dialect) -> None:
    """Refuse to leave out numbers that are written in another way."""
    for column in columns:
        if column.kind == "text" and not _is_index(column):
            if cell := _mostly_numbers(column, dialect):
                why = _no_number(name, column, cell, dialect)
                raise ValueError(f"{why}, or choose the columns.")


def _mostly_numbers(column: Column, dialect: Dialect) -> str:
    """Return a cell like a number, if most of a column are; else nothing."""
    likely = [cell for cell in column.cells if other_decimals([cell], dialect)]
    likely = likely or ([] if _is_id(column) else measures(column.cells))
    return likely[0] if 2 * len(likely) > len(column.cells) else ""


def _no_number(name: str, column: Column, cell: str, dialect: Dialect) -> str:
    return (
        f"{name}: {column.at(cell)} has {quoted_short(cell)}, which is no number "
        f"here: the table has {dialect.described()}. Write all numbers alike, without "
        "thousands separators, units or per cent signs"
    )


def _check_blanks(name: str, columns: Sequence[Column], dialect: Dialect) -> None:
    """Refuse two columns of words between blanks that may be names of two words."""
    first, second = columns[0], columns[-1] if len(columns) == 1 else columns[1]
    words = first.kind == second.kind == "text"
    if words and dialect.separator == BLANK and not first.title.strip():
        raise ValueError(
            f"{name}: columns 1 and 2 hold words, such as "
            f"{quoted_short(first.cells[0])} and {quoted_short(second.cells[0])}: "
            "names of two words, or names and groups? Separate cells by tabs, or give "
            "a title to every column."
        )


def _check_codes(name: str, coordinates: Sequence[Column]) -> None:
    """Refuse whole numbers with leading zeros, which are codes and no coordinates."""
    for column in coordinates:
        code = next((c for c in column.cells if CODE.fullmatch(c.strip())), None)
        if code is not None and column.counts:
            raise ValueError(
                f"{name}: {column.at(code)} has {quoted_short(code)}, which is a code, "
                "such as a postal code, or a number? Write numbers without leading "
                "zeros, call the column id, or choose the columns."
            )


def _check_untitled(
    name: str, columns: Sequence[Column], coordinates: list[Column]
) -> None:
    """Take an untitled first column of whole numbers as an index; refuse others."""
    first = columns[0]
    if first not in coordinates or first.title.strip() or len(coordinates) == 1:
        return
    titled = any(c.title.strip() for c in columns)
    if titled and first.counts:
        coordinates.remove(first)
        return
    rest = [c for c in coordinates if c is not first]
    if titled and not all(not c.title.strip() for c in rest):
        raise ValueError(
            f"{name}: column 1 has no title and holds numbers: an index, or a "
            "coordinate? Give it a title, such as id or x0, or choose the columns."
        )
    named = any(c.kind == "text" for c in columns)
    counted = MIN_WHOLE if all(c.counts for c in rest) and not named else 0
    if not titled and first.counts_rows and len(first.cells) >= counted:
        raise ValueError(
            f"{name}: column 1 counts the rows, {first.counts[0]} … "
            f"{first.counts[-1]} and on: an index, or a coordinate? Give the columns "
            "titles, such as id,x0,x1, or choose the columns."
        )


def _check_family(name: str, coordinates: Sequence[Column]) -> None:
    """Refuse numbers beside columns whose titles count, such as dim_0, dim_1."""
    stems: dict[str, list[Column]] = {}
    for column in coordinates:
        stem = re.fullmatch(r"(.*?)\d{1,6}", plain(column.title))
        stems.setdefault(stem[1] if stem else "\0", []).append(column)
    others = stems.pop("\0", [])
    family = max(stems.values(), key=len, default=[])
    if others and len(family) >= MIN_FAMILY and len(stems) == 1:
        raise ValueError(
            f"{name}: {others[0].called} stands beside {family[0].title.strip()!r} … "
            f"{family[-1].title.strip()!r}: is it a coordinate? Choose the columns, or "
            "give it a title that says what it is, such as id or group."
        )


def _no_numbers(name: str, columns: Sequence[Column], dialect: Dialect) -> str:
    for column in columns:
        if cell := other_decimals(column.cells, dialect):
            return f"{_no_number(name, column, cell, dialect)}."
    return (
        f"{name}: no column has numbers. Give one column per coordinate, with a "
        "separator between them: a comma, semicolon, tab, vertical bar or blank."
    )
