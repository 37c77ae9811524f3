"""Trails: ribbons along the recent path of each token, fading with age."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from app.gl import gloo
from app.gl.glsl import program
from app.gl.state import ADD, OVER, set_blending, set_world_uniforms
from app.gl.trail_pieces import joined_pieces
from app.scene.scene import bead_radius

if TYPE_CHECKING:
    from app.gl.trail_pieces import Pieces
    from app.scene.camera import Camera
    from app.scene.scene import Scene, TrailLines
    from app.theme.palette import Theme
    from sim.array_types import Bools, Single

TRAIL_RADIUS = 1.003  # trails lie just above the globe
SAMPLE_SHARE = 1 / 40  # of a trail's time: a sample, over which speed is measured
FULL_OPACITY_PX = 0.6  # pixels moved in a sample, for full opacity
MIN_ALPHA = 0.004  # below, trail.vert draws nothing
HEAD_WIDTH = (0.95, 1.2, 28.0)  # bead radii at the head; least and most pixels
TINY = 1e-9


class Trails:
    """Ribbons through the points of trails."""

    def __init__(self, theme: Theme, glass: gloo.Texture) -> None:
        self._program = program("trail", "ribbon")
        f4 = np.float32
        self._kinds = [("a_position", f4, 3), ("a_velocity", f4, 3), ("a_time", f4)]
        self._vertices = gloo.Vertices(np.zeros(1, self._kinds), self._program)
        self._sides = gloo.vertex_buffer(np.zeros(1, f4))
        self._colours = gloo.vertex_buffer(np.zeros((1, 4), f4))
        self._program["a_side"], self._program["a_colour"] = self._sides, self._colours
        self._index = gloo.index_buffer(np.zeros(1, np.uint32))
        self._drawn = np.zeros((0, 0), np.uint8)  # the pieces in the index
        self._speeds = np.zeros((0, 0), f4)
        self._program["u_glass"] = glass
        self._program["u_full_pixels"] = FULL_OPACITY_PX
        self._trails: TrailLines | None = None
        self._shape, self._radius = (0, 0), 0.0
        self._target_rgba = np.zeros((0, 4), f4)
        self._rgba, self._uploaded = self._target_rgba, False
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        self._blend = ADD if theme.dark else OVER
        self._program["u_tint"] = 0.0 if theme.dark else 1.0
        self._opacity = 0.60 if theme.dark else 0.75
        self._program["u_opacity"] = self._opacity

    def show(self, scene: Scene) -> None:
        """Take the trails of the scene."""
        self._trails, self._uploaded = scene.trails, False
        self._radius = bead_radius(len(scene.points)) * scene.bead
        self._target_rgba = scene.colours

    def _upload(self, trails: TrailLines) -> None:
        """Upload what changed since the last drawing."""
        if trails.points.shape[:2] != self._shape:
            self._lay_out(*trails.points.shape[:2])
        if not self._uploaded:
            self._uploaded = True
            vertices = np.empty((*self._shape, 2), self._kinds)
            vertices["a_position"] = trails.points[:, :, None]
            velocity = velocities(trails)
            self._speeds = np.linalg.norm(velocity, axis=-1)
            vertices["a_velocity"] = velocity[:, :, None]
            vertices["a_time"] = -trails.ages[:, None, None]
            self._vertices.set(vertices.reshape(-1))
        if not np.array_equal(self._rgba, self._target_rgba):
            self._rgba = np.array(self._target_rgba, np.float32)
            rows = np.repeat(self._rgba, 2, 0)
            self._colours.set_data(np.tile(rows, (self._shape[0], 1)))

    def _lay_out(self, m: int, n: int) -> None:
        """Set the sides of the vertices: two for each of n points at m times."""
        self._shape = m, n
        self._sides.set_data(np.tile(np.array([-1, 1], np.float32), m * n))
        self._drawn = np.zeros((m - 1, n), np.uint8)
        self._rgba = np.zeros((0, 4), np.float32)

    def _choose(self, sizes: Pieces) -> None:
        """Draw these pieces of ribbon, of so many steps each: (m - 1, n)."""
        if np.array_equal(sizes, self._drawn):
            return
        self._drawn = sizes
        row, token = np.nonzero(sizes)
        if len(row):
            here = 2 * (row * sizes.shape[1] + token)
            there = here + 2 * sizes.shape[1] * sizes[row, token].astype(np.int64)
            corners = [here, here + 1, there, there, here + 1, there + 1]
            self._index.set_data(np.stack(corners, -1).astype(np.uint32).reshape(-1))

    def set_camera(self, camera: Camera, solid: bool) -> None:
        """Set the camera's uniforms."""
        trails = self._trails
        if trails is None:
            return
        self._upload(trails)
        p = self._program
        set_world_uniforms(p, camera, solid)
        p["u_now"] = 0.0
        visible = visible_pieces(trails, self._speeds, camera, self._opacity)
        pixels = camera.focus / _nearest(trails, camera)
        self._choose(joined_pieces(trails.points, visible, pixels, trails.place))
        p["u_span"] = _span(trails)
        p["u_depth_offset"] = self._radius
        p["u_sample_time"], p["u_lift"] = (
            SAMPLE_SHARE * trails.length,
            TRAIL_RADIUS if solid else 1.0,
        )
        per, low, high = HEAD_WIDTH
        width = per * self._radius * camera.pixels / camera.ratio
        p["u_width"] = float(np.clip(width, low, high)) * camera.ratio

    def draw(self, half: float) -> None:
        """Draw one side of the horizon, or all."""
        trails = self._trails
        if trails is None or not trails.ages[0] or not self._drawn.any():
            return
        set_blending(self._blend)
        self._program["u_half"] = half
        self._program.draw("triangles", self._index)


def _span(trails: TrailLines) -> float:
    """Return the time from the heads of trails to their tails."""
    return max(min(trails.length, float(trails.ages[0])), TINY)


def _reach(trails: TrailLines) -> float:
    """Return how far from the centre trails are at most."""
    return TRAIL_RADIUS * 3**0.5 * float(np.abs(trails.points).max(initial=0.0))


def _nearest(trails: TrailLines, camera: Camera) -> float:
    """Return how far from the eye trails are at least."""
    return max(camera.distance - _reach(trails), TINY)


def visible_pieces(
    trails: TrailLines, speeds: Single, camera: Camera, opacity: float
) -> Bools:
    """Return which pieces of ribbon may have a visible end: (m - 1, n).

    Where tokens rest, that is none.  To draw one costs as much as any other.

    Parameters
    ----------
    trails : TrailLines
        Points of n trails at m ages.
    speeds : float32, shape (m, n)
        How fast tokens were there.
    camera : Camera
        What sees them.
    opacity : float
        Of a fast token, at the head of its trail.
    """
    step = SAMPLE_SHARE * trails.length * speeds
    reach = _reach(trails)
    nearest = max(_nearest(trails, camera) - float(step.max(initial=0.0)), TINY)
    pixels = step * (camera.focus / nearest * (1 + reach / nearest))  # at most
    fresh = 1 - np.clip(trails.ages / _span(trails), 0, 1)[:, None]
    alpha = opacity * fresh**2 * np.minimum(pixels / FULL_OPACITY_PX, 1)
    visible = alpha >= MIN_ALPHA
    return visible[1:] | visible[:-1]


def velocities(trails: TrailLines) -> Single:
    """Return how fast tokens were at each point of their trails: (m, n, 3)."""
    x, t = trails.points, -trails.ages
    out = np.empty_like(x)
    lapse = np.maximum(t[2:] - t[:-2], TINY)[:, None, None]
    out[1:-1] = (x[2:] - x[:-2]) / lapse
    out[0], out[-1] = out[1], out[-2]
    return out
