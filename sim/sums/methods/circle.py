"""Sums on the circle in O(n√β): the weights e^{z cos θ} have few Fourier modes."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from sim.sums.harmonic.expansion import HarmonicExpansion
from sim.sums.harmonic.table import HarmonicTable

if TYPE_CHECKING:
    from sim.array_types import AnyArray


class Circle(HarmonicExpansion):
    """e^{z cos θ} = Σₖ Iₖ(z) e^{ikθ}  [1]_.

    References
    ----------
    .. [1] Abramowitz, Stegun, "Handbook of Mathematical Functions", eq. 9.6.34.
    """

    name: ClassVar[str] = "circle"
    rank: ClassVar[int] = 2
    width: ClassVar[int] = 2
    max_score: ClassVar[float] = 4000.0

    @staticmethod
    def table(top: int) -> HarmonicTable:
        return HarmonicTable(np.arange(top), np.ones(top), np.zeros(top))

    @staticmethod
    def count(top: int) -> int:
        return top

    @staticmethod
    def lifted(moments: AnyArray, top: int) -> AnyArray:
        k = np.arange(top)
        up, down = moments[k + 1], moments[np.abs(k - 1)]
        down[0] = down[0].conj()  # the moment of e^{-iθ}
        return np.stack([moments[:top], (up + down) / 2, (up - down) / 2j], axis=-1)
