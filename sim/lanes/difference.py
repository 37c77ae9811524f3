"""How far the states of two lanes are from each other."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sim.array_types import Floats
    from sim.frame import Frame


@dataclass(frozen=True, slots=True)
class LaneDifference:
    """How far two lanes are from each other at one time.

    Attributes
    ----------
    largest_angle, mean_angle : float
        Of the angles between the two places of a token, in radians; NaN if no token is
        in both lanes, or their dimensions differ.
    f_hat : float
        F̂ of the second lane less that of the first; NaN where it was not measured.
    matched : int
        Tokens in both lanes, by id.
    left_out : int
        Tokens in one lane alone, or at zero, where they have no direction.
    """

    largest_angle: float
    mean_angle: float
    f_hat: float
    matched: int
    left_out: int


@dataclass(frozen=True, slots=True)
class DifferenceSeries:
    """How far two lanes are from each other over time; all of shape (k,).

    Attributes
    ----------
    t, largest_angle, mean_angle, f_hat : float64
        The times, and what `LaneDifference` has at each.
    """

    t: Floats
    largest_angle: Floats
    mean_angle: Floats
    f_hat: Floats


def difference(a: Frame, b: Frame) -> LaneDifference:
    """Return how far the lanes of two frames are from each other.

    The angle of two tokens u and v of length 1 is 2 atan2(|u − v|, |u + v|), which
    loses no digits where they are close.
    """
    angles, left_out = _angles(a, b)
    known = len(angles) > 0
    return LaneDifference(
        largest_angle=float(angles.max()) if known else math.nan,
        mean_angle=float(angles.mean()) if known else math.nan,
        f_hat=b.measures.get("f_hat", math.nan) - a.measures.get("f_hat", math.nan),
        matched=len(angles),
        left_out=left_out,
    )


def difference_series(pairs: Iterable[tuple[Frame, Frame]]) -> DifferenceSeries:
    """Return the differences of pairs of frames, each of one time.

    Raises
    ------
    ValueError
        If the frames of a pair are of different times.
    """
    rows: list[tuple[float, float, float, float]] = []
    for a, b in pairs:
        if a.t != b.t:
            raise ValueError(
                f"the frames of a pair must be of one time, got t = {a.t:g} and "
                f"{b.t:g}."
            )
        found = difference(a, b)
        rows.append((a.t, found.largest_angle, found.mean_angle, found.f_hat))
    return DifferenceSeries(*np.array(rows, np.float64).reshape(-1, 4).T)


def _angles(a: Frame, b: Frame) -> tuple[Floats, int]:
    """Return the angles of the tokens in both frames, (m,), and how many are not."""
    in_a, in_b = slice(None), slice(None)
    total = len(a.ids)
    if not np.array_equal(a.ids, b.ids):  # which costs more to sort out
        _, in_a, in_b = np.intersect1d(
            a.ids, b.ids, assume_unique=True, return_indices=True
        )
        total += len(b.ids) - len(in_a)
    if a.x.shape[1] != b.x.shape[1]:
        return np.empty(0), total
    u, v = (np.asarray(x, np.float64) for x in (a.x[in_a], b.x[in_b]))
    good = (_lengths(u) > 0) & (_lengths(v) > 0)
    if not good.all():
        u, v = u[good], v[good]
    u, v = (w / _lengths(w)[:, None] for w in (u, v))
    apart, along = _lengths(u - v), _lengths(u + v)
    return 2 * np.arctan2(apart, along), total - int(good.sum())


def _lengths(x: Floats) -> Floats:
    """Return |x| of each row: (n, d) -> (n,)."""
    return np.sqrt(np.vecdot(x, x))
