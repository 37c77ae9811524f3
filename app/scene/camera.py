"""An orbit camera around the unit sphere; no GL, no Qt."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from sim.array_types import Floats, Single


FIELD_OF_VIEW = float(np.radians(26.0))  # narrow, so that the limb looks round
MARGIN = 1.30  # half the short side of the pane, in globe radii
FLAT_MARGIN = 1.71  # the same for the circle, which has the density around it
MAX_ELEVATION_DEG = 89.0  # at the pole itself, up is undefined
DEPTH_BEHIND, DEPTH_BEFORE = 8.0, 4.0  # globe radii from the centre to clip planes
MIN_CLIP_DISTANCE = 0.05  # globe radii from the eye to the first thing drawn


@dataclass(frozen=True)
class Camera:
    """Position of the camera, and the size of the canvas.

    Attributes
    ----------
    azimuth, elevation : float
        Direction of the eye, in degrees.
    zoom : float
        1 fits the globe.
    size : tuple of int
        Width and height of the canvas in physical pixels.
    flat : bool
        Whether the circle is shown, seen along its axis.
    ratio : float
        Physical pixels of one design pixel; scales line widths.
    """

    azimuth: float = 30.0
    elevation: float = 18.0
    zoom: float = 1.0
    size: tuple[int, int] = (800, 800)
    flat: bool = False
    ratio: float = 1.0

    def orbit(self, right: float, up: float) -> Camera:
        """Return the camera turned by so many degrees."""
        elevation = float(
            np.clip(self.elevation + up, -MAX_ELEVATION_DEG, MAX_ELEVATION_DEG)
        )
        azimuth = (self.azimuth - right) % 360.0
        return replace(self, azimuth=azimuth, elevation=elevation)

    def toward(self, point: Floats) -> Camera:
        """Return the camera turned so that `point`, (3,), is in the middle."""
        x, y, z = (float(v) for v in point)
        across = float(np.hypot(x, y))
        azimuth = float(np.degrees(np.arctan2(y, x))) % 360.0 if across else 0.0
        elevation = float(np.degrees(np.arctan2(z, across)))
        elevation = float(np.clip(elevation, -MAX_ELEVATION_DEG, MAX_ELEVATION_DEG))
        return replace(self, azimuth=azimuth, elevation=elevation)

    @cached_property
    def distance(self) -> float:
        """Distance of the eye from the centre, in globe radii."""
        margin = FLAT_MARGIN if self.flat else MARGIN
        return float(np.hypot(1.0, margin / self.zoom / np.tan(FIELD_OF_VIEW / 2)))

    @cached_property
    def focus(self) -> float:
        """Physical pixels of one length at distance 1 of the eye."""
        return float(min(self.size) / 2 / np.tan(FIELD_OF_VIEW / 2))

    @cached_property
    def pixels(self) -> float:
        """Physical pixels of one length at the centre of the globe."""
        return self.focus / self.distance

    @cached_property
    def limb(self) -> float:
        """Radius of the globe's outline, in physical pixels."""
        return self.focus / float(np.sqrt(self.distance**2 - 1))

    @cached_property
    def reach(self) -> tuple[float, float]:
        """Half width and height of the canvas at distance 1 of the eye."""
        w, h = self.size
        return w / 2 / self.focus, h / 2 / self.focus

    @cached_property
    def rotation(self) -> Single:
        """World to view rotation, (3, 3); z is up in the world, y is up in the view."""
        if self.flat:
            return np.eye(3, dtype=np.float32)
        a, e = np.radians([self.azimuth, self.elevation])
        sa, ca, se, ce = np.sin(a), np.cos(a), np.sin(e), np.cos(e)
        rows = [[-sa, ca, 0.0], [-ca * se, -sa * se, ce], [ca * ce, sa * ce, se]]
        return np.array(rows, np.float32)

    @cached_property
    def view(self) -> Single:
        """World to view, (4, 4), for column vectors."""
        m = np.eye(4, dtype=np.float32)
        m[:3, :3] = self.rotation
        m[2, 3] = -self.distance
        return m

    @cached_property
    def projection(self) -> Single:
        """View to clip, (4, 4), for column vectors."""
        near = max(self.distance - DEPTH_BEFORE, MIN_CLIP_DISTANCE)
        far = self.distance + DEPTH_BEHIND
        m = np.zeros((4, 4), np.float32)
        m[0, 0], m[1, 1] = 1 / np.array(self.reach)
        m[2, 2], m[2, 3] = -(far + near) / (far - near), -2 * far * near / (far - near)
        m[3, 2] = -1
        return m

    @cached_property
    def clip(self) -> Single:
        """World to clip, (4, 4)."""
        return self.projection @ self.view

    @cached_property
    def eye(self) -> Single:
        """Position of the eye in the world, (3,)."""
        return self.rotation[2] * np.float32(self.distance)

    def project(self, x: Floats) -> tuple[Floats, Floats]:
        """Return the screen positions of points, and whether before the horizon.

        Parameters
        ----------
        x : float, shape (n, 3)
            Points of the world.

        Returns
        -------
        pixels : float, shape (n, 2)
            From the top left of the canvas.
        facing : float, shape (n,)
            Positive before the horizon, negative behind it.
        """
        c = np.c_[x, np.ones(len(x))] @ self.clip.T
        w, h = self.size
        ndc = c[:, :2] / c[:, 3:]
        return (ndc * [1, -1] + 1) * [w / 2, h / 2], x @ self.eye - 1


def between(a: Camera, b: Camera, t: float) -> Camera:
    """Return the camera at `t` between `a` (0) and `b` (1), by the shortest way."""
    swing = (b.azimuth - a.azimuth + 180.0) % 360.0 - 180.0
    return replace(
        b,
        azimuth=(a.azimuth + t * swing) % 360.0,
        elevation=a.elevation + t * (b.elevation - a.elevation),
        zoom=a.zoom * (b.zoom / a.zoom) ** t,
    )
