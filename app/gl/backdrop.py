"""What does not turn with the camera: canvas, halo, background and glass, painted once.

The key light is fixed to the eye, so the light on the globe depends on the size of the
pane and on the zoom alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from app.gl import gloo
from app.gl.glsl import program
from app.gl.state import OPAQUE, PREMULTIPLIED, Blend, begin, use
from app.theme.palette import Theme, mix, rgb

if TYPE_CHECKING:
    from app.scene.camera import Camera

CORNERS = np.array([[-1, -1], [1, -1], [-1, 1], [1, 1]], np.float32)
PANE = (1.0, 1.0)  # all of it, in half panes
TRANSPARENT = (0.0, 0.0, 0.0, 0.0)
HALO_RADIUS = 1.46  # radii of the limb: there the light around the globe has faded out
SOFT_EDGE_PX = 2.0  # pixels of soft edge around the glass
POTENTIAL_FLOOR = 0.52  # radius where the potential of the circle starts


def _paint(fragment: str) -> gloo.Program:
    """Return a program that paints the middle of the pane."""
    paint = program("ray", fragment)
    paint["a_corner"] = gloo.vertices(CORNERS)
    return paint


class Kept:
    """A picture as large as the pane."""

    def __init__(self) -> None:
        self.picture, self._target = gloo.canvas_texture(1, 1)
        self._size = (1, 1)
        self._copy = program("copy")
        self._copy["a_corner"] = gloo.vertices(CORNERS)
        self._copy["u_picture"] = self.picture
        self._source, self._copies = 0, True

    def paint(
        self, size: tuple[int, int], ground: tuple[float, ...], paint: gloo.Program
    ) -> None:
        """Paint the picture anew, on an even ground."""
        if size != self._size:
            self._size = size
            self._target.resize((size[1], size[0]))
        with self._target:
            gloo.viewport(*size)
            gloo.clear(ground)
            use(OPAQUE)
            paint.draw("triangle_strip")
            self._source = gloo.bound()

    def add(self, other: Kept, part: tuple[float, float]) -> None:
        """Lay the middle of another picture of the same size over this one."""
        with self._target:
            gloo.viewport(*self._size)
            other.paste(PREMULTIPLIED, part)

    def paste(self, blend: Blend, part: tuple[float, float]) -> None:
        """Draw the middle of the picture on the pane."""
        use(blend)
        self._copy["u_part"] = part
        self._copy.draw("triangle_strip")

    def put(self) -> None:
        """Put the picture on the pane: by a plain copy, where that can be done."""
        self._copies = self._copies and gloo.copy(self._source, *self._size)
        if not self._copies:
            self.paste(OPAQUE, PANE)


class Backdrop:
    """What the pane holds before there is any token: glass and all."""

    def __init__(self, theme: Theme) -> None:
        self._whole, self._front = Kept(), Kept()
        self._paints = tuple(map(_paint, ("background", "glass", "disc")))
        self._background, self._glass, self._disc = self._paints
        self._disc["u_floor"] = POTENTIAL_FLOOR
        self._seen: tuple[object, ...] = ()
        self.set_theme(theme)

    @property
    def glass(self) -> gloo.Texture:
        """The near face of the globe, as it is on the pane."""
        return self._front.picture

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        g = theme.glass
        colours = {"canvas": theme.canvas, "deep": g.deep, "rim": g.rim}
        _colour(self._background, colours)
        _colour(self._glass, {"glass": g.glass, "rim": g.rim})
        colours["deep"] = mix(g.deep, theme.canvas, 0.45)
        colours |= {"glass": g.glass, "line": theme.text, "brass": theme.accent}
        _colour(self._disc, colours)
        self._background["u_shade"] = self._glass["u_shade"] = g.shade
        self._background["u_halo"] = self._disc["u_halo"] = g.halo
        self._disc["u_line_alpha"] = g.line_alpha
        self._glass["u_opacity"], self._glass["u_shine"] = g.opacity, g.shine
        self._canvas = (*rgb(theme.canvas).tolist(), 1.0)
        self._seen = ()

    def look(self, camera: Camera, solid: bool) -> None:
        """Paint what is no longer good; `solid` says whether there is glass."""
        seen = (camera.size, camera.zoom, camera.flat, camera.ratio, solid)
        if seen == self._seen:
            return
        self._seen = seen
        begin()
        parts = (
            _part(camera, HALO_RADIUS, 0.0),
            _part(camera, 1.0, SOFT_EDGE_PX),
            PANE,
        )
        for paint, part in zip(self._paints, parts, strict=True):
            paint["u_reach"], paint["u_distance"] = camera.reach, camera.distance
            paint["u_pixel"], paint["u_part"] = 1.0 / camera.pixels, part
        self._background["u_solid"], self._disc["u_stroke"] = float(solid), camera.ratio
        ground = self._disc if camera.flat else self._background
        self._whole.paint(camera.size, self._canvas, ground)
        if solid:
            self._front.paint(camera.size, TRANSPARENT, self._glass)
            self._whole.add(self._front, parts[1])

    def draw(self) -> None:
        """Draw all over the pane."""
        self._whole.put()


def _part(camera: Camera, radii: float, pixels: float) -> tuple[float, float]:
    """Return half width and height, in half panes, of a square around the globe."""
    w, h = camera.size
    half = 2 * (radii * camera.limb + pixels)
    return min(half / w, 1.0), min(half / h, 1.0)


def _colour(paint: gloo.Program, colours: dict[str, str]) -> None:
    for name, colour in colours.items():
        paint[f"u_{name}"] = rgb(colour)
