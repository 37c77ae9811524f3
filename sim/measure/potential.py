"""The log-potential of attention on the circle and the globe, on a fixed grid."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.arrays import to_host
from sim.sums.choose import attend

if TYPE_CHECKING:
    from sim.array_types import Floats
    from sim.measure.probe import Probe

ANGLES = 1024  # on the circle
GRID = (96, 192)  # latitudes and longitudes of the globe
CIRCLE, GLOBE = 2, 3  # dimensions


def log_potential(probe: Probe) -> Floats | None:
    """Return log Σⱼ e^{β⟨y,xⱼ⟩}/(nβ) at the places y of `circle` or `globe`.

    Of shape (1024,) for d = 2 and (96, 192) for d = 3; None for other d, without β and
    for β = 0.
    """
    d, beta = probe.host.shape[-1], probe.beta
    if d not in (CIRCLE, GLOBE) or not beta or beta != beta:  # no β is NaN
        return None
    at = circle() if d == CIRCLE else globe().reshape(-1, 3)
    x = to_host(probe.normalised.x)
    heights = attend(at.astype(x.dtype), x, x, scale=beta).log_z[:, 0]
    heights = (heights - np.log(len(x))) / beta
    return heights if d == CIRCLE else heights.reshape(GRID)


def circle() -> Floats:
    """Return places on the circle, evenly from angle −π: (1024, 2)."""
    a = (np.arange(ANGLES) + 0.5) / ANGLES * 2 * np.pi - np.pi
    return np.stack([np.cos(a), np.sin(a)], axis=-1)


def globe() -> Floats:
    """Return places on the globe, from the south pole, longitude from 0: (96, 192, 3).

    Evenly in latitude and longitude.
    """
    rows, columns = GRID
    lat = ((np.arange(rows) + 0.5) / rows - 0.5) * np.pi
    lon = (np.arange(columns) + 0.5) / columns * 2 * np.pi
    z = np.broadcast_to(np.sin(lat)[:, None], GRID)
    c = np.cos(lat)[:, None]
    return np.stack([c * np.cos(lon), c * np.sin(lon), z], axis=-1)
