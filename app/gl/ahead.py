"""Draws in memory in two halves, so that the caller can work while it is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from app.gl import gloo
from app.gl.fence import Fence
from app.gl.offscreen import Offscreen

if TYPE_CHECKING:
    import numpy.typing as npt

    from app.dress.palette import Theme
    from app.gl.camera import Camera


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
        self._fence: Fence | None = None

    @property
    def done(self) -> bool:
        """Whether the picture started last is drawn, so that `finish` need not wait."""
        self.offscreen.canvas.set_current()
        return self._fence is None or self._fence.passed

    def start(self, camera: Camera, samples: int = 1) -> None:
        """Send off all that is to be drawn; in software, other threads draw it."""
        w, h = camera.size
        self.offscreen.canvas.set_current()
        if self._pixels.shape != (h, w, 3):
            self._pixels = np.empty((h, w, 3), np.uint8)
            self._target.resize((h, w))
        self.offscreen.send(camera, samples, self._target)
        gloo.flush()
        self._forget()
        self._fence = Fence()

    def finish(self) -> npt.NDArray[np.uint8]:
        """Return the picture started last, (height, width, 3); waits if need be."""
        self.offscreen.canvas.set_current()
        self._forget()
        with self._target:
            return gloo.read(self._pixels)

    def close(self) -> None:
        """Give everything back."""
        self.offscreen.canvas.set_current()
        self._forget()
        self.offscreen.close()

    def _forget(self) -> None:
        if self._fence is not None:
            self._fence.drop()
            self._fence = None
