"""The edges of a graph: width shows weight, colour shows flux."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from app.gl import gloo
from app.gl.glsl import program
from app.gl.state import OVER, set_blending, set_world_uniforms
from app.theme.palette import Theme, rgb

if TYPE_CHECKING:
    import numpy.typing as npt

    from app.scene.camera import Camera
    from app.scene.scene import Lines, Scene

MAX_PIECES = 60_000  # of all edges, about
MAX_PIECES_PER_EDGE = 32  # pieces of an edge
PIECE_ANGLE = np.radians(6.0)  # of a great circle: it still looks round
EDGES_PER_ROW = 512  # edges in a row of the texture
TRIANGLE_CORNERS = (0, 1, 2, 2, 1, 3)  # of the four corners of a piece
MAX_SPARE_FACTOR = 2  # times the pieces needed, before ribbons are laid out again
MAX_OPAQUE_EDGES = 400  # edges: above, each is drawn fainter
WIDTHS_PX = (1.0, 4.0)  # at weight 0 and 1, where a globe has a radius of 300
OPACITIES = (0.45, 0.95)  # at weight and flux 0, and where either is 1
WIDTH_SCALE = (300.0, 0.8, 2.4)


def pieces(lines: Lines, straight: bool) -> npt.NDArray[np.intp]:
    """Return how many straight pieces each edge is drawn with, powers of two: (m,)."""
    m = len(lines.weight)
    if straight:
        return np.ones(m, np.intp)
    cosine = np.einsum("ij,ij->i", lines.start, lines.end).clip(-1, 1)
    most = min(MAX_PIECES_PER_EDGE, max(MAX_PIECES // m, 1))
    need = np.clip(np.arccos(cosine) / PIECE_ANGLE, 1, most)
    return np.exp2(np.ceil(np.log2(need))).astype(np.intp)


class Edges:
    """Edges whose end points are in a texture: an upload of 32 bytes each."""

    def __init__(self, theme: Theme, glass: gloo.Texture) -> None:
        self._program = program("edge", "ribbon")
        self._program["u_glass"], self._program["u_tint"] = glass, 1.0
        f4 = np.float32
        self._kinds = [("a_where", f4, 2), ("a_along", f4), ("a_side", f4)]
        self._ribbons = gloo.Vertices(np.zeros(1, self._kinds), self._program)
        blank = np.zeros((1, 2 * EDGES_PER_ROW, 4), f4)
        self._ends = gloo.texture(blank, "rgba32f", smooth=False)
        self._program["u_edges"] = self._ends
        self._program["u_next"] = 0.5 / EDGES_PER_ROW
        self._program["u_lift"] = 0.0
        self._corners = gloo.index_buffer(np.zeros(3, np.uint32))
        self._count, self._laid_out = 0, np.zeros(0, np.intp)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        self._minus, self._zero, self._plus = (rgb(c) for c in theme.flux)
        self._brass = rgb(theme.accent)

    def show(self, scene: Scene) -> None:
        """Draw the scene's edges."""
        lines = scene.edges
        self._count = m = 0 if lines is None else len(lines.weight)
        if lines is None or not m:
            return
        rows = -(-m // EDGES_PER_ROW)
        ends = np.zeros((rows * EDGES_PER_ROW, 2, 4), np.float32)
        ends[:m, 0, :3], ends[:m, 1, :3] = lines.start, lines.end
        ends[:m, 0, 3] = lines.weight
        self._brassy = lines.flux is None
        if lines.flux is not None:
            ends[:m, 1, 3] = lines.flux
        self._ends.set_data(ends.reshape(rows, 2 * EDGES_PER_ROW, 4))
        straight = not scene.on_sphere or scene.flat
        self._program["u_chord"] = float(straight)
        need = pieces(lines, straight)
        if self._must_lay_out(need):
            self._lay_out(need, rows)

    def _must_lay_out(self, need: npt.NDArray[np.intp]) -> bool:
        """Return whether edges have too few pieces, or far too many."""
        laid = self._laid_out
        if len(need) != len(laid) or bool((need > laid).any()):
            return True
        return int(laid.sum()) > MAX_SPARE_FACTOR * int(need.sum())

    def _lay_out(self, need: npt.NDArray[np.intp], rows: int) -> None:
        """Make a ribbon for each edge; its vertices hold the edge's texel."""
        self._laid_out = need
        edge = np.repeat(np.arange(len(need)), need + 1)
        first = np.cumsum(need + 1) - (need + 1)
        place = np.arange(len(edge)) - first[edge]
        v = np.empty((len(edge), 2), self._kinds)
        column = (edge % EDGES_PER_ROW + 0.25) / EDGES_PER_ROW
        row = (edge // EDGES_PER_ROW + 0.5) / rows
        v["a_where"] = np.stack([column, row], -1)[:, None]
        v["a_along"] = (place / need[edge])[:, None]
        v["a_side"] = (-1.0, 1.0)
        self._ribbons.set(v.reshape(-1))
        start = 2 * np.flatnonzero(place < need[edge])[:, None]
        self._corners.set_data(
            (start + np.array(TRIANGLE_CORNERS)).astype(np.uint32).ravel()
        )

    def set_camera(self, camera: Camera, solid: bool) -> None:
        """Set the camera's uniforms."""
        if not self._count:
            return
        p = self._program
        set_world_uniforms(p, camera, solid)
        per, low, high = WIDTH_SCALE
        scale = float(np.clip(camera.pixels / camera.ratio / per, low, high))
        p["u_width"] = tuple(w * scale * camera.ratio for w in WIDTHS_PX)
        crowd = min(1.0, (MAX_OPAQUE_EDGES / self._count) ** 0.4)
        p["u_alpha"] = tuple(a * crowd for a in OPACITIES)
        colours = (
            (self._brass,) * 3
            if self._brassy
            else (self._minus, self._zero, self._plus)
        )
        p["u_minus"], p["u_zero"], p["u_plus"] = colours

    def draw(self, half: float) -> None:
        """Draw one side of the horizon, or all."""
        if self._count:
            set_blending(OVER)
            self._program["u_half"] = half
            self._program.draw("triangles", self._corners)
