"""The eight positions around a bead for its label."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtCore import QRectF

    from sim.array_types import Bools, Floats


SLANT = 0.72  # of the gap, across and up, at a corner: a little over cos 45°
RAISED = 0.8  # of a word's height that is beyond the corner


def around(at: Floats, gap: float, w: Floats, h: Floats) -> Floats:
    """Return left, top, right, bottom of boxes around beads, the best first.

    Beside it, at the corners, above and below, `gap` pixels away from the middle.
    Shapes (m, 2), (m,), (m,) -> (4, m, 8).
    """
    r = np.full(len(at), gap)
    s = SLANT * r
    x = [r, -r - w, s, s, -s - w, -s - w, -w / 2, -w / 2]
    up, down = -s - RAISED * h, s - (1 - RAISED) * h
    y = [-h / 2, -h / 2, up, down, up, down, -r - h, r]
    left, top = at[:, :1] + np.stack(x, -1), at[:, 1:] + np.stack(y, -1)
    return np.stack([left, top, left + w[:, None], top + h[:, None]])


def inside(boxes: Floats, bounds: QRectF) -> Bools:
    """Return which boxes are within the bounds: (4, ...) -> (...)."""
    left, top, right, bottom = boxes
    across = (left >= bounds.left()) & (right <= bounds.right())
    return across & (top >= bounds.top()) & (bottom <= bounds.bottom())


def clear(boxes: Floats, box: Iterable[float]) -> Bools:
    """Return which boxes share no room with `box`: (4, ...), (4,) -> (...)."""
    left, top, right, bottom = box
    return (
        (boxes[0] >= right)
        | (boxes[2] <= left)
        | (boxes[1] >= bottom)
        | (boxes[3] <= top)
    )
