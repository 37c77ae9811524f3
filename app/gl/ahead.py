"""Draws in memory in two halves, so that the caller can work while it is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from vispy import gloo as _vispy

from app.gl import gloo
from app.gl.offscreen import Offscreen

if TYPE_CHECKING:
    import numpy.typing as npt

    from app.dress.palette import Theme
    from app.gl.camera import Camera

_gloo: Any = _vispy


class Ahead:
    """An `Offscreen` that can be told to start, and asked for the picture later.

    Raises
    ------
    RuntimeError
        If there is no OpenGL to draw with.
    """

    def __init__(self, theme: Theme) -> None:
        self.offscreen = Offscreen(theme)
        self._target = gloo.target(1, 1)
        self._pixels = np.empty((0, 0, 3), np.uint8)

    def start(self, camera: Camera) -> None:
        """Send off all that is to be drawn; in software, other threads draw it."""
        w, h = camera.size
        self.offscreen.canvas.set_current()
        if self._pixels.shape != (h, w, 3):
            self._pixels = np.empty((h, w, 3), np.uint8)
            self._target.resize((h, w))
        with self._target:
            self.offscreen.stage.draw(camera)
            _gloo.flush()
        self.offscreen.canvas.context.flush_commands()

    def finish(self) -> npt.NDArray[np.uint8]:
        """Return the picture started last, (height, width, 3); waits if need be."""
        self.offscreen.canvas.set_current()
        with self._target:
            return gloo.read(self._pixels)

    def close(self) -> None:
        """Give everything back."""
        self.offscreen.close()
