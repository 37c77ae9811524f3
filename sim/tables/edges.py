"""Edge lists from text tables: ends, and perhaps weights, by title or by place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.tables.attribute_edges import read_with_attributes
from sim.tables.cells import is_number, quoted_short, value
from sim.tables.dialect import CellsError, Dialect, rows
from sim.tables.doubts import check_thousands
from sim.tables.edge_columns import EdgeColumns, edge_columns
from sim.tables.edge_table import EdgeTable, Ends
from sim.tables.layout import fitted
from sim.tables.opening import content, opened
from sim.tables.source import has_more_lines
from sim.tables.titles import unquoted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

COMMENTS = "#%"
MIN_COUNTED = 2  # edges below a line that may count them
MAX_LINES = 8_000_000  # twice the edges that can be stepped: both directions of each
MAX_COMMENTS = 100_000  # lines besides


def read_edges(place: Path) -> EdgeTable:
    """Read an edge list.

    Raises
    ------
    ValueError
        If it is none, or a line is no edge; says where, and what to do.
    """
    if has_more_lines(place, MAX_LINES + MAX_COMMENTS):  # to read them takes a minute
        raise _too_many(place.name)
    if (found := read_with_attributes(place)) is not None:
        return found
    opening = opened(place, COMMENTS)
    columns = edge_columns(opening)
    if columns.weight is not None and opening.dialect.decimal == ",":
        same = [row for row in opening.rows if len(row) == opening.width]
        check_thousands(place.name, [row[columns.weight] for row in same])
    ends = Ends(place.name, columns.titled)
    weights: list[float] = []
    used = (columns.source, columns.target, columns.weight)
    for line, row in _rows(place, columns.first, opening.dialect, opening.width):
        source, target, weight = ("" if k is None else unquoted(row[k]) for k in used)
        ends.add(line, source.strip(), target.strip())
        if columns.weight is not None:
            weights.append(_weight(place.name, line, columns, weight, opening.dialect))
        if ends.count > MAX_LINES:
            raise _too_many(place.name)
    found = ends.table(weights or None, columns.said)
    if not columns.titled:
        _check_counts(place.name, columns.first, found)
    return found


def _too_many(name: str) -> ValueError:
    return ValueError(
        f"{name}: has more than {MAX_LINES:,} lines; so many edges cannot be stepped. "
        "Use a smaller graph."
    )


def _check_counts(name: str, line: int, found: EdgeTable) -> None:
    """Refuse a first line that counts nodes and edges, as formats of matrices have."""
    (a, b), rest = found.pairs[0].tolist(), found.pairs[1:]
    if len(rest) < MIN_COUNTED or a < rest.max():
        return
    loop = found.weight is not None and a == b
    counted = found.weight[0] if loop and found.weight is not None else b
    lone = (loop or found.weight is None) and b not in rest[0]
    if lone and counted == len(rest):
        raise ValueError(
            f"{name}: line {line}: may be an edge, or count the {len(rest):,} edges "
            "below. Remove it if it counts, or put a first line of titles, "
            "source,target."
        )


def _rows(
    place: Path, first: int, dialect: Dialect, width: int
) -> Iterator[tuple[int, list[str]]]:
    """Yield the number of its line and the cells of every row."""
    for block in content(place, first):
        try:
            for index, row in rows(block.texts, dialect.separator):
                line = block.first + index
                yield line, fitted(place.name, line, row, width, dialect)
        except CellsError as error:
            line = block.first + error.index
            raise ValueError(f"{place.name}: line {line} {error}.") from None


def _weight(
    name: str, line: int, columns: EdgeColumns, cell: str, dialect: Dialect
) -> float:
    if not is_number(cell, dialect.decimal):
        raise ValueError(
            f"{name}: line {line}, {columns.weight_said}: expected a weight, got "
            f"{quoted_short(cell)}. Fix it, or leave the column out."
        )
    return value(cell, dialect.decimal)
