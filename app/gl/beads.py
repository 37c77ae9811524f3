"""Tokens as lit spheres (beads), or as points where there are very many."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from app.gl import gloo
from app.gl.glsl import program
from app.gl.state import ADD, FAR, NEAR, OVER, WHOLE, depth, set_blending
from app.scene.scene import bead_radius
from app.theme.palette import Theme, mix, rgb

if TYPE_CHECKING:
    from app.scene.camera import Camera
    from app.scene.scene import Scene

MAX_LIT_BEADS = 20_000  # beads: above, tokens are points
MIN_LIT_RADIUS_PX = 2.4  # below, shading would not be visible: draw points
MAX_SORTED_POINTS = 200_000  # above, sorting by depth costs more than it shows
MAX_GLOWING_BEADS = 4_000  # beads: above, the glow would fog the globe
GLOW_RADII = 3.4  # bead radii, of the glow
GLOW_CELL_RADII = 2.5  # bead radii: side of a cell that has one glow
MAX_GLOW_SHARE = 30  # beads of a cell that count for its glow
GLOW_STRENGTH = 0.30
HORIZON_MARGIN_RADII = 1.3  # beads this near the horizon are drawn on both sides
OUTLINE_PX = 0.4  # pixels, of a point
MIN_RADIUS_PX = 1.0  # pixels: smallest radius


class Beads:
    """Draw the far side, then what else there is, then the near side."""

    def __init__(self, theme: Theme, glass: gloo.Texture) -> None:
        self._bead, self._glow = program("bead"), program("glow")
        self._point = program("bead", "point")
        kinds = [("a_position", np.float32, 3), ("a_colour", np.float32, 4)]
        shining = [*kinds, ("a_glow", np.float32)]
        self._tokens = gloo.Vertices(np.zeros(1, kinds), self._bead, self._point)
        self._lights = gloo.Vertices(np.zeros(1, shining), self._glow)
        none = np.zeros(1, np.uint32)
        self._order = {half: gloo.index_buffer(none) for half in (FAR, NEAR, WHOLE)}
        self._count = dict.fromkeys(self._order, 0)
        self._glow["u_spread"], self._bead["u_gloss"] = GLOW_RADII, 1.0
        for p in (self._bead, self._point):
            p["u_glass"], p["u_tint"] = glass, 1.0
        self._points = np.zeros((0, 3), np.float32)
        self._kinds, self._glowing, self._strength, self.radius = kinds, 0, 0.0, 0.0
        self._lit = True
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        dark, g = theme.dark, theme.glass
        edge = (
            mix(theme.canvas, "#000000", 0.35) if dark else mix(theme.text, g.rim, 0.25)
        )
        self._bead["u_edge"] = self._point["u_edge"] = rgb(edge)
        self._bead["u_sky"] = rgb("#C9D9FF") * (0.30 if dark else 0.46)
        self._bead["u_ground"] = rgb(g.glass) * (0.55 if dark else 0.34)
        self._strength = GLOW_STRENGTH if dark else 0.0

    def show(self, scene: Scene) -> None:
        """Upload the scene's points and colours."""
        self._points = np.asarray(scene.points, np.float32)
        self.radius = bead_radius(len(self._points)) * scene.bead
        self._glowing = 0
        if not len(self._points):
            self._glowing = 0
            return
        v = np.empty(len(self._points), self._kinds)
        v["a_position"], v["a_colour"] = self._points, scene.colours
        self._tokens.set(v)
        self._merge_glow(v, scene.glow)

    def _merge_glow(self, tokens: gloo.AnyArray, glow: bool) -> None:
        """Draw one glow for all beads of a cell: many would add up to white."""
        if not glow or len(tokens) > MAX_GLOWING_BEADS:
            return
        cell = np.floor(self._points / (GLOW_CELL_RADII * self.radius)).astype(np.int64)
        key = cell @ np.array([1, 2048, 2048 * 2048])
        _, first, count = np.unique(key, return_index=True, return_counts=True)
        v = np.empty(len(first), [*self._kinds, ("a_glow", np.float32)])
        v["a_position"] = tokens["a_position"][first]
        v["a_colour"] = tokens["a_colour"][first]
        v["a_glow"] = np.minimum(count, MAX_GLOW_SHARE) ** 0.35
        self._glowing = len(first)
        self._lights.set(v)

    def set_camera(self, camera: Camera, solid: bool) -> None:
        """Set the camera's uniforms, and sort the beads from far to near."""
        d, projection = camera.distance, camera.projection
        horizon = 1 / d - d
        for p in (self._bead, self._point):
            p["u_viewport"], p["u_solid"] = camera.size, float(solid)
        for p in (self._bead, self._glow, self._point):
            p["u_view"], p["u_projection"] = camera.view.T, projection.T
            p["u_radius"], p["u_focus"], p["u_horizon"] = (
                self.radius,
                camera.focus,
                horizon,
            )
        pixels = self.radius * camera.pixels / camera.ratio
        self._bead["u_outline"] = float(np.clip(0.14 * pixels, 0.6, 1.8)) * camera.ratio
        self._bead["u_min_radius"] = self._point["u_min_radius"] = (
            MIN_RADIUS_PX * camera.ratio
        )
        self._point["u_outline"] = OUTLINE_PX * camera.ratio
        self._point["u_outline_strength"] = float(
            np.clip(pixels - MIN_RADIUS_PX, 0.0, 1.0)
        )
        self._lit = pixels >= MIN_LIT_RADIUS_PX and len(self._points) <= MAX_LIT_BEADS
        # depth in [0, 1] of a view z: half of (1 - m22) - m23 / z, for m the projection
        self._bead["u_plane"] = (0.5 - 0.5 * projection[2, 2], -0.5 * projection[2, 3])
        crowd = min(1.0, (300 / max(len(self._points), 1)) ** 0.5)
        self._glow["u_strength"] = self._strength * crowd
        self._sort(camera, horizon + d)

    def _sort(self, camera: Camera, horizon: float) -> None:
        """Upload the beads of each side of the horizon, from far to near."""
        if not 0 < len(self._points) <= MAX_SORTED_POINTS:
            return
        depth = self._points @ camera.rotation[2]
        order = np.argsort(depth).astype(np.uint32)
        room = HORIZON_MARGIN_RADII * self.radius
        first, last = np.searchsorted(depth[order], [horizon - room, horizon + room])
        parts = {FAR: order[:last], NEAR: order[first:], WHOLE: order}
        for half, part in parts.items():
            self._count[half] = len(part)
            if len(part):
                self._order[half].set_data(part)

    def draw_glow(self, open_: bool) -> None:
        """Draw the glow of the beads; without glass no horizon hides it."""
        if self._strength and self._glowing:
            set_blending(ADD)
            self._glow["u_open"] = float(open_)
            self._glow.draw("points")

    def draw(self, half: float) -> None:
        """Draw one side of the horizon, or all; beads at it are drawn on both."""
        n = len(self._points)
        if not n or (n <= MAX_SORTED_POINTS and not self._count[half]):
            return
        set_blending(OVER)
        p = self._bead if self._lit else self._point
        p["u_half"] = half
        with depth(self._lit, write=True):
            p.draw("points", self._order[half] if n <= MAX_SORTED_POINTS else None)
