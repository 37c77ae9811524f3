"""The edges of a graph, coloured by what flows along them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from app.gl import gloo
from app.gl.glsl import program
from app.gl.state import OVER, aim, use
from app.gl.strips import strip
from app.palette import Theme, rgb

if TYPE_CHECKING:
    from app.gl.camera import Camera
    from app.gl.picture import Picture

PIECES = 60_000  # in all
FEWEST, MOST = 3, 32  # pieces of an edge
ROW = 512  # edges in a row of the texture
CROWD = 400  # edges: above, each is drawn fainter
WIDTH = (0.8, 2.6)  # pixels at weight 0 and 1, where a globe has a radius of 300
ALPHA = (0.30, 0.95)  # at weight 0 and 1
SCALE = (300.0, 0.8, 2.4)


def points(m: int) -> int:
    """Return how many points each of m edges is drawn with."""
    return int(np.clip(PIECES // max(m, 1), FEWEST, MOST)) + 1


class Edges:
    """Where edges run is written to a texture: one upload of 32 bytes an edge."""

    def __init__(self, theme: Theme, glass: gloo.Texture) -> None:
        self._program = program("edge", "ribbon")
        self._program["u_glass"], self._program["u_tint"] = glass, 1.0
        f4 = np.float32
        self._kinds = [("a_where", f4, 2), ("a_along", f4), ("a_side", f4)]
        self._strips = gloo.Vertices(np.zeros(1, self._kinds), self._program)
        blank = np.zeros((1, 2 * ROW, 4), f4)
        self._ends = gloo.texture(blank, "rgba32f", smooth=False)
        self._program["u_edges"], self._program["u_next"] = self._ends, 0.5 / ROW
        self._program["u_lift"] = 0.0
        self._count = self._laid_out = 0
        self.dress(theme)

    def dress(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        self._minus, self._zero, self._plus = (rgb(c) for c in theme.flux)
        self._brass = rgb(theme.accent)

    def show(self, picture: Picture) -> None:
        """Draw the picture's edges."""
        lines = picture.edges
        self._count = m = 0 if lines is None else len(lines.weight)
        if lines is None or not m:
            return
        rows = -(-m // ROW)
        ends = np.zeros((rows * ROW, 2, 4), np.float32)
        ends[:m, 0, :3], ends[:m, 1, :3] = lines.start, lines.end
        ends[:m, 0, 3] = lines.weight
        self._brassy = lines.flux is None
        if lines.flux is not None:
            ends[:m, 1, 3] = lines.flux
        self._ends.set_data(ends.reshape(rows, 2 * ROW, 4))
        self._program["u_chord"] = float(not picture.on_sphere or picture.flat)
        if m != self._laid_out:
            self._lay_out(m, rows)

    def _lay_out(self, m: int, rows: int) -> None:
        """Make a strip for each edge that says where in the texture it is."""
        self._laid_out = m
        k = points(m)
        point, side = strip(k)
        v = np.empty((m, len(point)), self._kinds)
        number = np.arange(m)
        column, row = (number % ROW + 0.25) / ROW, (number // ROW + 0.5) / rows
        v["a_where"] = np.stack([column, row], -1)[:, None]
        v["a_along"], v["a_side"] = point / (k - 1), side
        self._strips.set(v.reshape(-1))

    def look(self, camera: Camera, solid: bool) -> None:
        """Take the camera's place."""
        if not self._count:
            return
        p = self._program
        aim(p, camera, solid)
        per, low, high = SCALE
        scale = float(np.clip(camera.pixels / camera.ratio / per, low, high))
        p["u_width"] = tuple(w * scale * camera.ratio for w in WIDTH)
        crowd = min(1.0, (CROWD / self._count) ** 0.4)
        p["u_alpha"] = tuple(a * crowd for a in ALPHA)
        colours = (
            (self._brass,) * 3
            if self._brassy
            else (self._minus, self._zero, self._plus)
        )
        p["u_minus"], p["u_zero"], p["u_plus"] = colours

    def draw(self, half: float) -> None:
        """Draw one side of the horizon, or all."""
        if self._count:
            use(OVER)
            self._program["u_half"] = half
            self._program.draw("triangle_strip")
