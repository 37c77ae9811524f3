"""Where one token is: among its cluster, and from where it began."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from sim.array_types import Floats, Ints


def angle(a: Floats, b: Floats) -> float:
    """Return the angle between two vectors (d,) in degrees; NaN for a zero vector.

    2 atan2(|u − v|, |u + v|) of the unit vectors u and v, accurate at every angle.
    """
    u, v = (unit(np.asarray(w, float)) for w in (a, b))
    apart, along = (float(np.linalg.norm(w)) for w in (u - v, u + v))
    return math.degrees(2 * math.atan2(apart, along)) if apart or along else math.nan


def unit(x: Floats) -> Floats:
    """Return vectors at length 1, (..., d), and zeros as they are."""
    length = np.linalg.norm(x, axis=-1, keepdims=True)
    return x / np.where(length > 0, length, 1.0)


def centre_cosines(x: Floats, labels: Ints, row: int) -> tuple[float, float, int]:
    """Return cosines to the centre of a token's cluster, and the cluster's size.

    Parameters
    ----------
    x : float, shape (n, d)
        Tokens.
    labels : int, shape (n,)
        The cluster of each.
    row : int
        The token.

    Returns
    -------
    (float, float, int)
        The token's own cosine, the least of its cluster, and how many tokens that has.
        The centre is the mean of their directions.
    """
    members = np.flatnonzero(labels == labels[row])
    directions = unit(np.asarray(x[members], float))
    cosines = directions @ unit(directions.mean(axis=0))
    own = float(cosines[np.searchsorted(members, row)])
    return own, float(cosines.min()), len(members)


def nearest(x: Floats, row: int) -> int | None:
    """Return the row of x, (n, d), that is nearest to another; None for one token."""
    if len(x) < 2:  # noqa: PLR2004 - a pair takes two
        return None
    apart = np.einsum("ij,ij->i", x - x[row], x - x[row])
    apart[row] = np.inf
    return int(apart.argmin())
