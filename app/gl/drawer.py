"""Draws here first, and in a process of its own once many scenes are drawn."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from app.gl.drawing_process import DrawingEndedError, DrawingProcess
from app.gl.gloo import is_software
from app.gl.offscreen import Offscreen
from sim.processes import processors

if TYPE_CHECKING:
    from app.scene.camera import Camera
    from app.scene.scene import Scene
    from app.theme.palette import Theme
    from sim.array_types import Pixels

SCENES_HERE = 20  # before a process is started: for fewer it is not worth its start


class Drawer:
    """An `Offscreen` that goes on in a `DrawingProcess` where the processor draws.

    Both draw the same pixels.  Until the process has begun, and if it should end, the
    calling thread draws, which is always the same one.

    Attributes
    ----------
    renderer : str
        The driver's name of the renderer.

    Raises
    ------
    RuntimeError
        If there is no OpenGL to draw with.
    """

    def __init__(self, theme: Theme) -> None:
        self._theme, self._scene, self._count = theme, None, 0
        self._here: Offscreen | None = Offscreen(theme)
        self._apart: DrawingProcess | None = None
        self.renderer = self._here.renderer
        self._may_leave = is_software(self.renderer) and processors() > 1

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        self._theme = theme
        for one in (self._here, self._apart):
            if one is not None:
                one.set_theme(theme)

    def show(self, scene: Scene) -> None:
        """Take a scene, which the next drawings are of."""
        self._scene: Scene | None = scene
        self._count += 1
        if self._may_leave and self._count > SCENES_HERE:
            self._leave()
        one = self._here or self._apart
        assert one is not None
        one.show(scene)

    def draw_onto(self, picture: Pixels, camera: Camera, samples: int = 1) -> None:
        """Draw on `picture`, (height, width, 4) in blue, green, red and alpha."""
        if self._here is None:
            assert self._apart is not None
            try:
                self._apart.draw_onto(picture, camera, samples)
            except DrawingEndedError:
                self._come_back()
            else:
                return
        assert self._here is not None
        self._here.draw_onto(picture, camera, samples)

    def close(self) -> None:
        """Free the context, and end the process."""
        for one in (self._here, self._apart):
            if one is not None:
                one.close()
        self._here = self._apart = None

    def _leave(self) -> None:
        """Start a process, or go on in it if it has begun."""
        try:
            if self._apart is None:
                self._apart = DrawingProcess(self._theme)
            elif self._here is not None and self._apart.ready:
                self._here.close()
                self._here = None
        except OSError:
            self._stay()

    def _come_back(self) -> None:
        """Draw here again: the process has ended."""
        self._here = Offscreen(self._theme)
        if self._scene is not None:
            self._here.show(self._scene)
        self._stay()

    def _stay(self) -> None:
        """Draw here from now on."""
        self._may_leave = False
        if self._apart is not None:
            with contextlib.suppress(OSError):
                self._apart.close()
            self._apart = None
