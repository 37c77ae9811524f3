"""Rings around tokens: one for the mass at a place, one for a chosen token."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from app.gl import gloo
from app.gl.glsl import program
from app.gl.state import OVER, aim, use
from app.gl.strips import strip
from app.scene.scene import bead_radius
from app.theme.palette import Theme, rgb

if TYPE_CHECKING:
    from app.scene.camera import Camera
    from app.scene.scene import Scene
    from sim.array_types import Single


POINTS_PER_RING = 61  # of a circle
MAX_RINGS = 96  # rings drawn: the heaviest
MIN_MASS = 2  # tokens: a single one has no ring


class Rings:
    """Circles around points.

    Parameters
    ----------
    glass : Texture
        The glass in front of the far ones.
    radius : tuple of float
        Bead radii; bead radii added with the root of the mass; pixels added.
    width : tuple of float
        Pixels; pixels added with the root of the mass; most pixels.
    """

    def __init__(
        self,
        glass: gloo.Texture,
        radius: tuple[float, float, float],
        width: tuple[float, float, float],
    ) -> None:
        self._program = program("ring", "ribbon")
        self._program["u_glass"], self._program["u_tint"] = glass, 1.0
        f4 = np.float32
        ones = [(f"a_{k}", f4) for k in ("root", "turn", "side")]
        self._kinds = [("a_centre", f4, 3), ("a_colour", f4, 4), *ones]
        self._vertices = gloo.Vertices(np.zeros(1, self._kinds), self._program)
        self._radius, self._width, self._count = radius, width, 0

    def put(self, x: Single, rgba: Single, root: Single) -> None:
        """Draw circles: around (m, 3), coloured (m, 4), for roots of masses (m,)."""
        self._count = len(x)
        if not self._count:
            return
        point, side = strip(POINTS_PER_RING)
        v = np.empty((len(x), len(point)), self._kinds)
        v["a_centre"], v["a_colour"] = x[:, None], rgba[:, None]
        v["a_root"], v["a_side"] = root[:, None], side
        v["a_turn"] = point * (2 * np.pi / (POINTS_PER_RING - 1))
        self._vertices.set(v.reshape(-1))

    def look(self, camera: Camera, solid: bool, bead: float, upright: bool) -> None:
        """Take the camera's place; circles face the eye or lie on the globe."""
        if not self._count:
            return
        p, ratio = self._program, camera.ratio
        aim(p, camera, solid)
        p["u_right"], p["u_up"] = camera.turn[0], camera.turn[1]
        p["u_flat"], p["u_scale"] = float(upright), camera.focus
        own, grown, gap = self._radius
        p["u_radius"] = (own * bead, grown * bead, gap * ratio)
        least, more, most = self._width
        p["u_width"], p["u_most"] = (least * ratio, more * ratio), most * ratio

    def draw(self, half: float) -> None:
        """Draw one side of the horizon, or all."""
        if self._count:
            use(OVER)
            self._program["u_half"] = half
            self._program.draw("triangle_strip")


class Masses:
    """A ring on the globe around each cluster, wide where it is heavy."""

    def __init__(self, theme: Theme, glass: gloo.Texture) -> None:
        self._rings = Rings(glass, (1.55, 0.22, 2.0), (1.0, 0.22, 5.0))
        self._bead, self._upright = 0.0, False
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        self._ink = rgb("#FFFFFF") if theme.dark else rgb(theme.text)

    def show(self, picture: Scene) -> None:
        """Draw a ring around each token that speaks for others."""
        mass = picture.mass
        none = np.zeros(0, np.intp)
        heads = none if mass is None else np.flatnonzero(mass >= MIN_MASS)
        if mass is None or not len(heads):
            self._rings.put(*_nothing())
            return
        heads = heads[np.argsort(-mass[heads], kind="stable")[:MAX_RINGS]]
        rgba = picture.colours[heads].copy()
        rgba[:, :3] += 0.25 * (self._ink - rgba[:, :3])
        rgba[:, 3] *= 0.85
        self._bead = bead_radius(len(picture.points)) * picture.bead
        self._upright = picture.flat or not picture.on_sphere
        self._rings.put(picture.points[heads], rgba, np.sqrt(mass[heads]))

    def look(self, camera: Camera, solid: bool) -> None:
        """Take the camera's place."""
        self._rings.look(camera, solid, self._bead, self._upright)

    def draw(self, half: float) -> None:
        """Draw one side of the horizon, or all."""
        self._rings.draw(half)


class Marks:
    """A brass ring, on a dark one, around each chosen token; it faces the eye."""

    def __init__(self, theme: Theme, glass: gloo.Texture) -> None:
        self._dark = Rings(glass, (1.25, 0.0, 4.0), (4.0, 0.0, 4.0))
        self._brass = Rings(glass, (1.25, 0.0, 4.0), (2.0, 0.0, 2.0))
        self._bead = 0.0
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        self._colours = (
            np.r_[rgb(theme.canvas), np.float32(0.55)],
            np.r_[rgb(theme.accent), np.float32(1.0)],
        )

    def show(self, picture: Scene) -> None:
        """Draw a ring around each chosen token."""
        if picture.chosen is None or not picture.chosen.any():
            x, _, root = _nothing()
        else:
            x = picture.points[picture.chosen]
            root = np.zeros(len(x), np.float32)
        self._bead = bead_radius(len(picture.points)) * picture.bead
        for ring, colour in zip((self._dark, self._brass), self._colours, strict=True):
            ring.put(x, np.repeat(colour[None], len(x), 0), root)

    def look(self, camera: Camera, solid: bool) -> None:
        """Take the camera's place."""
        for ring in (self._dark, self._brass):
            ring.look(camera, solid, self._bead, upright=True)

    def draw(self, half: float) -> None:
        """Draw one side of the horizon, or all."""
        self._dark.draw(half)
        self._brass.draw(half)


def _nothing() -> tuple[Single, Single, Single]:
    f4 = np.float32
    return np.zeros((0, 3), f4), np.zeros((0, 4), f4), np.zeros(0, f4)
