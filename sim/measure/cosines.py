"""The cosines of all pairs of tokens, shared by several observables."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING

import numpy as np

from sim.measure.clusters import SAME_CLUSTER_COSINE
from sim.measure.cosine_kernel import upper_summary

if TYPE_CHECKING:
    from sim.array_types import Floats, Ints

MAX_COSINE_TOKENS = 2048  # above, an even sample represents all
TILE_PAIRS = 1 << 16  # at a time: 512 KiB in float64, about a core's share of cache
BINS = 80  # of a histogram, .025 wide each


@dataclass(frozen=True, slots=True)
class Histogram:
    """A histogram of the cosines of pairs of tokens.

    Attributes
    ----------
    counts : int, shape (80,)
        Pairs i < j by their cosine, in bins of equal width from −1 to 1.
    tokens : int
        Number of tokens in it: all, or an even sample.
    least, mean, largest : float
        Of the cosines; NaN for one token.
    same : int
        Pairs whose cosine exceeds 0.999.
    """

    counts: Ints
    tokens: int
    least: float
    mean: float
    largest: float
    same: int


@dataclass(frozen=True, slots=True)
class Summary:
    """What is known of all cosines after one pass.

    Attributes
    ----------
    least, largest : float
        Of pairs i ≠ j.
    same : int
        Pairs i ≠ j above 0.999, each counted twice.
    moments : shape (5,)
        Means of the powers 0 to 4, over all i and j.
    """

    least: float
    largest: float
    same: int
    moments: Floats


@dataclass(frozen=True)
class Cosines:
    """Cosines of the pairs of at most 2048 tokens.

    Attributes
    ----------
    directions : shape (n, d)
        The tokens at length 1.
    """

    directions: Floats

    @staticmethod
    def of(x: Floats, most: int = MAX_COSINE_TOKENS) -> Cosines:
        """Return the cosines of the rows of `x`, or of `most` of them: (n, d)."""
        n = len(x)
        if n > most:
            x = x[np.linspace(0, n - 1, most).round().astype(int)]
        length = np.linalg.norm(x, axis=-1, keepdims=True)
        return Cosines(x / np.where(length > 0, length, 1))

    @property
    def least(self) -> float:
        """The least cosine of two tokens; NaN for one token."""
        return self._summary.least

    @property
    def largest(self) -> float:
        """The largest cosine of two tokens; NaN for one token."""
        return self._summary.largest

    @property
    def aligned_share(self) -> float:
        """The share of pairs with a cosine above 0.999; NaN for one token."""
        n = len(self.directions)
        return self._summary.same / (n * (n - 1)) if n > 1 else float("nan")

    def power(self, degree: int) -> float:
        """Return the power of the harmonics of `degree`: in [0, 1], 0 when uniform.

        Of degrees up to 4.
        """
        c = legendre_coefficients(degree, self.directions.shape[-1])
        return float(c @ self._summary.moments[: degree + 1])

    @cached_property
    def _summary(self) -> Summary:
        """Extremes and moments, by tiles of the upper half of the matrix."""
        y, n = self.directions, len(self.directions)
        compiled = _compiled_summary(y)
        if compiled is not None:
            return compiled
        size, tiles = max(1, TILE_PAIRS // n), list[Summary]()
        for a in range(0, n, size):
            tiles.append(_tile_summary(y[a : a + size] @ y[a:].T))
        least = np.array([t.least for t in tiles if t.least == t.least])
        largest = np.array([t.largest for t in tiles if t.largest == t.largest])
        moments = np.sum([t.moments for t in tiles], axis=0) / n**2
        return Summary(
            float(least.min()) if n > 1 else math.nan,
            float(largest.max()) if n > 1 else math.nan,
            sum(t.same for t in tiles),
            moments,
        )

    def histogram(self) -> Histogram:
        """Return the histogram of the cosines."""
        n = len(self.directions)
        if n < 2:  # noqa: PLR2004 - a pair takes two
            nan = float("nan")
            return Histogram(np.zeros(BINS, int), n, nan, nan, nan, 0)
        pairs = self._pairs()
        place = ((pairs + 1) * (BINS / 2)).astype(np.int64).clip(0, BINS - 1)
        counts = np.bincount(place.reshape(-1), minlength=BINS) // 2
        mean, same = float(pairs.mean()), int((pairs > SAME_CLUSTER_COSINE).sum()) // 2
        return Histogram(counts, n, self.least, mean, self.largest, same)

    def _pairs(self) -> Floats:
        """Return the cosines of all i ≠ j: (n − 1, n)."""
        n = len(self.directions)
        gram = self.directions @ self.directions.T
        return gram.reshape(-1)[:-1].reshape(n - 1, n + 1)[:, 1:]


def _compiled_summary(y: Floats) -> Summary | None:
    """Return the summary of the rows of `y`, (n, d), if that is compiled."""
    found = upper_summary(y, SAME_CLUSTER_COSINE)
    if found is None:
        return None
    least, largest, same, powers = found
    n = len(y)
    itself = np.vecdot(y, y)[:, None].astype(float) ** np.arange(5)
    pairs = np.concatenate([[n * (n - 1) / 2], powers])
    return Summary(least, largest, 2 * same, (itself.sum(axis=0) + 2 * pairs) / n**2)


def _tile_summary(tile: Floats) -> Summary:
    """Return the summary of r rows of cosines, (r, m), that begin on the diagonal.

    Columns after the first r count twice, since the matrix is symmetric.  Moments are
    sums here; NaN is the least and the largest cosine of a tile of one.
    """
    r, m = tile.shape
    moments = _power_sums(tile[:, :r]) + 2 * _power_sums(tile[:, r:])
    if tile.size == 1:
        return Summary(math.nan, math.nan, 0, moments)
    rows = np.arange(r)
    tile[rows, rows] = tile[rows, (rows + 1) % m]  # not of a token with itself
    above = tile > SAME_CLUSTER_COSINE
    same = 2 * np.count_nonzero(above) - np.count_nonzero(above[:, :r])
    same -= np.count_nonzero(above[rows, rows])
    return Summary(float(tile.min()), float(tile.max()), int(same), moments)


def _power_sums(t: Floats) -> Floats:
    """Return the sums of the powers 0 to 4 of the entries of `t`, (r, m): (5,).

    Row by row, so that rounding errors do not add up.
    """
    square = t * t
    rows = t.sum(axis=1), square.sum(axis=1), np.vecdot(t, square)
    rows = *rows, np.vecdot(square, square)
    return np.array([t.size, *(s.sum() for s in rows)])


@cache
def legendre_coefficients(degree: int, dimension: int) -> Floats:
    """Return the coefficients of a Legendre polynomial in R^`dimension`, 1 at t = 1.

    Of 1, t, t², … up to `degree`: (degree + 1,).  Chebyshev's for d = 2, Legendre's for
    d = 3, and Gegenbauer's beyond, by their recursion.
    """
    before, now = np.zeros(degree + 2), np.zeros(degree + 2)
    before[0] = now[1] = 1
    for k in range(1, degree):
        ahead = (2 * k + dimension - 2) * np.roll(now, 1) - k * before
        before, now = now, ahead / (k + dimension - 2)
    return (now if degree else before)[: degree + 1]
