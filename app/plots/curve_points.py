"""The points of a curve: samples of a run, with breaks at its changes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.array_types import Floats
    from sim.frame import Frame

ROUNDING = 1e-9  # of the end: a sample there may be as much later


def sampled_curve(
    kind: str, frame: Frame, breaks: Sequence[float]
) -> tuple[Floats, Floats] | None:
    """Return times and values, (k,), up to the end of the run, if it is sampled."""
    assert frame.record is not None
    samples, end = frame.record.samples, frame.record.end
    if kind not in samples.values:
        return None
    count = int(np.searchsorted(samples.t, end * (1 + ROUNDING), "right"))
    t, y = samples.t[:count], samples.values[kind][:count]
    if kind in frame.measures and count and t[-1] < frame.t:  # not sampled yet
        t, y = np.append(t, frame.t), np.append(y, frame.measures[kind])
    return with_breaks(t, y, breaks)


def with_breaks(t: Floats, y: Floats, breaks: Sequence[float]) -> tuple[Floats, Floats]:
    """Return a curve, (k,), with a NaN at each time at which it breaks."""
    inside = [b for b in breaks if len(t) and t[0] < b <= t[-1]]
    places = np.unique(np.searchsorted(t, inside, "left"))
    at = t[places] if len(places) else t[:0]
    return np.insert(t, places, at), np.insert(y, places, math.nan)
