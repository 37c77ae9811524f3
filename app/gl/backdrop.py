"""What does not turn with the camera: wall, halo and glass, painted once and kept.

The lamp is fixed to the eye, so the light on the globe depends on the size of the pane
and on the zoom alone.
"""

from __future__ import annotations

import numpy as np

from app.gl import gloo
from app.gl.camera import FIELD, MARGIN, Camera
from app.gl.glsl import program
from app.gl.state import OPAQUE, PREMULTIPLIED, Blend, use
from app.palette import Theme, mix, rgb

CORNERS = np.array([[-1, -1], [1, -1], [-1, 1], [1, 1]], np.float32)
SIDES = 24  # of the polygon around the glass: few wasted pixels
HILL_FLOOR = 0.52  # radius where the potential of the circle starts


class Kept:
    """A picture as large as the pane, painted by one program, pasted many times."""

    def __init__(self, fragment: str, outline: gloo.Array, shape: str) -> None:
        self.paint = program("ray", fragment)
        self.paint["a_corner"] = gloo.vertices(CORNERS)
        self._paste = program("paste")
        self._paste["a_corner"] = gloo.vertices(outline)
        self._shape = shape
        self._picture, self._target = gloo.canvas_texture(1, 1)
        self._paste["u_picture"] = self._picture
        self._size, self._stale = (1, 1), True
        self._seen: tuple[object, ...] = ()

    def forget(self) -> None:
        """Paint again before the next paste."""
        self._stale = True

    def prepare(self, camera: Camera) -> None:
        """Paint, unless the picture is still good for `camera`."""
        seen = (camera.size, camera.zoom, camera.flat, camera.ratio)
        if not self._stale and seen == self._seen:
            return
        self._stale, self._seen = False, seen
        if camera.size != self._size:
            self._size = camera.size
            self._target.resize((camera.size[1], camera.size[0]))
        self.paint["u_reach"] = camera.reach
        self.paint["u_distance"] = camera.distance
        self.paint["u_pixel"] = 1.0 / camera.pixels
        with self._target:
            gloo.viewport(*camera.size)
            use(OPAQUE)
            self.paint.draw("triangle_strip")

    def paste(self, blend: Blend, part: tuple[float, float]) -> None:
        """Put the picture, or its middle, on the pane."""
        use(blend)
        self._paste["u_part"] = part
        self._paste.draw(self._shape)


def polygon(sides: int) -> gloo.Array:
    """Return a regular polygon around the unit circle, (sides, 2), as a fan."""
    turn = np.arange(sides) / sides * 2 * np.pi
    around = np.stack([np.cos(turn), np.sin(turn)], -1) / np.cos(np.pi / sides)
    return around.astype(np.float32)


class Backdrop:
    """`behind` is drawn before all else, `before` when all far things are drawn."""

    def __init__(self, theme: Theme) -> None:
        self._wall = Kept("wall", CORNERS, "triangle_strip")
        self._plate = Kept("plate", CORNERS, "triangle_strip")
        self._glass = Kept("glass", polygon(SIDES), "triangle_fan")
        self._plate.paint["u_floor"] = HILL_FLOOR
        self._solid, self._part = True, (1.0, 1.0)
        self.dress(theme)

    def dress(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        g = theme.glass
        colours = {"canvas": theme.canvas, "deep": g.deep, "rim": g.rim}
        _colour(self._wall.paint, colours)
        _colour(self._glass.paint, {"glass": g.glass, "rim": g.rim})
        colours["deep"] = mix(g.deep, theme.canvas, 0.45)
        colours |= {"glass": g.glass, "line": theme.text, "brass": theme.accent}
        _colour(self._plate.paint, colours)
        self._wall.paint["u_shade"] = self._glass.paint["u_shade"] = g.shade
        self._wall.paint["u_halo"] = self._plate.paint["u_halo"] = g.halo
        self._plate.paint["u_line_alpha"] = g.line_alpha
        self._glass.paint["u_veil"], self._glass.paint["u_shine"] = g.veil, g.shine
        for kept in (self._wall, self._plate, self._glass):
            kept.forget()

    def look(self, camera: Camera, solid: bool) -> None:
        """Paint what is not good for `camera`; `solid` says whether there is glass."""
        if camera.flat:
            self._plate.paint["u_stroke"] = max(camera.ratio, 1.0)
            self._plate.prepare(camera)
            return
        if solid != self._solid:
            self._solid = solid
            self._wall.forget()
        self._wall.paint["u_solid"] = float(solid)
        self._wall.prepare(camera)
        if solid:
            self._glass.prepare(camera)
        radius = MARGIN / camera.zoom / np.tan(FIELD / 2)  # distance over limb radius
        limb = camera.focus / radius + 2.0  # pixels, with the soft edge
        self._part = (2 * limb / camera.size[0], 2 * limb / camera.size[1])

    def behind(self, flat: bool) -> None:
        """Draw canvas, halo and wall, or the plate of the circle."""
        (self._plate if flat else self._wall).paste(OPAQUE, (1.0, 1.0))

    def before(self) -> None:
        """Draw the glass over what lies behind it."""
        self._glass.paste(PREMULTIPLIED, self._part)


def _colour(paint: gloo.Program, colours: dict[str, str]) -> None:
    for name, colour in colours.items():
        paint[f"u_{name}"] = rgb(colour)
