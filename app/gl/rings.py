"""Rings around tokens: one for the mass at a place, one for a chosen token."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from app.gl import gloo
from app.gl.glsl import program
from app.gl.state import OVER, set_blending, set_world_uniforms
from app.gl.strips import strip
from app.scene.scene import MIN_RING_MASS, bead_radius
from app.theme.palette import Theme, rgb

if TYPE_CHECKING:
    from app.scene.camera import Camera
    from app.scene.scene import Scene
    from sim.array_types import Single


POINTS_PER_RING = 61
MAX_RINGS = 96  # those of the largest masses


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

    def set_rings(self, x: Single, rgba: Single, root: Single) -> None:
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

    def set_camera(
        self, camera: Camera, solid: bool, bead: float, upright: bool
    ) -> None:
        """Set the camera's uniforms; `upright` circles face the camera."""
        if not self._count:
            return
        p, ratio = self._program, camera.ratio
        set_world_uniforms(p, camera, solid)
        p["u_right"], p["u_up"] = camera.rotation[0], camera.rotation[1]
        p["u_flat"], p["u_scale"] = float(upright), camera.focus
        own, grown, gap = self._radius
        p["u_radius"] = (own * bead, grown * bead, gap * ratio)
        least, more, most = self._width
        p["u_width"], p["u_max_width"] = (least * ratio, more * ratio), most * ratio

    def draw(self, half: float) -> None:
        """Draw one side of the horizon, or all."""
        if self._count:
            set_blending(OVER)
            self._program["u_half"] = half
            self._program.draw("triangle_strip")


class MassRings:
    """A ring around each cluster, wider with more tokens."""

    def __init__(self, theme: Theme, glass: gloo.Texture) -> None:
        self._rings = Rings(glass, (1.55, 0.22, 2.0), (1.0, 0.22, 5.0))
        self._bead, self._upright = 0.0, False
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        self._ink = rgb("#FFFFFF") if theme.dark else rgb(theme.text)

    def show(self, scene: Scene) -> None:
        """Draw a ring around each token whose mass counts others too."""
        mass = scene.mass
        none = np.zeros(0, np.intp)
        heads = none if mass is None else np.flatnonzero(mass >= MIN_RING_MASS)
        if mass is None or not len(heads):
            self._rings.set_rings(*_no_rings())
            return
        heads = heads[np.argsort(-mass[heads], kind="stable")[:MAX_RINGS]]
        rgba = scene.colours[heads].copy()
        rgba[:, :3] += 0.25 * (self._ink - rgba[:, :3])
        rgba[:, 3] *= 0.85
        self._bead = bead_radius(len(scene.points)) * scene.bead
        self._upright = scene.flat or not scene.on_sphere
        self._rings.set_rings(scene.points[heads], rgba, np.sqrt(mass[heads]))

    def set_camera(self, camera: Camera, solid: bool) -> None:
        """Set the camera's uniforms."""
        self._rings.set_camera(camera, solid, self._bead, self._upright)

    def draw(self, half: float) -> None:
        """Draw one side of the horizon, or all."""
        self._rings.draw(half)


class SelectionRings:
    """A brass ring, over a dark one, around each chosen token; it faces the camera."""

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

    def show(self, scene: Scene) -> None:
        """Draw a ring around each chosen token."""
        if scene.chosen is None or not scene.chosen.any():
            x, _, root = _no_rings()
        else:
            x = scene.points[scene.chosen]
            root = np.zeros(len(x), np.float32)
        self._bead = bead_radius(len(scene.points)) * scene.bead
        for ring, colour in zip((self._dark, self._brass), self._colours, strict=True):
            ring.set_rings(x, np.repeat(colour[None], len(x), 0), root)

    def set_camera(self, camera: Camera, solid: bool) -> None:
        """Set the camera's uniforms."""
        for ring in (self._dark, self._brass):
            ring.set_camera(camera, solid, self._bead, upright=True)

    def draw(self, half: float) -> None:
        """Draw one side of the horizon, or all."""
        self._dark.draw(half)
        self._brass.draw(half)


def _no_rings() -> tuple[Single, Single, Single]:
    f4 = np.float32
    return np.zeros((0, 3), f4), np.zeros((0, 4), f4), np.zeros(0, f4)
