"""Which pieces of trails are drawn: longer ones where a trail is nearly straight."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from sim.array_types import Bools, Single

    Pieces = npt.NDArray[np.uint8]

MAX_BEND_PX = 0.25  # pixels between a trail and a piece that joins others
JOINED = (2, 4, 8)  # pieces that one may join


def joined_pieces(points: Single, visible: Bools, pixels: float, place: int) -> Pieces:
    """Return how many pieces the one that begins at each point joins: (m - 1, n).

    That is 0 where none begins.  To draw a piece costs the same whatever its length.

    Parameters
    ----------
    points : float32, shape (m, n, 3)
        Points of n trails.
    visible : bool, shape (m - 1, n)
        Which pieces between two points are seen.
    pixels : float
        Pixels of one length.
    place : int
        Number of the first point on the clock of the run.  Pieces are joined at even
        numbers, so that the same ones are while trails grow.
    """
    sizes = visible.astype(np.uint8)
    most = (2 * MAX_BEND_PX / max(pixels, 1e-9)) ** 2
    straight = np.ones_like(visible)
    start = 0
    for size in JOINED:
        begin = -place % size
        count = (len(visible) - begin) // size
        if count < 1:
            break
        ends = points[begin : begin + size * count + 1 : size]
        bend = ends[:-1] - 2 * points[begin + size // 2 :: size][:count] + ends[1:]
        whole = np.einsum("ijk,ijk->ij", bend, bend) <= most
        halves = straight[(begin - start) // (size // 2) :][: 2 * count]
        whole &= halves[0::2] & halves[1::2]
        blocks = sizes[begin : begin + size * count].reshape(count, size, -1)
        seen = blocks.any(1)
        blocks[whole.nonzero()[0], :, whole.nonzero()[1]] = 0
        blocks[:, 0][whole & seen] = size
        straight, start = whole, begin
    return sizes
