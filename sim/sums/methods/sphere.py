"""Sums on the sphere in O(nβ): the weights e^{z cos θ} have few spherical harmonics."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from sim.sums.harmonic.expansion import HarmonicExpansion
from sim.sums.harmonic.table import HarmonicTable

if TYPE_CHECKING:
    from sim.array_types import AnyArray, Floats, Ints


DEGREES_AT_ONCE = 32  # that are added to what is known


class Sphere(HarmonicExpansion):
    """e^{z cos θ} = Σₗ (2l + 1) iₗ(z) Pₗ(cos θ), and the addition theorem  [1]_.

    The harmonics of order m are (x + iy)^m times the m-th derivatives of Legendre's
    polynomials in z, with leading coefficient 1: no angle is needed, and no pole is in
    the way.

    References
    ----------
    .. [1] Abramowitz, Stegun, "Handbook of Mathematical Functions", eq. 10.2.36;
           recurrences from eqs. 8.5.3 to 8.5.5.
    """

    name: ClassVar[str] = "sphere"
    rank: ClassVar[int] = 3
    width: ClassVar[int] = 3
    max_score: ClassVar[float] = 2000.0  # 4^l, for the highest degree l, is a float64

    @staticmethod
    def table(top: int) -> HarmonicTable:
        return _table(top)

    @staticmethod
    def count(top: int) -> int:
        return top * (top + 1) // 2

    @staticmethod
    def lifted(moments: AnyArray, top: int) -> AnyArray:
        a = np.zeros((top + 2, top + 2), complex)  # with zeros for the degree -1
        a[_places(top + 1)] = moments
        m, k = _places(top)
        level, above, below = _neighbours(top)
        z = a[m, k + 1] + level * a[m, k - 1]
        up = a[m + 1, k + 1] - above * a[m + 1, k - 1]
        down = below * a[m - 1, k - 1] - a[m - 1, k + 1]
        down[:top] = up[:top].conj()  # of order -1
        return np.stack([a[m, k], (up + down) / 2, (up - down) / 2j, z], axis=-1)


@lru_cache(maxsize=64)
def _places(top: int) -> tuple[Ints, Ints]:
    """Return the orders and the degrees of all harmonics."""
    m, degree = np.triu_indices(top)
    return m, degree


@lru_cache(maxsize=64)
def _neighbours(top: int) -> tuple[Floats, Floats, Floats]:
    """Return the factors of degree l - 1 in z q_lm, and of orders m ± 1 in others.

    With c = 4l² - 1, q_lm = q_l+1,m+1 - (l - m)(l - m - 1)/c q_l-1,m+1, and
    (1 - z²) q_lm = (l + m)(l + m - 1)/c q_l-1,m-1 - q_l+1,m-1.
    """
    m, k = _places(top)
    c = 4.0 * k * k - 1
    return (
        (k * k - m * m) / c,
        (k - m) * (k - m - 1) / c,
        (k + m) * (k + m - 1) / c,
    )


class _Squares:
    """(2 - δ_m0) (2l - 1)!!² / ((l + m)! (l - m)!) at [m, l], m ≤ l, as far as asked.

    No number depends on how many there are: what is known is kept, and more is added.
    """

    def __init__(self) -> None:
        self._known: tuple[Floats, float] = np.zeros((0, 0)), 1.0

    def up_to(self, top: int) -> Floats:
        """Return those of l < top, or of more."""
        known, last = self._known
        first = len(known)
        if top <= first:
            return known
        size = DEGREES_AT_ONCE * math.ceil(top / DEGREES_AT_ONCE)
        out = np.zeros((size, size))
        out[:first, :first] = known
        for k in range(first, size):
            m = np.arange(k, 0, -1)
            column = last * np.cumprod(np.append(1.0, (k + m) / (k - m + 1)))
            column[:-1] *= 2  # the last one is of m = 0
            out[k::-1, k] = column
            last *= (2 * k + 1) / (2 * k + 2)
        self._known = out, last  # at once: other threads may ask
        return out


_squares = _Squares()


@lru_cache(maxsize=64)
def _table(top: int) -> HarmonicTable:
    m, degree = _places(top)
    b = (m * m - degree * degree) / (4.0 * degree * degree - 1)
    return HarmonicTable(degree, _squares.up_to(top)[m, degree], b)
