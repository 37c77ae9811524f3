"""Which token is under the mouse, and the rest of its cluster.  No Qt."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from app.scene.scene_info import token_text
from app.theme.palette import LONE
from sim.measure import token_place

if TYPE_CHECKING:
    from app.scene.camera import Camera
    from sim.array_types import Floats, Ints
    from sim.frame import Frame


HIT_SLOP_PX = 7.0  # design pixels around a bead, so that small ones can be hit


def pick(
    camera: Camera, points: Floats, at: tuple[float, float], radius: float
) -> int | None:
    """Return the bead at a position, the nearest to the eye if there are several.

    Parameters
    ----------
    camera : Camera
        As it was drawn.
    points : float, shape (n, 3)
        Positions of tokens.
    at : tuple of float
        In physical pixels from the top left.
    radius : float
        Of a bead, in physical pixels.
    """
    if not len(points):
        return None
    xy, _ = camera.project(points)
    gap = np.hypot(*(xy - at).T)
    depth = points @ camera.rotation[2]
    hit = np.flatnonzero(gap <= radius)
    if len(hit):
        return int(hit[np.argmax(depth[hit])])
    slop = HIT_SLOP_PX * camera.ratio
    far = gap + slop * (depth < 0)  # of two, the one on this side
    nearest = int(np.argmin(far))
    return nearest if gap[nearest] <= slop else None


def cluster_members(labels: Ints, token: int) -> Ints:
    """Return the tokens of the cluster of `token`, itself included."""
    if token >= len(labels) or labels[token] == LONE:
        return np.array([token])
    return np.flatnonzero(labels == labels[token])


def hover_text(
    row: int, names: tuple[str, ...], labels: Ints, ids: Ints | None = None
) -> str:
    """Return the text for a token under the mouse, which is known by its id."""
    name = token_text(row if ids is None else int(ids[row]), row, names)
    count = len(cluster_members(labels, row))
    return f"{name}, one of {count:,} in its cluster" if count > 1 else name


def moved_text(frame: Frame, row: int) -> str:
    """Return how far the token of a row is from where it began, as a second line."""
    first = frame.first
    if first is None or not frame.scenario.space.bounded:
        return ""
    turned = token_place.angle(first[row], frame.x[row])
    return f"\n{turned:.1f}° from where it began" if math.isfinite(turned) else ""
