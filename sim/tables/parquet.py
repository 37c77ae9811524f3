"""Parquet tables, where pyarrow is installed."""

from __future__ import annotations

import importlib
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.tables.columns import Column, Roles
from sim.tables.dialect import Dialect
from sim.tables.layout import TableLayout, chosen
from sim.tables.report import LeftOut, Report, column_said
from sim.tables.roles import roles_of
from sim.tables.tokens import MAX_NUMBERS, MAX_ROWS, TokenTable, check

if TYPE_CHECKING:
    from pathlib import Path

    from sim.array_types import Floats
    from sim.tables.choice import ColumnChoice

NUMBERS = (int, float, Decimal)
MAX_EXACT = 2**53 - 1  # of whole numbers in float64
SAMPLE = 300  # rows that decide what columns are


def parquet_layout(place: Path, choice: ColumnChoice | None = None) -> TableLayout:
    """Return how a Parquet table is read.

    Raises
    ------
    ValueError
        If pyarrow is missing, or it is doubtful what a column is.
    """
    with _file(place) as file:
        titles = tuple(str(name) for name in file.schema_arrow.names)
        rows = next(file.iter_batches(SAMPLE), None)
    twice = next((title for title in titles if titles.count(title) > 1), None)
    if twice is not None:
        raise ValueError(
            f"{place.name}: two columns are called {twice!r}. Give every column a "
            "title of its own."
        )
    if rows is None or not rows.num_rows:
        raise ValueError(f"{place.name}: has no tokens. Give one per row.")
    columns = [_column(k, title, rows.column(k)) for k, title in enumerate(titles)]
    shown = TableLayout(
        place.name, Dialect(","), len(titles), titles, 1, columns, Roles(())
    )
    if choice is not None:
        return replace(shown, roles=chosen(shown, choice))
    roles = roles_of(place.name, columns, shown.dialect)
    if roles.frame is not None:
        raise ValueError(
            f"{place.name}: is a recorded trajectory, of which only CSV is read. Save "
            "the rows of one time, without the column 't'."
        )
    return replace(shown, roles=roles)


def read_parquet(place: Path, layout: TableLayout, limit: int = 0) -> TokenTable:
    """Read the tokens of a Parquet table.

    Raises
    ------
    ValueError
        If a coordinate is missing or not finite; names row and column.
    """
    roles, end = layout.roles, limit or None
    used = [k for k in (*roles.coordinates, roles.name, roles.group) if k is not None]
    with _file(place) as file:
        n = file.metadata.num_rows
        if n > MAX_ROWS or n * len(roles.coordinates) > MAX_NUMBERS:
            raise ValueError(
                f"{place.name}: has {n:,} rows; at most {MAX_ROWS:,} rows and "
                f"{MAX_NUMBERS:,} numbers are read. Save fewer."
            )
        table = file.read([layout.titles[k] for k in used]).slice(0, end)
    cells = {k: table.column(layout.titles[k]) for k in used}
    x = _numbers(layout, cells)
    check(place.name, x.shape)
    x.setflags(write=False)
    names, groups = (
        () if k is None else tuple(_text(layout, k, v) for v in cells[k].to_pylist())
        for k in (roles.name, roles.group)
    )
    left = [LeftOut(column_said(layout, k)) for k in roles.left_out]
    for column, (place_, kind) in zip(left, roles.left_out.items(), strict=True):
        column.see(list(layout.columns[place_].cells), kind)
    report = Report(
        place.name,
        len(x),
        x.shape[1],
        layout.called(roles.name) if roles.name is not None else "",
        layout.called(roles.group) if roles.group is not None else "",
        tuple(column.said() for column in left),
    )
    return TokenTable(x, names, groups, report)


def _text(layout: TableLayout, place: int, value: object) -> str:
    """Return a cell as text; bytes are UTF-8."""
    try:
        return value.decode() if isinstance(value, bytes) else _plain(value)
    except UnicodeDecodeError:
        raise ValueError(
            f"{layout.name}: {layout.called(place)} has bytes that are not UTF-8 text. "
            "Save it as text."
        ) from None


def _plain(value: object) -> str:
    if isinstance(value, bytes):
        return value.decode(errors="replace")
    return "" if value is None else str(value)


def _file(place: Path) -> Any:
    """Return a Parquet file, opened.

    Raises
    ------
    ValueError
        If pyarrow is missing, or it is none.
    """
    try:
        parquet: Any = importlib.import_module("pyarrow.parquet")
    except ImportError:
        raise ValueError(
            f"{place.name}: Parquet is read by pyarrow. Install it with pip install "
            "pyarrow, or save the table as CSV."
        ) from None
    try:
        return parquet.ParquetFile(place)
    except (ValueError, OSError) as error:  # what pyarrow raises is one of them
        why = str(error).splitlines()[0][:120]
        raise ValueError(f"{place.name}: is not Parquet ({why}).") from None


def _column(place: int, title: str, values: Any) -> Column:
    found = values.to_pylist()
    filled = [v for v in found if v is not None]
    numbers = [isinstance(v, NUMBERS) and not isinstance(v, bool) for v in filled]
    if not filled:
        kind = "empty"
    elif all(numbers):
        kind = "number"
    else:
        kind = "list" if all(isinstance(v, list) for v in filled) else "text"
    return Column(place, title, kind, tuple(map(_plain, found)))


def _numbers(layout: TableLayout, cells: dict[int, Any]) -> Floats:
    """Return the coordinates: (n, d)."""
    at = layout.roles.coordinates
    if layout.roles.listed:
        rows = cells[at[0]].to_pylist()
        width = len(rows[0] or ()) if rows else 0
        for k, row in enumerate(rows):
            entries = row or []
            numbers = all(isinstance(v, int | float) for v in entries)
            if not numbers or len(entries) != width or not width:
                raise ValueError(
                    f"{layout.name}: row {k + 1}, {layout.called(at[0])}: a list of "
                    f"{width} numbers is needed. Fix or remove it."
                )
        x = np.array(rows, dtype=np.float64).reshape(len(rows), width)
    else:
        x = np.column_stack([_floats(layout, k, cells[k]) for k in at])
    bad = np.argwhere(~np.isfinite(x))
    if len(bad):
        i, j = bad[0]
        column = layout.called(at[0] if layout.roles.listed else at[j])
        raise ValueError(
            f"{layout.name}: row {i + 1}, {column}: a finite number is needed, got "
            f"{x[i, j]}. Fix or remove it."
        )
    return np.ascontiguousarray(x)


def _floats(layout: TableLayout, place: int, values: Any) -> Floats:
    try:
        found = values.to_numpy()
        x = found.astype(np.float64)
    except (ValueError, TypeError):
        raise ValueError(
            f"{layout.name}: {layout.called(place)} has cells that are no numbers. Fix "
            "them, or leave out the column."
        ) from None
    if found.dtype.kind in "iu" and np.any(np.abs(x) > MAX_EXACT):
        raise ValueError(
            f"{layout.name}: {layout.called(place)} has whole numbers beyond 2⁵³, "
            "which are not exact as float64. Save it as float64."
        )
    return x
