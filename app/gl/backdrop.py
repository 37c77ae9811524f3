"""What does not turn with the camera: canvas, halo, background and glass, cached.

The key light is fixed to the camera, so the light on the globe depends only on the
size of the canvas and on the zoom.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from app.gl import gloo
from app.gl.glsl import program
from app.gl.state import OPAQUE, PREMULTIPLIED, Blend, reset_state, set_blending
from app.theme.palette import Theme, mix, rgb

if TYPE_CHECKING:
    from app.scene.camera import Camera

CORNERS = np.array([[-1, -1], [1, -1], [-1, 1], [1, 1]], np.float32)
WHOLE_CANVAS = (1.0, 1.0)  # in half canvases
TRANSPARENT = (0.0, 0.0, 0.0, 0.0)
HALO_RADIUS = 1.46  # limb radii, at which the halo has faded out
SOFT_EDGE_PX = 2.0  # around the glass
POTENTIAL_FLOOR = 0.52  # radius of zero potential, for the circle


def _paint(fragment: str) -> gloo.Program:
    """Return a program that paints the middle of the canvas."""
    paint = program("ray", fragment)
    paint["a_corner"] = gloo.vertex_buffer(CORNERS)
    return paint


class CachedImage:
    """An image as large as the canvas."""

    def __init__(self) -> None:
        self.image, self._target = gloo.image_texture(1, 1)
        self._size = (1, 1)
        self._copy = program("copy")
        self._copy["a_corner"] = gloo.vertex_buffer(CORNERS)
        self._copy["u_image"] = self.image
        self._source, self._copies = 0, True

    def paint(
        self, size: tuple[int, int], ground: tuple[float, ...], paint: gloo.Program
    ) -> None:
        """Paint the image again, over one colour."""
        if size != self._size:
            self._size = size
            self._target.resize((size[1], size[0]))
        with self._target:
            gloo.viewport(*size)
            gloo.clear(ground)
            set_blending(OPAQUE)
            paint.draw("triangle_strip")
            self._source = gloo.bound_framebuffer()

    def add(self, other: CachedImage, part: tuple[float, float]) -> None:
        """Blend the middle of another image of the same size over this one."""
        with self._target:
            gloo.viewport(*self._size)
            other.draw_blended(PREMULTIPLIED, part)

    def draw_blended(self, blend: Blend, part: tuple[float, float]) -> None:
        """Draw the middle of the image on the canvas."""
        set_blending(blend)
        self._copy["u_part"] = part
        self._copy.draw("triangle_strip")

    def draw(self) -> None:
        """Draw the image on the canvas: by a plain copy where possible."""
        self._copies = self._copies and gloo.blit(self._source, *self._size)
        if not self._copies:
            self.draw_blended(OPAQUE, WHOLE_CANVAS)


class Backdrop:
    """What is drawn behind the tokens: canvas, halo, back of the globe, glass."""

    def __init__(self, theme: Theme) -> None:
        self._background_image, self._glass_image = CachedImage(), CachedImage()
        self._programs = tuple(map(_paint, ("background", "glass", "disc")))
        self._background, self._glass, self._disc = self._programs
        self._disc["u_floor"] = POTENTIAL_FLOOR
        self._painted_for: tuple[object, ...] = ()
        self.set_theme(theme)

    @property
    def glass(self) -> gloo.Texture:
        """The image of the globe's near face."""
        return self._glass_image.image

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
        self._painted_for = ()

    def set_camera(self, camera: Camera, solid: bool) -> None:
        """Repaint what the camera changes; `solid`: whether there is glass."""
        key = (camera.size, camera.zoom, camera.flat, camera.ratio, solid)
        if key == self._painted_for:
            return
        self._painted_for = key
        reset_state()
        parts = (
            _part(camera, HALO_RADIUS, 0.0),
            _part(camera, 1.0, SOFT_EDGE_PX),
            WHOLE_CANVAS,
        )
        for paint, part in zip(self._programs, parts, strict=True):
            paint["u_reach"], paint["u_distance"] = camera.reach, camera.distance
            paint["u_pixel"], paint["u_part"] = 1.0 / camera.pixels, part
        self._background["u_solid"], self._disc["u_stroke"] = float(solid), camera.ratio
        ground = self._disc if camera.flat else self._background
        self._background_image.paint(camera.size, self._canvas, ground)
        if solid:
            self._glass_image.paint(camera.size, TRANSPARENT, self._glass)
            self._background_image.add(self._glass_image, parts[1])

    def draw(self) -> None:
        """Draw on the whole canvas."""
        self._background_image.draw()


def _part(camera: Camera, radii: float, pixels: float) -> tuple[float, float]:
    """Return half width and height, in half canvases, of a square around the globe."""
    w, h = camera.size
    half = 2 * (radii * camera.limb + pixels)
    return min(half / w, 1.0), min(half / h, 1.0)


def _colour(paint: gloo.Program, colours: dict[str, str]) -> None:
    for name, colour in colours.items():
        paint[f"u_{name}"] = rgb(colour)
