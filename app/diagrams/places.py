"""Where numbers are along the axes of a diagram, and curves inside its cells."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainterPath

if TYPE_CHECKING:
    from PySide6.QtCore import QRectF

    from sim.array_types import Floats
    from sim.sweeps.diagram import Axis

    Point = tuple[float, float]


def shares(axis: Axis, numbers: list[float]) -> Floats:
    """Return where numbers are along an axis, 0 to 1; beyond its ends on a line.

    Between the middles of two cells an axis is linear.
    """
    known, n = np.array(axis.values), len(axis.values)
    found = np.interp(numbers, known, np.arange(n))
    given = np.array(numbers)
    for end, inner in ((0, 1), (-1, -2)):
        beyond = given < known[0] if end == 0 else given > known[-1]
        step = (known[end] - known[inner]) * (1 if end else -1)
        first = 0 if end == 0 else n - 1
        found = np.where(beyond, first + (given - known[end]) / step, found)
    return (found + 0.5) / n


def curve_inside(across: Floats, up: Floats, cells: QRectF) -> QPainterPath:
    """Return the part of a curve of shares that is inside `cells`.

    It is cut here: the files of figures keep no region to which a painter was limited.
    """
    path, end = QPainterPath(), None
    points = [*zip(across.tolist(), up.tolist(), strict=True)]
    for a, b in pairwise(points):
        if not np.isfinite([*a, *b]).all() or (part := _inside(a, b)) is None:
            continue
        first, last = (
            cells.topLeft() + QPointF(x * cells.width(), (1 - y) * cells.height())
            for x, y in part
        )
        if part[0] != end:
            path.moveTo(first)
        path.lineTo(last)
        end = part[1]
    return path


def _inside(a: Point, b: Point) -> tuple[Point, Point] | None:
    """Return the part of a segment where both shares are in [0, 1]; None if none."""
    first, last = 0.0, 1.0
    for start, end in zip(a, b, strict=True):
        if start == end:
            if not 0 <= start <= 1:
                return None
            continue
        low, high = sorted(((0 - start) / (end - start), (1 - start) / (end - start)))
        first, last = max(first, low), min(last, high)
    if first >= last:
        return None

    def at(u: float) -> Point:
        if u in (0.0, 1.0):
            return b if u else a
        return a[0] + u * (b[0] - a[0]), a[1] + u * (b[1] - a[1])

    return at(first), at(last)
