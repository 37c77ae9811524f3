"""The cosines of all pairs of tokens, made once for all who ask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

Floats = np.ndarray[Any, Any]

MOST = 2048  # tokens: above, an even sample of them stands for all


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
    def of(x: Floats) -> Cosines:
        """Return the cosines of the rows of `x`: (n, d)."""
        n = len(x)
        if n > MOST:
            x = x[np.linspace(0, n - 1, MOST).round().astype(int)]
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

    def power(self, degree: int) -> float:
        """Return the power of the harmonics of `degree`: in [0, 1], 0 when uniform."""
        return float(legendre(degree, self.dimension, self.gram).mean())

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
