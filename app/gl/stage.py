"""Draws the layers in their order into whatever is current: a window or memory."""

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
from app.gl.field import Field
from app.gl.globe import Graticule
from app.gl.rings import Marks, Masses
from app.gl.state import FAR, NEAR, WHOLE, begin, depth
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
        self._graticule, self._field = Graticule(theme, glass), Field(theme, glass)
        self._edges, self._trails = Edges(theme, glass), Trails(theme, glass)
        self._arcs, self._masses = Arcs(theme, glass), Masses(theme, glass)
        self._beads, self._marks = Beads(theme, glass), Marks(theme, glass)
        self._circle = Circle(theme)
        self._still = (
            *(self._edges, self._arcs, self._masses, self._field),
            *(self._marks, self._beads),
        )
        nothing = np.zeros((0, 3), np.float32), np.zeros((0, 4), np.float32)
        self._picture, self._fresh = Scene(*nothing), True

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        self._fresh = True
        for layer in (self._backdrop, self._graticule, self._circle, self._trails):
            layer.set_theme(theme)
        for layer in self._still:
            layer.set_theme(theme)

    def show(self, picture: Scene) -> None:
        """Take a frame; trails lead from the one before to it."""
        self._picture, self._fresh = picture, True
        self._trails.show(picture)

    def draw(self, camera: Camera) -> None:
        """Draw what was shown last, as `camera` sees it, on a pane of its size."""
        picture = self._picture
        if self._fresh:
            self._upload(picture)
        camera = replace(camera, flat=picture.flat)
        solid = picture.on_sphere and not picture.flat
        for layer in (self._backdrop, self._graticule, self._trails, *self._still):
            layer.look(camera, solid)
        gloo.viewport(*camera.size)
        begin()
        self._backdrop.draw()
        gloo.clear_depth()
        if picture.flat:
            self._flat(camera)
        elif not solid:
            self._open()
        elif self._field.shown:
            self._painted()
        else:
            self._globe()

    def _upload(self, picture: Scene) -> None:
        """Send a frame to the graphics card: only one that is looked at."""
        self._fresh = False
        self._circle.show(picture)
        for layer in self._still:
            layer.show(picture)

    def _globe(self) -> None:
        """Draw tokens on a globe of glass; what is behind the glass is tinted."""
        self._beads.draw(FAR)
        self._lines(WHOLE)
        self._near_beads()

    def _painted(self) -> None:
        """Draw tokens on a globe that is painted on both sides."""
        self._field.draw(FAR)
        self._beads.draw(FAR)
        self._lines(FAR)
        self._field.draw(NEAR)
        self._lines(NEAR)
        self._near_beads()

    def _open(self) -> None:
        """Draw tokens in space, with the globe as a faint guide."""
        self._beads.shine(open_=True)
        self._beads.draw(WHOLE)
        self._lines(WHOLE)
        self._marks.draw(WHOLE)

    def _flat(self, camera: Camera) -> None:
        """Draw tokens on a circle; trails would paint over it."""
        self._circle.draw(camera)
        for layer in (self._edges, self._arcs, self._masses):
            layer.draw(WHOLE)
        self._beads.shine(open_=True)
        self._beads.draw(WHOLE)
        self._marks.draw(WHOLE)

    def _lines(self, half: float) -> None:
        """Draw the lines of one side of the horizon, or all; beads hide them."""
        lines = (self._graticule, self._edges, self._trails, self._arcs, self._masses)
        with depth():
            for layer in lines:
                layer.draw(half)

    def _near_beads(self) -> None:
        self._beads.shine(open_=False)
        self._beads.draw(NEAR)
        self._marks.draw(WHOLE)
