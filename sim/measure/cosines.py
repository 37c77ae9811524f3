"""The cosines of all pairs of tokens, shared by several observables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.measure.clusters import SAME_CLUSTER_COSINE

if TYPE_CHECKING:
    from sim.array_types import Floats, Ints

MAX_COSINE_TOKENS = 2048  # above, an even sample represents all
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
class Cosines:
    """Cosines of the pairs of at most 2048 tokens.

    Attributes
    ----------
    gram : shape (n, n)
        cos(xᵢ,xⱼ).
    dimension : int
        d.
    """

    gram: Floats
    dimension: int

    @staticmethod
    def of(x: Floats, most: int = MAX_COSINE_TOKENS) -> Cosines:
        """Return the cosines of the rows of `x`, or of `most` of them: (n, d)."""
        n = len(x)
        if n > most:
            x = x[np.linspace(0, n - 1, most).round().astype(int)]
        length = np.linalg.norm(x, axis=-1, keepdims=True)
        y = x / np.where(length > 0, length, 1)
        return Cosines(y @ y.T, x.shape[-1])

    @property
    def least(self) -> float:
        """The least cosine of two tokens; NaN for one token."""
        return float(self._pairs().min()) if len(self.gram) > 1 else float("nan")

    @property
    def largest(self) -> float:
        """The largest cosine of two tokens; NaN for one token."""
        return float(self._pairs().max()) if len(self.gram) > 1 else float("nan")

    def share_above(self, bound: float) -> float:
        """Return the share of pairs with a cosine above `bound`; NaN for one token."""
        if len(self.gram) == 1:
            return float("nan")
        return float((self._pairs() > bound).mean())

    def power(self, degree: int) -> float:
        """Return the power of the harmonics of `degree`: in [0, 1], 0 when uniform."""
        return float(legendre(degree, self.dimension, self.gram).mean())

    def histogram(self) -> Histogram:
        """Return the histogram of the cosines."""
        n = len(self.gram)
        if n < 2:  # noqa: PLR2004 - a pair takes two
            nan = float("nan")
            return Histogram(np.zeros(BINS, int), n, nan, nan, nan, 0)
        pairs = self._pairs()
        place = ((pairs + 1) * (BINS / 2)).astype(np.int64).clip(0, BINS - 1)
        counts = np.bincount(place.reshape(-1), minlength=BINS) // 2
        mean, same = float(pairs.mean()), int((pairs > SAME_CLUSTER_COSINE).sum()) // 2
        return Histogram(counts, n, self.least, mean, self.largest, same)

    def _pairs(self) -> Floats:
        n = len(self.gram)
        return self.gram.reshape(-1)[:-1].reshape(n - 1, n + 1)[:, 1:]


def legendre(degree: int, dimension: int, t: Floats) -> Floats:
    """Return the Legendre polynomial of `degree` in R^`dimension`, 1 at t = 1.

    Chebyshev's for d = 2, Legendre's for d = 3, and Gegenbauer's beyond.
    """
    before, now = np.ones_like(t), t
    for k in range(1, degree):
        ahead = (2 * k + dimension - 2) * t * now - k * before
        before, now = now, ahead / (k + dimension - 2)
    return now if degree else before
