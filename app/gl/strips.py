"""Triangle strips of lines: points given twice, joined by degenerate triangles."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from sim.array_types import Single


def strip(points: int) -> tuple[npt.NDArray[np.intp], Single]:
    """Return the point of each vertex of a line, and its side of the line.

    Parameters
    ----------
    points : int
        Points of the line, k.

    Returns
    -------
    point : int, shape (2 k + 2,)
        From 0 to k - 1; the first and the last once more, which ends the strip.
    side : float32, shape (2 k + 2,)
        -1 or 1.
    """
    point = np.repeat(np.arange(points), 2)
    side = np.tile(np.array([-1, 1], np.float32), points)
    ends = np.array([0]), np.array([points - 1])
    sides = np.array([-1], np.float32), np.array([1], np.float32)
    return (
        np.concatenate([ends[0], point, ends[1]]),
        np.concatenate([sides[0], side, sides[1]]),
    )
