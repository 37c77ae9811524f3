"""What does not turn with the camera: canvas, halo, wall and glass, painted once.

The lamp is fixed to the eye, so the light on the globe depends on the size of the pane
and on the zoom alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from app.gl import gloo
from app.gl.glsl import program
from app.gl.state import OPAQUE, PREMULTIPLIED, Blend, begin, use
from app.palette import Theme, mix, rgb

if TYPE_CHECKING:
    from app.gl.camera import Camera

CORNERS = np.array([[-1, -1], [1, -1], [-1, 1], [1, 1]], np.float32)
HILL_FLOOR = 0.52  # radius where the potential of the circle starts


def _paint(fragment: str) -> gloo.Program:
    """Return a program that paints the whole pane."""
    paint = program("ray", fragment)
    paint["a_corner"] = gloo.vertices(CORNERS)
    return paint


class Kept:
    """A picture as large as the pane."""

    def __init__(self) -> None:
        self.picture, self._target = gloo.canvas_texture(1, 1)
        self._size = (1, 1)
        self._paste = program("paste")
        self._paste["a_corner"] = gloo.vertices(CORNERS)
        self._paste["u_picture"], self._paste["u_part"] = self.picture, (1.0, 1.0)
        self._source, self._copies = 0, True

    def paint(self, size: tuple[int, int], *layers: tuple[gloo.Program, Blend]) -> None:
        """Paint the picture anew, layer on layer."""
        if size != self._size:
            self._size = size
            self._target.resize((size[1], size[0]))
        with self._target:
            gloo.viewport(*size)
            for paint, blend in layers:
                use(blend)
                paint.draw("triangle_strip")
            self._source = gloo.bound()

    def put(self) -> None:
        """Put the picture on the pane: by a plain copy, where that can be done."""
        self._copies = self._copies and gloo.copy(self._source, *self._size)
        if not self._copies:
            use(OPAQUE)
            self._paste.draw("triangle_strip")


class Backdrop:
    """What the pane holds before there is any token: glass and all."""

    def __init__(self, theme: Theme) -> None:
        self._whole, self._front = Kept(), Kept()
        self._wall, self._glass, self._plate = map(_paint, ("wall", "glass", "plate"))
        self._plate["u_floor"] = HILL_FLOOR
        self._seen: tuple[object, ...] = ()
        self.dress(theme)

    @property
    def glass(self) -> gloo.Texture:
        """The near face of the globe, as it is on the pane."""
        return self._front.picture

    def dress(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        g = theme.glass
        colours = {"canvas": theme.canvas, "deep": g.deep, "rim": g.rim}
        _colour(self._wall, colours)
        _colour(self._glass, {"glass": g.glass, "rim": g.rim})
        colours["deep"] = mix(g.deep, theme.canvas, 0.45)
        colours |= {"glass": g.glass, "line": theme.text, "brass": theme.accent}
        _colour(self._plate, colours)
        self._wall["u_shade"] = self._glass["u_shade"] = g.shade
        self._wall["u_halo"] = self._plate["u_halo"] = g.halo
        self._plate["u_line_alpha"] = g.line_alpha
        self._glass["u_veil"], self._glass["u_shine"] = g.veil, g.shine
        self._seen = ()

    def look(self, camera: Camera, solid: bool) -> None:
        """Paint what is no longer good; `solid` says whether there is glass."""
        seen = (camera.size, camera.zoom, camera.flat, camera.ratio, solid)
        if seen == self._seen:
            return
        self._seen = seen
        begin()
        for paint in (self._wall, self._glass, self._plate):
            paint["u_reach"], paint["u_distance"] = camera.reach, camera.distance
            paint["u_pixel"] = 1.0 / camera.pixels
        self._wall["u_solid"], self._plate["u_stroke"] = float(solid), camera.ratio
        wall, over = (self._wall, OPAQUE), (self._glass, PREMULTIPLIED)
        if camera.flat:
            self._whole.paint(camera.size, (self._plate, OPAQUE))
        elif solid:
            self._whole.paint(camera.size, wall, over)
            self._front.paint(camera.size, (self._glass, OPAQUE))
        else:
            self._whole.paint(camera.size, wall)

    def draw(self) -> None:
        """Draw all over the pane."""
        self._whole.put()


def _colour(paint: gloo.Program, colours: dict[str, str]) -> None:
    for name, colour in colours.items():
        paint[f"u_{name}"] = rgb(colour)
