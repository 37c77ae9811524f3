"""Thinning of curves, with extremes kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from sim.array_types import Floats

GROUP = 4  # consecutive points, of which two are kept


def thinned(t: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Return half as many points: of four the lowest and the highest, in time order.

    A break counts as the lowest, so that it is kept; the last one to three points stay.
    """
    whole = len(t) // GROUP * GROUP
    depth = np.where(np.isnan(y[:whole]), -np.inf, y[:whole]).reshape(-1, GROUP)
    low = np.argmin(depth, axis=1)
    high = GROUP - 1 - np.argmax(depth[:, ::-1], axis=1)
    pick = np.sort(np.stack([low, high], -1), axis=1)
    pick = (pick + np.arange(0, whole, GROUP)[:, None]).reshape(-1)
    pick = np.append(pick, np.arange(whole, len(t)))
    return t[pick], y[pick]
