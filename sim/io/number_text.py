"""Rows of numbers as text: the shortest digits that read back exactly, as Python's.

orjson writes them some thirty times as fast as `repr`, with the same digits; only for
very small and very large numbers is its notation another one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import orjson

if TYPE_CHECKING:
    from numpy.typing import NDArray

SMALLEST, LARGEST = 1e-4, 1e16  # between them both write without an exponent


def number_rows(x: NDArray[np.floating]) -> list[str]:
    """Return each row of a matrix (n, d) as numbers with commas between them.

    The text is that of `repr` for every number, ``nan`` and ``inf`` included.
    """
    x = np.ascontiguousarray(x, dtype=np.float64)
    if not x.size:
        return [""] * len(x)
    text = orjson.dumps(x, option=orjson.OPT_SERIALIZE_NUMPY).decode()
    rows = text.removeprefix("[[").removesuffix("]]").split("],[")
    size = np.abs(x)
    plain = (size < LARGEST) & ((size >= SMALLEST) | (size == 0))
    for i in np.flatnonzero(~plain.all(axis=1)).tolist():
        cells = rows[i].split(",")
        for j in np.flatnonzero(~plain[i]).tolist():
            cells[j] = repr(float(x[i, j]))
        rows[i] = ",".join(cells)
    return rows
