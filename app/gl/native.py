"""A widget that the graphics card draws into: vispy's canvas for Qt."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from vispy import app as _vispy

from app.gl import gloo
from app.gl.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.scene.camera import Camera
    from app.theme.palette import Theme
    from sim.array_types import Pixels

_app: Any = _vispy

DPI = 96.0  # unused; vispy would ask the screen for it
CONFIG = {"depth_size": 24, "samples": 4}


class NativeCanvas:
    """A stage in a QOpenGLWidget.

    Parameters
    ----------
    theme : Theme
        Colours.
    on_draw : callable
        Called after every drawing.

    Attributes
    ----------
    widget : QOpenGLWidget
        What to put into the window.
    stage : Stage
        What is drawn.
    """

    def __init__(self, theme: Theme, on_draw: Callable[[], None]) -> None:
        self._canvas: Any = _app.Canvas(
            app="pyside6",
            size=(64, 64),
            keys=None,
            config=CONFIG,
            vsync=True,
            dpi=DPI,
        )
        self.widget: Any = self._canvas.native
        self._on_draw = on_draw
        self._camera: Camera | None = None
        self._canvas.set_current()
        self.stage = Stage(theme)
        self._canvas.events.draw.connect(self._draw)

    def set_camera(self, camera: Camera) -> None:
        """Draw soon, as seen by `camera`."""
        self._camera = camera
        self.widget.update()

    def image(self, camera: Camera, samples: int = 1) -> Pixels:
        """Return the image, (height, width, 3), drawn at `samples` times the size."""
        w, h = (samples * side for side in camera.size)
        self._canvas.set_current()
        target = gloo.framebuffer(w, h)
        with target:
            self.stage.draw(replace(camera, size=(w, h), ratio=samples * camera.ratio))
            pixels = np.ascontiguousarray(
                gloo.read_pixels(np.empty((h, w, 3), np.uint8))
            )
        if samples == 1:
            return pixels
        blocks = pixels.reshape(h // samples, samples, w // samples, samples, 3)
        return blocks.mean(axis=(1, 3)).round().astype(np.uint8)

    def close(self) -> None:
        """Free the context."""
        self._camera = None
        self._canvas.close()

    def _draw(self, _event: object) -> None:
        if self._camera is not None:
            self.stage.draw(self._camera)
            self._on_draw()
