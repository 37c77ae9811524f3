"""The data of a figure as a table, for a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
import math
from itertools import zip_longest
from typing import TYPE_CHECKING

import numpy as np

from sim.tables.embedded_run import MARK

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from app.figures.figure import Figure
    from app.figures.parts import Column


def tab_separated(figure: Figure) -> str:
    """Return every point of `figure`, one column a series, below headings with units.

    Numbers are written so that they read back the same to the last bit; a break of a
    curve is an empty cell.  Panels stand side by side; a column of x that is the same
    as that of the panel before is not repeated.
    """
    return "\n".join([*("\t".join(row) for row in _rows(figure)), ""])


def comma_separated(figure: Figure, inside: str = "") -> str:
    """Return the same as CSV, below the run that it is of, as other tables have it."""
    out = io.StringIO()
    if inside:
        out.write(f"{MARK} {json.dumps(json.loads(inside))}\n")
    csv.writer(out, lineterminator="\n").writerows(_rows(figure))
    return out.getvalue()


def _rows(figure: Figure) -> Iterator[Iterable[str]]:
    columns = _without_repeats([c for panel in figure.panels for c in panel.data])
    yield [_clean(c.heading) for c in columns]
    yield from zip_longest(*(map(_text, c.values) for c in columns), fillvalue="")


def _without_repeats(columns: list[Column]) -> list[Column]:
    out: list[Column] = []
    last: dict[str, Column] = {}
    for column in columns:
        before = last.get(column.heading)
        if before is None or not _same(before, column):
            out.append(column)
            last[column.heading] = column
    return out


def _same(a: Column, b: Column) -> bool:
    if len(a.values) != len(b.values):
        return False
    if len(a.values) and isinstance(a.values[0], str):
        return list(a.values) == list(b.values)
    return bool(np.array_equal(np.asarray(a.values), np.asarray(b.values), True))


def _text(value: object) -> str:
    if isinstance(value, str):
        return _clean(value)
    if isinstance(value, int | np.integer):
        return str(int(value))
    number = float(value)  # type: ignore[arg-type]
    return "" if math.isnan(number) else repr(number)


def _clean(text: str) -> str:
    return " ".join(text.split())
