"""Circles of latitude and longitude on the globe; the equator in brass."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from app.gl import gloo
from app.gl.glsl import program
from app.gl.state import OVER, set_blending, set_world_uniforms
from app.gl.strips import strip
from app.theme.palette import Theme, rgb

if TYPE_CHECKING:
    from app.scene.camera import Camera

POINTS_PER_CIRCLE = 73  # pieces of 5 degrees: round to a third of a pixel
LINE_STEP_DEG = 30  # degrees between lines
POLE_FADE = (0.10, 0.50)  # distances from the axis between which meridians fade in
STROKE_SCALE = (210.0, 1.0, 3.0)  # pixels of the globe's radius a pixel of line; bounds
FAR_STRENGTHS = (1.5, 3.0)  # of lines and of the equator
NEAR_STRENGTHS = (1.35, 3.0)
GUIDE_FACTOR = 1.5  # stronger where there is no glass


def _meridians() -> gloo.AnyArray:
    """Return the circles of longitude: points and tangents, (6, k, 2, 3)."""
    turn = np.linspace(0, 2 * np.pi, POINTS_PER_CIRCLE)
    a = np.radians(np.arange(0, 180, LINE_STEP_DEG))[:, None]
    c, s = np.cos(turn), np.sin(turn)
    x = np.stack([c * np.cos(a), c * np.sin(a), s + 0 * a], -1)
    along = np.stack([-s * np.cos(a), -s * np.sin(a), c + 0 * a], -1)
    return np.stack([x, along], 2)


def _parallels() -> gloo.AnyArray:
    """Return the circles of latitude: (5, k, 2, 3), the equator in the middle."""
    turn = np.linspace(0, 2 * np.pi, POINTS_PER_CIRCLE)
    z = np.sin(np.radians(np.arange(-90 + LINE_STEP_DEG, 90, LINE_STEP_DEG)))[:, None]
    r = np.sqrt(1 - z * z)
    x = np.stack([r * np.cos(turn), r * np.sin(turn), z + 0 * turn], -1)
    along = np.stack([-np.sin(turn) + 0 * z, np.cos(turn) + 0 * z, 0 * (z + turn)], -1)
    return np.stack([x, along], 2)


def _vertices() -> gloo.AnyArray:
    """Return all lines as one strip of structured vertices."""
    lines = np.concatenate([_meridians(), _parallels()])
    point, side = strip(POINTS_PER_CIRCLE)
    meridians = len(_meridians())
    kinds = [(f"a_{k}", np.float32, 3) for k in ("position", "tangent")]
    ones = [(f"a_{k}", np.float32) for k in ("side", "fade", "brass")]
    v = np.zeros((len(lines), len(point)), [*kinds, *ones])
    v["a_position"], v["a_tangent"] = lines[:, point, 0], lines[:, point, 1]
    v["a_side"] = side
    axis = np.linalg.norm(v["a_position"][..., :2], axis=-1)
    t = np.clip((axis - POLE_FADE[0]) / (POLE_FADE[1] - POLE_FADE[0]), 0, 1)
    v["a_fade"] = np.where(
        np.arange(len(lines))[:, None] < meridians, t * t * (3 - 2 * t), 1
    )
    v["a_brass"][meridians + len(_parallels()) // 2] = 1
    return v.reshape(-1)


class Graticule:
    """Lines to draw after the far beads, which hide those behind them."""

    def __init__(self, theme: Theme, glass: gloo.Texture) -> None:
        self._program = program("graticule", "ribbon")
        self._program["u_glass"], self._program["u_tint"] = glass, 1.0
        gloo.Vertices(_vertices(), self._program)
        self._alpha = 0.0
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        self._program["u_line"] = rgb(theme.text)
        self._program["u_brass"] = rgb(theme.accent)
        self._alpha = theme.glass.line_alpha

    def set_camera(self, camera: Camera, solid: bool) -> None:
        """Set the camera's uniforms."""
        p = self._program
        set_world_uniforms(p, camera, solid)
        per, low, high = STROKE_SCALE
        width = float(np.clip(camera.pixels / camera.ratio / per, low, high))
        p["u_width"] = width * camera.ratio
        alpha = self._alpha * (1.0 if solid else GUIDE_FACTOR)
        p["u_far"] = tuple(k * alpha for k in FAR_STRENGTHS)
        p["u_near"] = tuple(k * alpha for k in NEAR_STRENGTHS)

    def draw(self, half: float) -> None:
        """Draw one side of the horizon, or all."""
        set_blending(OVER)
        self._program["u_half"] = half
        self._program.draw("triangle_strip")
