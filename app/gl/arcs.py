"""Whom the chosen tokens attend to: great circles, wide where the weight is large."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from app.gl import gloo
from app.gl.glsl import program
from app.gl.state import OVER, aim, use
from app.gl.strips import strip
from app.theme.palette import Theme, mix, rgb

if TYPE_CHECKING:
    from app.scene.camera import Camera
    from app.scene.scene import Scene

POINTS_PER_ARC = 41  # of an arc
MAX_ARCS = 160  # arcs drawn: the heaviest
ARC_LIFT = 0.06  # globe radii: height of the middle of a quarter turn
MIN_WIDTH_PX, MAX_WIDTH_PX = 1.1, 4.6  # pixels, where a globe has a radius of 300
WIDTH_SCALE = (300.0, 0.8, 2.4)


class Arcs:
    """Light arcs first, so that heavy ones lie on top."""

    def __init__(self, theme: Theme, glass: gloo.Texture) -> None:
        self._program = program("arc")
        self._program["u_glass"], self._program["u_tint"] = glass, 1.0
        f4 = np.float32
        ends = [("a_from", f4, 3), ("a_to", f4, 3)]
        self._kinds = [*ends, ("a_along", f4), ("a_side", f4), ("a_weight", f4)]
        self._vertices = gloo.Vertices(np.zeros(1, self._kinds), self._program)
        self._program["u_lift"], self._program["u_opacity"] = ARC_LIFT, 0.95
        self._count = 0
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        pale = "#FFFFFF" if theme.dark else "#C98A1B"
        self._program["u_brass"] = rgb(theme.accent)
        self._program["u_heart"] = rgb(mix(theme.accent, pale, 0.55))

    def show(self, picture: Scene) -> None:
        """Draw the picture's arcs."""
        lines = picture.arcs
        self._count = 0 if lines is None else len(lines.weight)
        if lines is None or not self._count:
            return
        heavy = np.argsort(lines.weight, kind="stable")[-MAX_ARCS:]
        point, side = strip(POINTS_PER_ARC)
        v = np.empty((len(heavy), len(point)), self._kinds)
        v["a_from"], v["a_to"] = lines.start[heavy, None], lines.end[heavy, None]
        v["a_weight"] = lines.weight[heavy, None]
        v["a_along"], v["a_side"] = point / (POINTS_PER_ARC - 1), side
        self._vertices.set(v.reshape(-1))
        self._program["u_chord"] = float(not picture.on_sphere or picture.flat)

    def look(self, camera: Camera, solid: bool) -> None:
        """Take the camera's place."""
        p = self._program
        aim(p, camera, solid)
        per, low, high = WIDTH_SCALE
        scale = float(np.clip(camera.pixels / camera.ratio / per, low, high))
        p["u_thin"] = MIN_WIDTH_PX * scale * camera.ratio
        p["u_wide"] = MAX_WIDTH_PX * scale * camera.ratio

    def draw(self, half: float) -> None:
        """Draw one side of the horizon, or all."""
        if self._count:
            use(OVER)
            self._program["u_half"] = half
            self._program.draw("triangle_strip")
