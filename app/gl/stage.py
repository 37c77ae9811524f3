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
from app.gl.picture import Picture
from app.gl.rings import Marks, Masses
from app.gl.state import begin
from app.gl.trails import Trails
from app.palette import Theme, rgb

if TYPE_CHECKING:
    from app.gl.camera import Camera


class Stage:
    """Far wall, far things, glass, near things; the caller owns the GL context."""

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        self._backdrop, self._graticule = Backdrop(theme), Graticule(theme)
        self._field, self._circle = Field(theme), Circle(theme)
        self._edges, self._trails, self._arcs = Edges(theme), Trails(theme), Arcs(theme)
        self._masses, self._beads, self._marks = (
            Masses(theme),
            Beads(theme),
            Marks(theme),
        )
        self._picture = Picture(
            np.zeros((0, 3), np.float32), np.zeros((0, 4), np.float32)
        )

    def dress(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        self.theme = theme
        for layer in (self._backdrop, self._graticule, self._field, self._circle):
            layer.dress(theme)
        for layer in (self._edges, self._trails, self._arcs):
            layer.dress(theme)
        for layer in (self._masses, self._beads, self._marks):
            layer.dress(theme)

    def show(self, picture: Picture) -> None:
        """Take a frame; trails lead from the one before to it."""
        self._picture = picture
        for layer in (self._field, self._circle, self._edges, self._trails):
            layer.show(picture)
        for layer in (self._arcs, self._masses, self._beads, self._marks):
            layer.show(picture)

    def draw(self, camera: Camera) -> None:
        """Draw what was shown last, as `camera` sees it, on a pane of its size."""
        picture = self._picture
        camera = replace(camera, flat=picture.flat)
        begin()
        self._look(camera, picture.on_sphere)
        gloo.viewport(*camera.size)
        gloo.depth_mask(True)
        gloo.clear((*rgb(self.theme.canvas).tolist(), 1.0), depth=True)
        self._backdrop.behind(picture.flat)
        if picture.flat:
            self._flat(camera)
        elif picture.on_sphere:
            self._globe()
        else:
            self._open()

    def _look(self, camera: Camera, solid: bool) -> None:
        self._backdrop.look(camera, solid)
        self._trails.look(camera, solid)
        for layer in (self._graticule, self._field, self._edges):
            layer.look(camera)
        for layer in (self._arcs, self._masses, self._beads, self._marks):
            layer.look(camera)

    def _globe(self) -> None:
        """Draw tokens on a globe of glass."""
        self._field.far()
        self._graticule.far(solid=True)
        for layer in (self._edges, self._trails, self._arcs, self._masses):
            layer.far()
        self._beads.far()
        self._marks.far()
        self._backdrop.before()
        self._field.near()
        self._graticule.near(solid=True)
        for layer in (self._edges, self._trails, self._arcs, self._masses):
            layer.near()
        self._beads.near()
        self._marks.near()

    def _open(self) -> None:
        """Draw tokens in space, with the globe as a faint guide."""
        self._graticule.far(solid=False)
        for layer in (self._edges, self._arcs, self._masses, self._beads):
            layer.whole()
        self._trails.whole()
        self._graticule.near(solid=False)
        self._marks.whole()

    def _flat(self, camera: Camera) -> None:
        """Draw tokens on a circle; trails would paint over it."""
        self._circle.draw(camera)
        for layer in (self._edges, self._arcs, self._masses, self._beads, self._marks):
            layer.whole()
