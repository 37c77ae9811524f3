"""Tables that are refused, since it is doubtful what their columns are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sim.tables.cells import CODE, is_list_like, measures, quoted_short
from sim.tables.dialect import BLANK, other_decimals
from sim.tables.titles import EDGE_ENDS, NAMES, is_id, is_known, plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sim.tables.columns import Column
    from sim.tables.dialect import Dialect

TIME, TOKEN = "t", "token"  # titles of recorded trajectories only
AXES = ("variable", "dim", "dimension", "axis", "component", "coordinate", "feature")
"""Titles that say of which axis a number is."""
SERIES = frozenset(("clusters", "f_hat", "energy", "order", "e_beta", "max_speed"))
"""Titles in tables of observables over time."""
MIN_FAMILY = 3  # columns whose titles count
MAPS = re.compile(
    r"(x_)?(umap|t[_-]?sne|pca?|dim|dims|emb|embedding|component|principal component"
    r"|latent|factor|mds|lda|svd|phate|isomap)[ _.\-]?"
)
"""Starts of titles of which two that count are a family."""
MIN_MAP = 2
MIN_WHOLE = 3  # rows that count up in a table of whole numbers
MIN_CLASSED = 6  # rows of a table without titles that may have classes
MAX_CLASS = 99


def check_what(
    name: str, columns: Sequence[Column], by_title: Mapping[str, Column]
) -> None:
    """Refuse a table whose rows are no tokens: series, edges, one number a row.

    Raises
    ------
    ValueError
        Says what it is.
    """
    _check_series(name, by_title)
    _check_edges(name, columns, by_title)
    _check_long(name, by_title)


def check_coordinates(
    name: str,
    columns: Sequence[Column],
    coordinates: list[Column],
    names: Column | None,
    group: Column | None,
    dialect: Dialect,
) -> None:
    """Refuse columns that may be something else; leave out untitled indices.

    Raises
    ------
    ValueError
        Names the column.
    """
    _check_text(name, names, dialect)
    _check_unused(name, [c for c in columns if c not in (names, group)], dialect)
    _check_blanks(name, columns, dialect)
    _check_codes(name, coordinates)
    _check_untitled(name, columns, coordinates)
    _check_family(name, coordinates)


def check_lists(name: str, columns: Sequence[Column], lists: Sequence[Column]) -> None:
    """Refuse lists of numbers that are written in another way, or two of them.

    Raises
    ------
    ValueError
        Names the column.
    """
    if len(lists) > 1:
        raise ValueError(
            f"{name}: {lists[0].called} and {lists[1].called} hold lists of numbers. "
            "Choose one of them as the coordinates."
        )
    for column in columns:
        like = [cell for cell in column.cells if is_list_like(cell)]
        if column.kind == "text" and 2 * len(like) > len(column.cells):
            raise ValueError(
                f"{name}: {column.at(like[0])} has {quoted_short(like[0])}: numbers "
                "in brackets are read as [0.1, 0.2] only. Write them so, or leave out "
                "the column."
            )


def _check_series(name: str, by_title: Mapping[str, Column]) -> None:
    if TIME in by_title and TOKEN not in by_title and len(SERIES & by_title.keys()) > 1:
        raise ValueError(
            f"{name}: is a table of observables over time, not of tokens. Open the "
            "trajectory or the scenario of that run."
        )


def _check_edges(
    name: str, columns: Sequence[Column], by_title: Mapping[str, Column]
) -> None:
    """Refuse a list of edges, whose first two titles that are no index are its ends."""
    titles = [plain(c.title) for c in columns if not is_id(c.title)]
    ends = tuple(titles[:2])
    if ends in EDGE_ENDS and all(
        by_title[end].kind == "text" or by_title[end].counts for end in ends
    ):
        raise ValueError(
            f"{name}: {by_title[ends[0]].called} and {by_title[ends[1]].called} are "
            "the ends of edges: it is a graph, and no table of tokens. Choose it as "
            "the file of a graph, or choose the columns."
        )


def _check_long(name: str, by_title: Mapping[str, Column]) -> None:
    """Refuse a table with one number a row, whose axis another column names."""
    axis = next((title for title in AXES if title in by_title), "")
    if axis and "value" in by_title:
        raise ValueError(
            f"{name}: {by_title['value'].called} has one number a row, and "
            f"{by_title[axis].called} says of which axis. Write one token a row, with "
            "a column for every coordinate."
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
        if column.kind == "text" and not is_known(column.title):
            if cell := _mostly_numbers(column, dialect):
                why = _no_number(name, column, cell, dialect)
                raise ValueError(f"{why}, or choose the columns.")


def _mostly_numbers(column: Column, dialect: Dialect) -> str:
    """Return a cell like a number, if most of a column are; else nothing."""
    likely = [cell for cell in column.cells if other_decimals([cell], dialect)]
    likely = likely or ([] if is_id(column.title) else measures(column.cells))
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
    """Leave out untitled whole numbers beside titles, as indices; refuse others."""
    if not any(c.title.strip() for c in columns):
        _check_numbered(name, columns, coordinates)
        return
    bare = [c for c in coordinates if not c.title.strip()]
    if len(bare) == len(coordinates):  # of a table whose titles say no more
        bare = bare[:1] if columns[0] in bare and len(bare) > 1 else []
    first = 0
    while first < len(columns) and columns[first] in bare and columns[first].counts:
        coordinates.remove(columns[first])
        bare.remove(columns[first])
        first += 1
    if bare:
        raise ValueError(
            f"{name}: {bare[0].called} has no title and holds numbers: an index, or a "
            "coordinate? Give it a title, such as id or x0, or choose the columns."
        )


def _check_numbered(
    name: str, columns: Sequence[Column], coordinates: Sequence[Column]
) -> None:
    """Refuse a first or last column that counts, in a table without titles."""
    named = any(c.kind == "text" for c in columns)
    for column in {
        columns[0].place: columns[0],
        columns[-1].place: columns[-1],
    }.values():
        if column not in coordinates or len(coordinates) == 1:
            continue
        rest = [c for c in coordinates if c is not column]
        alone = not any(c.counts for c in rest)
        counted = MIN_WHOLE if all(c.counts for c in rest) and not named else 0
        _check_class(name, column, alone)
        first = column is columns[0]
        rows = first and column.counts_rows and len(column.cells) >= counted
        if rows or (alone and column.counts_evenly):
            raise ValueError(
                f"{name}: {column.called} counts the rows, {column.counts[0]} … "
                f"{column.counts[-1]} and on: an index, or a coordinate? Give the "
                "columns titles, such as id,x0,x1, or choose the columns."
            )


def _check_class(name: str, column: Column, alone: bool) -> None:
    """Refuse few small whole numbers, each on many rows, where others have decimals."""
    found = set(column.counts)
    if not alone or not found or len(column.cells) < MIN_CLASSED:
        return
    if (
        0 <= min(found)
        and max(found) <= MAX_CLASS
        and 3 * len(found) <= len(column.counts)
    ):
        shown = ", ".join(map(str, sorted(found)[:3]))
        raise ValueError(
            f"{name}: {column.called} holds whole numbers alone, {shown}"
            f"{' …' if len(found) > 3 else ''}: a class, or a coordinate? Give the "  # noqa: PLR2004
            "columns titles, such as x0,x1,group, or choose the columns."
        )


def _check_family(name: str, coordinates: Sequence[Column]) -> None:
    """Refuse numbers beside columns whose titles count, such as dim_0, dim_1."""
    stems: dict[str, list[Column]] = {}
    for column in coordinates:
        stem = re.fullmatch(r"(.*?)\d{1,6}", plain(column.title))
        stems.setdefault(stem[1] if stem else "\0", []).append(column)
    others = stems.pop("\0", [])
    family = max(stems.values(), key=len, default=[])
    maps = all(MAPS.fullmatch(stem) and len(stems[stem]) >= MIN_MAP for stem in stems)
    one = len(family) >= MIN_FAMILY and len(stems) == 1
    if others and stems and (one or maps):
        raise ValueError(
            f"{name}: {others[0].called} stands beside {family[0].title.strip()!r} … "
            f"{family[-1].title.strip()!r}: is it a coordinate? Choose the columns, or "
            "give it a title that says what it is, such as id or group."
        )


def no_numbers(name: str, columns: Sequence[Column], dialect: Dialect) -> str:
    """Return why no column can be a coordinate."""
    for column in columns:
        if cell := other_decimals(column.cells, dialect):
            return f"{_no_number(name, column, cell, dialect)}."
    if len(columns) == 1 and any(set(",;\t") & set(c) for c in columns[0].cells):
        return (
            f"{name}: {columns[0].at(columns[0].cells[0])}: each line is a single "
            f"cell, such as {quoted_short(columns[0].cells[0])}. If quotation marks "
            "enclose whole lines, save it again without them; if a line sep= names "
            "another separator, fix it."
        )
    return (
        f"{name}: no column has numbers. Give one column per coordinate, with a "
        "separator between them: a comma, semicolon, tab, vertical bar or blank."
    )
