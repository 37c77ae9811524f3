"""What of a curve is drawn: thinned, with extremes kept, and no values too large."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from app.widgets import axis_scale

if TYPE_CHECKING:
    from sim.array_types import Floats

GROUP = 4  # consecutive points, of which two are kept
MAX_POINTS = 1024  # about four per pixel; more cost time and show nothing


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


def thinned_to_limit(t: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Return at most 1024 points of a curve: t, y (k,)."""
    while len(t) > MAX_POINTS:
        t, y = thinned(t, y)
    return t, y


def drawn(y: Floats) -> Floats:
    """Return `y` with NaN where a value is too large to draw."""
    return np.where(np.abs(y) < axis_scale.MAX_DRAWN, y, math.nan)
