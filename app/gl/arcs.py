"""Attention of the chosen tokens: great circles, wider with larger weights.

Differences of two heads are blue or orange, as in their matrix.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from app.gl import gloo
from app.gl.glsl import program
from app.gl.state import OVER, set_blending, set_world_uniforms
from app.gl.strips import strip
from app.theme.palette import Theme, mix, rgb

if TYPE_CHECKING:
    from app.scene.camera import Camera
    from app.scene.scene import Scene

POINTS_PER_ARC = 41
MAX_ARCS = 160  # those of the largest weights
ARC_LIFT = 0.06  # globe radii: height of the middle of a 90° arc
MIN_WIDTH_PX, MAX_WIDTH_PX = 1.1, 4.6  # where a globe has a radius of 300
WIDTH_SCALE = (300.0, 0.8, 2.4)


class Arcs:
    """Arcs, drawn from small to large weights."""

    def __init__(self, theme: Theme, glass: gloo.Texture) -> None:
        self._program = program("arc")
        self._program["u_glass"], self._program["u_tint"] = glass, 1.0
        f4 = np.float32
        ends = [("a_from", f4, 3), ("a_to", f4, 3)]
        along = [("a_along", f4), ("a_side", f4)]
        self._kinds = [*ends, *along, ("a_weight", f4), ("a_sign", f4)]
        self._vertices = gloo.Vertices(np.zeros(1, self._kinds), self._program)
        self._program["u_lift"], self._program["u_opacity"] = ARC_LIFT, 0.95
        self._count = 0
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        pale = "#FFFFFF" if theme.dark else "#C98A1B"
        self._program["u_brass"] = rgb(theme.accent)
        self._program["u_core"] = rgb(mix(theme.accent, pale, 0.55))
        self._program["u_minus"] = rgb(theme.flux[0])
        self._program["u_plus"] = rgb(theme.flux[2])

    def show(self, scene: Scene) -> None:
        """Draw the scene's arcs."""
        lines = scene.arcs
        self._count = 0 if lines is None else len(lines.weight)
        if lines is None or not self._count:
            return
        largest = np.argsort(lines.weight, kind="stable")[-MAX_ARCS:]
        point, side = strip(POINTS_PER_ARC)
        v = np.empty((len(largest), len(point)), self._kinds)
        v["a_from"], v["a_to"] = lines.start[largest, None], lines.end[largest, None]
        v["a_weight"] = lines.weight[largest, None]
        plain = np.zeros(len(lines.weight), np.float32)
        sign = plain if lines.flux is None else lines.flux
        v["a_sign"] = sign[largest, None]
        v["a_along"], v["a_side"] = point / (POINTS_PER_ARC - 1), side
        self._vertices.set(v.reshape(-1))
        self._program["u_chord"] = float(not scene.on_sphere or scene.flat)

    def set_camera(self, camera: Camera, solid: bool) -> None:
        """Set the camera's uniforms."""
        p = self._program
        set_world_uniforms(p, camera, solid)
        per, low, high = WIDTH_SCALE
        scale = float(np.clip(camera.pixels / camera.ratio / per, low, high))
        p["u_min_width"] = MIN_WIDTH_PX * scale * camera.ratio
        p["u_max_width"] = MAX_WIDTH_PX * scale * camera.ratio

    def draw(self, half: float) -> None:
        """Draw one side of the horizon, or all."""
        if self._count:
            set_blending(OVER)
            self._program["u_half"] = half
            self._program.draw("triangle_strip")
