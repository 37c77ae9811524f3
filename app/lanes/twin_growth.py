"""How fast two runs part that differ in a perturbation alone."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.frame import Frame


class TwinGrowth:
    """The rate λ = ln(δ(t)/δ(t₀))/(t − t₀) at which twins part, δ their mean angle.

    Twins have the same settings; t₀ is the first time after the perturbation that is
    shown.  Over a long time λ tends to the largest Lyapunov exponent while δ is small.
    """

    def __init__(self) -> None:
        self._parted = math.nan  # the time of the perturbation
        self._t, self._distance = math.inf, math.nan

    def rate(self, a: Frame, b: Frame, distance: float) -> float:
        """Return λ of two frames of one time, `distance` apart; NaN if no twins."""
        parted = _parted(a, b)
        if parted != self._parted or a.t < self._t:
            self._parted, self._t = parted, a.t
            self._distance = distance if a.t >= parted else math.nan
            if math.isnan(self._distance):
                self._t = math.inf
        passed = a.t - self._t
        if not passed > 0 or not (distance > 0 and self._distance > 0):
            return math.nan
        return math.log(distance / self._distance) / passed


def _parted(a: Frame, b: Frame) -> float:
    """Return the time at which the runs of two frames part; NaN if settings differ."""
    if a.run is None or b.run is None or a.scenario != b.scenario or a.t != b.t:
        return math.nan
    parted = a.run.divergence(b.run)
    return parted if math.isfinite(parted) else math.nan
