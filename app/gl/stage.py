"""Draws the layers in order into the current framebuffer: a window's or in memory."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from app.gl import gloo
from app.gl.arcs import Arcs
from app.gl.backdrop import Backdrop
from app.gl.beads import Beads
from app.gl.circle import Circle
from app.gl.edges import Edges
from app.gl.graticule import Graticule
from app.gl.rings import MassRings, SelectionRings
from app.gl.scalar_field import ScalarField
from app.gl.state import FAR, NEAR, WHOLE, depth, reset_state
from app.gl.trails import Trails
from app.scene.scene import Scene

if TYPE_CHECKING:
    from app.scene.camera import Camera
    from app.theme.palette import Theme


class Stage:
    """Far beads, lines of all kinds, near beads; the caller owns the GL context."""

    def __init__(self, theme: Theme) -> None:
        self._backdrop = Backdrop(theme)
        glass = self._backdrop.glass
        self._graticule = Graticule(theme, glass)
        self._scalar_field = ScalarField(theme, glass)
        self._edges, self._trails = Edges(theme, glass), Trails(theme, glass)
        self._arcs, self._mass_rings = Arcs(theme, glass), MassRings(theme, glass)
        self._selection_rings = SelectionRings(theme, glass)
        self._beads = Beads(theme, glass)
        self._circle = Circle(theme)
        self._scene_layers = (
            *(self._edges, self._arcs, self._mass_rings, self._scalar_field),
            *(self._selection_rings, self._beads),
        )
        nothing = np.zeros((0, 3), np.float32), np.zeros((0, 4), np.float32)
        self._scene, self._needs_upload = Scene(*nothing), True

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        self._needs_upload = True
        for layer in (self._backdrop, self._graticule, self._circle, self._trails):
            layer.set_theme(theme)
        for layer in self._scene_layers:
            layer.set_theme(theme)

    def show(self, scene: Scene) -> None:
        """Take the scene of a frame; trails lead to it from the one before."""
        self._scene, self._needs_upload = scene, True
        self._trails.show(scene)

    def draw(self, camera: Camera) -> None:
        """Draw the last scene, seen by `camera`, on a canvas of its size."""
        scene = self._scene
        if self._needs_upload:
            self._upload(scene)
        camera = replace(camera, flat=scene.flat)
        solid = scene.on_sphere and not scene.flat
        fixed = (self._backdrop, self._graticule, self._trails)
        for layer in (*fixed, *self._scene_layers):
            layer.set_camera(camera, solid)
        gloo.viewport(*camera.size)
        reset_state()
        self._backdrop.draw()
        gloo.clear_depth()
        if scene.flat:
            self._draw_circle(camera)
        elif not solid:
            self._draw_in_space()
        elif self._scalar_field.shown:
            self._draw_painted_globe()
        else:
            self._draw_glass_globe()

    def _upload(self, scene: Scene) -> None:
        """Send a scene to the graphics card: only one that is drawn."""
        self._needs_upload = False
        self._circle.show(scene)
        for layer in self._scene_layers:
            layer.show(scene)

    def _draw_glass_globe(self) -> None:
        """Draw tokens on a glass globe, which tints what is behind it."""
        self._beads.draw(FAR)
        self._draw_lines(WHOLE)
        self._draw_near_beads()

    def _draw_painted_globe(self) -> None:
        """Draw tokens on a globe with a scalar field on both sides."""
        self._scalar_field.draw(FAR)
        self._beads.draw(FAR)
        self._draw_lines(FAR)
        self._scalar_field.draw(NEAR)
        self._draw_lines(NEAR)
        self._draw_near_beads()

    def _draw_in_space(self) -> None:
        """Draw tokens in space, with the globe as a faint guide."""
        self._beads.draw_glow(open_=True)
        self._beads.draw(WHOLE)
        self._draw_lines(WHOLE)
        self._selection_rings.draw(WHOLE)

    def _draw_circle(self, camera: Camera) -> None:
        """Draw tokens on a circle, without trails: they would cover it."""
        self._circle.draw(camera)
        for layer in (self._edges, self._arcs, self._mass_rings):
            layer.draw(WHOLE)
        self._beads.draw_glow(open_=True)
        self._beads.draw(WHOLE)
        self._selection_rings.draw(WHOLE)

    def _draw_lines(self, half: float) -> None:
        """Draw the lines of one side of the horizon, or all; beads hide them."""
        lines = (self._edges, self._trails, self._arcs, self._mass_rings)
        with depth():
            for layer in (self._graticule, *lines):
                layer.draw(half)

    def _draw_near_beads(self) -> None:
        self._beads.draw_glow(open_=False)
        self._beads.draw(NEAR)
        self._selection_rings.draw(WHOLE)
