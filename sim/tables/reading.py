"""Reading tables of tokens by one function: text, arrays and Parquet."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sim.tables.array_tokens import read_arrays
from sim.tables.choice import parsed
from sim.tables.layout import layout_of
from sim.tables.metadata import read_metadata
from sim.tables.opening import opened
from sim.tables.parquet import parquet_layout, read_parquet
from sim.tables.source import (
    ARRAY_TYPES,
    PARQUET,
    TEXT_TYPES,
    located,
    readable,
    table_type,
    types,
)
from sim.tables.tokens import TokenTable, read_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sim.tables.layout import TableLayout

KEPT_BYTES = 1 << 28  # of the tables that are kept; the newest always is
MAX_KEPT = 4


@dataclass(frozen=True, slots=True)
class Source:
    """What a table is read from.

    Attributes
    ----------
    path : str
        The file, or ``asset:NAME``.
    limit : int
        Number of rows to take from the top; 0 takes all.
    columns : str
        Which columns are used, as `sim.tables.choice` writes it; empty decides by the
        table.
    metadata : str
        A file with the names of the rows; empty for none.
    array : str
        Name of the array in an .npz; empty decides by the arrays.
    """

    path: str
    limit: int = 0
    columns: str = ""
    metadata: str = ""
    array: str = ""


class _Kept:
    """The tables read last, by what they were read from and when it changed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._tables: OrderedDict[object, TokenTable] = OrderedDict()

    def get(self, key: object) -> TokenTable | None:
        """Return a table, if it is kept."""
        with self._lock:
            if key in self._tables:
                self._tables.move_to_end(key)
            return self._tables.get(key)

    def put(self, key: object, table: TokenTable) -> None:
        """Keep a table; forget the oldest where they are too many."""
        with self._lock:
            self._tables[key] = table
            while len(self._tables) > 1 and (
                len(self._tables) > MAX_KEPT
                or sum(t.x.nbytes for t in self._tables.values()) > KEPT_BYTES
            ):
                self._tables.popitem(last=False)


_KEPT = _Kept()


def read_tokens(
    path: str,
    limit: int = 0,
    columns: str = "",
    metadata: str = "",
    array: str = "",
    progress: Callable[[float], None] | None = None,
) -> TokenTable:
    """Read a table of tokens; see `Source`, and assets/help/files.md for the rules.

    Parameters
    ----------
    progress : callable, optional
        Called with the share that has been read; an exception that it raises cancels.

    Raises
    ------
    ValueError
        If a file is missing, is not such a table, or it is doubtful what a column is;
        says where, and what to do.
    """
    source = Source(path, limit, columns, metadata, array)
    with readable(path):
        place = located(path)
        key = (replace(source, path=str(place)), _stamp(place))
        if metadata:
            key = (*key, _stamp(located(metadata)))
        table = _KEPT.get(key)
        if table is None:
            table = _read(place, source, progress)
            _KEPT.put(key, table)
    return table


def layout(path: str, columns: str = "") -> TableLayout:
    """Return how a text or Parquet table is read, by its first rows alone.

    Raises
    ------
    ValueError
        As `read_tokens`.
    """
    with readable(path):
        place = located(path)
        choice = parsed(columns)
        if table_type(place) == PARQUET:
            return parquet_layout(place, choice)
        return layout_of(opened(place), choice)


def _stamp(place: Path) -> tuple[int, int]:
    stamp = place.stat()
    return stamp.st_mtime_ns, stamp.st_size


def _read(
    place: Path, source: Source, progress: Callable[[float], None] | None
) -> TokenTable:
    kind = table_type(place)
    choice = parsed(source.columns)
    if kind in ARRAY_TYPES:
        if choice is not None:
            raise ValueError(f"{place.name}: arrays have no columns to choose.")
        table = read_arrays(place, source.limit, source.array)
    elif kind == PARQUET:
        table = read_parquet(place, parquet_layout(place, choice), source.limit)
    elif kind in TEXT_TYPES:
        found = layout_of(opened(place), choice)
        table = read_text(place, found, source.limit, progress)
    else:
        raise ValueError(
            f"{place.name}: cannot be read; give a file of type {types()}."
        )
    if source.metadata:
        return read_metadata(located(source.metadata), table, source.limit)
    return table
