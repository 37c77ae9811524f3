"""A scalar field painted on the globe, with contour lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from app.gl import gloo
from app.gl.glsl import program
from app.gl.state import FAR, NEAR, OVER, set_blending, set_world_uniforms
from app.theme.palette import Theme, colour_map, diverging_map, rgb

if TYPE_CHECKING:
    import numpy.typing as npt

    from app.scene.camera import Camera
    from app.scene.scene import Scene
    from sim.array_types import Pixels

TEXTURE_ROWS, TEXTURE_COLUMNS = 96, 192
MESH_QUADS = (48, 96)  # of the globe's mesh: its limb is round to 0.2 pixels
COLOUR_MAP = "viridis"
LIGHT_MAP_START = 0.30  # of the map: its dark end is too dark on a light globe
CONTOUR_LEVELS = 10.0  # contour lines
OPACITIES = {FAR: 0.8, NEAR: 0.62}


def field_grid(
    width: int = TEXTURE_COLUMNS, height: int = TEXTURE_ROWS
) -> npt.NDArray[np.float64]:
    """Return the points at which a field is sampled: (height, width, 3), equal angles.

    The first row is at the south pole, the first column at longitude 0.
    """
    z = np.sin(((np.arange(height) + 0.5) / height - 0.5) * np.pi)
    a = (np.arange(width) + 0.5) / width * 2 * np.pi
    s = np.sqrt(1 - z * z)[:, None]
    up = np.broadcast_to(z[:, None], (height, width))
    return np.stack([s * np.cos(a), s * np.sin(a), up], -1)


def field_map(theme: Theme) -> Pixels:
    """Return the colours of a field from 0 to 1, (256, 3), for globe and legend."""
    table = colour_map(COLOUR_MAP)
    first = 0.0 if theme.dark else LIGHT_MAP_START
    return table[np.round(np.linspace(first, 1, len(table)) * 255).astype(int)]


def exact_map(theme: Theme, kind: str) -> Pixels:
    """Return the colours of a density or a divergence, (256, 3)."""
    return diverging_map(theme) if kind == "divergence" else field_map(theme)


def _mesh() -> tuple[gloo.AnyArray, npt.NDArray[np.uint32]]:
    """Return the vertices of the mesh, and triangles that face outwards."""
    rows, columns = MESH_QUADS
    t = np.linspace(0, 1, rows + 1)[:, None]
    s = np.linspace(0, 1, columns + 1)
    z, r = np.sin((t - 0.5) * np.pi), np.cos((t - 0.5) * np.pi)
    kinds = [("a_position", np.float32, 3), ("a_at", np.float32, 2)]
    v = np.zeros((rows + 1, columns + 1), kinds)
    turn = s * 2 * np.pi
    v["a_position"] = np.stack([r * np.cos(turn), r * np.sin(turn), z + 0 * s], -1)
    v["a_at"] = np.stack([s + 0 * t, t + 0 * s], -1)
    number = np.arange(v.size, dtype=np.uint32).reshape(v.shape)
    a, b = number[:-1, :-1], number[:-1, 1:]
    c, d = number[1:, :-1], number[1:, 1:]
    return v.reshape(-1), np.stack([a, b, c, c, b, d], -1).reshape(-1)


class ScalarField:
    """Draw the far side first, and the near side after everything behind it."""

    def __init__(self, theme: Theme, glass: gloo.Texture) -> None:
        self._program = program("field")
        corners, triangles = _mesh()
        gloo.Vertices(corners, self._program)
        self._triangles = gloo.index_buffer(triangles)
        blank = np.zeros((TEXTURE_ROWS, TEXTURE_COLUMNS), np.float32)
        self._values = gloo.texture(blank, "r32f", smooth=True, wrap="repeat")
        self._map = gloo.texture(field_map(theme)[None], "rgb8", smooth=True)
        self._program["u_field"], self._program["u_map"] = self._values, self._map
        self._program["u_levels"] = CONTOUR_LEVELS
        self._program["u_glass"], self._program["u_tint"] = glass, 1.0
        self.shown, self._kind = False, "potential"
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        self._program["u_line"] = rgb(theme.text)
        self._theme = theme
        self._set_map()

    def _set_map(self) -> None:
        self._map.set_data(exact_map(self._theme, self._kind)[None])
        self._program["u_exact"] = float(self._kind != "potential")

    def show(self, scene: Scene) -> None:
        """Paint the scene's field, or none."""
        self.shown = scene.field is not None
        if scene.field is not None:
            if scene.field_kind != self._kind:
                self._kind = scene.field_kind
                self._set_map()
            self._values.set_data(np.ascontiguousarray(scene.field, np.float32))

    def set_camera(self, camera: Camera, solid: bool) -> None:
        """Set the camera's uniforms."""
        set_world_uniforms(self._program, camera, solid)
        self._program["u_turn"] = camera.rotation.T

    def draw(self, half: float) -> None:
        """Draw one side of the globe."""
        set_blending(OVER)
        gloo.set_state(cull_face="front" if half == FAR else "back")
        self._program["u_half"], self._program["u_alpha"] = half, OPACITIES[half]
        self._program.draw("triangles", self._triangles)
        gloo.set_state(cull_face=False)
