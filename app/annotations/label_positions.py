"""The eight candidate positions of a label around its bead."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtCore import QRectF

    from sim.array_types import Bools, Floats


CORNER_SHARE = 0.72  # of the gap, in x and y, at a corner: a little over cos 45°
CORNER_OVERLAP = 0.8  # of a label's height that is beyond the corner


def candidate_boxes(at: Floats, gap: float, w: Floats, h: Floats) -> Floats:
    """Return left, top, right, bottom of boxes around beads, the best first.

    Left and right, at the corners, above and below, `gap` pixels from the centre.
    Shapes (m, 2), (m,), (m,) -> (4, m, 8).
    """
    r = np.full(len(at), gap)
    s = CORNER_SHARE * r
    x = [r, -r - w, s, s, -s - w, -s - w, -w / 2, -w / 2]
    up, down = -s - CORNER_OVERLAP * h, s - (1 - CORNER_OVERLAP) * h
    y = [-h / 2, -h / 2, up, down, up, down, -r - h, r]
    left, top = at[:, :1] + np.stack(x, -1), at[:, 1:] + np.stack(y, -1)
    return np.stack([left, top, left + w[:, None], top + h[:, None]])


def inside(boxes: Floats, bounds: QRectF) -> Bools:
    """Return which boxes are within the bounds: (4, ...) -> (...)."""
    left, top, right, bottom = boxes
    across = (left >= bounds.left()) & (right <= bounds.right())
    return across & (top >= bounds.top()) & (bottom <= bounds.bottom())


def clear(boxes: Floats, box: Iterable[float]) -> Bools:
    """Return which boxes do not overlap `box`: (4, ...), (4,) -> (...)."""
    left, top, right, bottom = box
    return (
        (boxes[0] >= right)
        | (boxes[2] <= left)
        | (boxes[1] >= bottom)
        | (boxes[3] <= top)
    )
