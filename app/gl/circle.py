"""The curves for d = 2: the density around the circle, the potential inside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from app.gl import gloo
from app.gl.backdrop import POTENTIAL_FLOOR
from app.gl.glsl import program
from app.gl.state import OVER, set_blending
from app.theme.palette import Theme, colour_map, rgb

if TYPE_CHECKING:
    import numpy.typing as npt

    from app.scene.camera import Camera
    from app.scene.scene import Scene
    from sim.array_types import Single


SAMPLES = 1024
DENSITY_BAND = (1.085, 0.36)  # radius and height of the density
POTENTIAL_BAND = (POTENTIAL_FLOOR, 0.38)  # radius and height of the potential
TINY = 1e-12
DENSITY_MAP_RANGE = (0.25, 0.95)  # of the colour map that the density uses
WHOLE_MAP = (0.0, 1.0)


def angles() -> npt.NDArray[np.float64]:
    """Return the angles at which curves are given: (SAMPLES,), from -π."""
    return (np.arange(SAMPLES) + 0.5) / SAMPLES * 2 * np.pi - np.pi


class Band:
    """A curve around the circle, as a band and the line on top of it."""

    def __init__(self, place: tuple[float, float], reach: tuple[float, float]) -> None:
        self._band, self._outline = program("band"), program("outline", "ribbon")
        f4 = np.float32
        self._area = np.zeros(
            (SAMPLES + 1, 2), [(f"a_{k}", f4) for k in ("angle", "height", "up")]
        )
        turn = np.append(angles(), angles()[0] + 2 * np.pi)
        self._area["a_angle"] = turn[:, None]
        self._area["a_up"] = (0.0, 1.0)
        self._line = np.zeros(
            (SAMPLES + 1, 2), [("a_here", f4, 2), ("a_next", f4, 2), ("a_side", f4)]
        )
        self._line["a_here"][..., 0] = turn[:, None]
        self._line["a_next"][..., 0] = turn[:, None] + 2 * np.pi / SAMPLES
        self._line["a_side"] = (-1.0, 1.0)
        self._areas = gloo.Vertices(self._area.reshape(-1), self._band)
        self._lines = gloo.Vertices(self._line.reshape(-1), self._outline)
        for p in (self._band, self._outline):
            p["u_foot"], p["u_rise"] = place
            p["u_range"] = reach
        self._outline["u_half"] = 0.0
        self._rise, self.shown = place[1], False

    def paint(
        self, table: gloo.Texture, area: tuple[float, float], line: tuple[float, float]
    ) -> None:
        """Set the colour map, and opacities at the base and at the top."""
        for p, alpha in ((self._band, area), (self._outline, line)):
            p["u_map"], p["u_alpha"] = table, alpha

    def show(self, curve: Single | None) -> None:
        """Show a curve in [0, 1], (SAMPLES,), or none."""
        self.shown = curve is not None
        if curve is None:
            return
        closed = np.append(curve, curve[:1])
        self._area["a_height"] = closed[:, None]
        self._line["a_here"][..., 1] = closed[:, None]
        self._line["a_next"][..., 1] = np.append(closed[1:], closed[1])[:, None]
        self._areas.set(self._area.reshape(-1).copy())
        self._lines.set(self._line.reshape(-1).copy())

    def draw(self, camera: Camera, width: float) -> None:
        """Draw band and line."""
        if not self.shown:
            return
        set_blending(OVER)
        clip = camera.clip.T
        self._band["u_clip"] = self._outline["u_clip"] = clip
        self._band["u_soft"] = 1.0 / (self._rise * camera.pixels)
        self._outline["u_viewport"] = camera.size
        self._outline["u_width"] = width * camera.ratio
        self._band.draw("triangle_strip")
        self._outline.draw("triangle_strip")


class Circle:
    """Density and potential; drawn first, under the beads."""

    def __init__(self, theme: Theme) -> None:
        self._density = Band(DENSITY_BAND, DENSITY_MAP_RANGE)
        self._ring_potential = Band(POTENTIAL_BAND, WHOLE_MAP)
        table = gloo.texture(colour_map("viridis")[None], "rgb8", smooth=True)
        self._density.paint(table, (0.92, 0.92), (0.4, 1.0))
        self._sky = gloo.texture(np.zeros((1, 1, 3), np.uint8), "rgb8", smooth=False)
        self._ring_potential.paint(self._sky, (0.04, 0.34), (0.95, 0.95))
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        self._sky.set_data(np.round(rgb(theme.sky) * 255).astype(np.uint8)[None, None])

    def show(self, scene: Scene) -> None:
        """Show both curves, each on its own scale."""
        density_ring, potential_ring = scene.density_ring, scene.potential_ring
        if density_ring is not None:
            density_ring = density_ring / np.float32(
                max(float(density_ring.max()), TINY)
            )
        if potential_ring is not None:
            potential_ring = (potential_ring - potential_ring.min()) / np.float32(
                max(float(np.ptp(potential_ring)), TINY)
            )
        self._density.show(density_ring)
        self._ring_potential.show(potential_ring)

    def draw(self, camera: Camera) -> None:
        """Draw the curves."""
        self._ring_potential.draw(camera, 1.5)
        self._density.draw(camera, 1.2)
