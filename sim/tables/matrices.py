"""Matrices, stacks of them, and columns of numbers from files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.tables.arrays import finite, headers
from sim.tables.blocks import blocks_of
from sim.tables.layout import layout_of
from sim.tables.opening import opened
from sim.tables.roles import matrix_roles
from sim.tables.source import TEXT_TYPES, located, readable, table_type
from sim.tables.tokens import TableRows

if TYPE_CHECKING:
    from sim.array_types import Floats


def read_matrices(path: str, array: str = "") -> Floats:
    """Read one matrix or a stack of them: (e, d) or (h, e, d).

    Of a text table the columns of numbers are read, without an index.

    Raises
    ------
    ValueError
        If the file is missing, or has numbers that are not finite; says what to do.
    """
    with readable(path):
        place = located(path)
        if table_type(place) in TEXT_TYPES:
            found = layout_of(opened(place), tokens=False, decide=matrix_roles)
            rows = TableRows(place.name)
            for block in blocks_of(place, found):
                rows.add(block.x)
            return np.ascontiguousarray(rows.done())
        have = headers(place)
        by_name = {h.name: h for h in have}
        if array and array not in by_name:
            raise ValueError(
                f"{place.name}: no array {array!r}; there are {', '.join(by_name)}."
            )
        if not have:
            raise ValueError(f"{place.name}: is empty. Choose a file with an array.")
        return finite(place, by_name[array] if array else have[0])
