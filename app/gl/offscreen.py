"""Renders in memory, without a window: for tests, software GL and export."""

from __future__ import annotations

import os
import sys
import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from app.gl import gloo
from app.gl.backdrop import CORNERS
from app.gl.glsl import program
from app.gl.stage import Stage
from app.gl.state import OPAQUE, reset_state, set_blending

if TYPE_CHECKING:
    from app.scene.camera import Camera
    from app.scene.scene import Scene
    from app.theme.palette import Theme
    from sim.array_types import Pixels

DPI = 96.0  # unused; vispy would ask the screen for it, and warn where there is none
ADVICE = (
    "Install libegl1 and libgl1-mesa-dri, or start a QApplication first so that a "
    "hidden window can be used."
)


def _canvas() -> Any:
    """Return a vispy canvas that is never shown: of EGL, or else of Qt."""
    if sys.platform.startswith("linux") and not os.environ.get("DISPLAY"):
        os.environ.setdefault("EGL_PLATFORM", "surfaceless")
    from vispy import app

    vispy: Any = app
    try:
        return vispy.Canvas(app="egl", size=(64, 64), show=True, dpi=DPI)
    except Exception as error:  # vispy raises whatever its backends do
        reason = str(error)
    qt = sys.modules.get("PySide6.QtWidgets")
    here = threading.current_thread() is threading.main_thread()
    if not here or qt is None or qt.QApplication.instance() is None:
        raise RuntimeError(
            f"no OpenGL: EGL could not be initialised ({reason}). {ADVICE}"
        )
    return vispy.Canvas(app="pyside6", size=(64, 64), show=False, dpi=DPI)


class Offscreen:
    """A stage with its own context and memory, used only by the thread that made it.

    Raises
    ------
    RuntimeError
        If there is no OpenGL to draw with.
    """

    def __init__(self, theme: Theme) -> None:
        with gloo.CONTEXT_LOCK:
            self.canvas = _canvas()
            self.canvas.set_current()
            self.stage = Stage(theme)
            self._target = gloo.framebuffer(1, 1)
            self._image, _ = gloo.image_texture(1, 1)
            self._large = gloo.texture_framebuffer(self._image, 1, 1)
            self._resolve = program("copy", "resolve")
            self._resolve["a_corner"] = gloo.vertex_buffer(CORNERS)
        self._resolve["u_image"], self._resolve["u_part"] = self._image, (1.0, 1.0)
        self._size = self._large_size = (0, 0)
        self._pixels = np.empty((0, 0, 4), np.uint8)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        self.stage.set_theme(theme)

    def show(self, scene: Scene) -> None:
        """Take a scene, which the next drawings are of."""
        self.stage.show(scene)

    def draw(self, camera: Camera, samples: int = 1) -> Pixels:
        """Return the image: (height, width, 3).

        Parameters
        ----------
        camera : Camera
            Its size is that of the image.
        samples : int
            1, or 2 to draw at twice the size and take means of four.

        Raises
        ------
        ValueError
            If `samples` is neither 1 nor 2.
        """
        w, h = camera.size
        return np.ascontiguousarray(self._draw(camera, samples, (h, w, 3)))

    def draw_onto(self, picture: Pixels, camera: Camera, samples: int = 1) -> None:
        """Draw on `picture`, (height, width, 4) in blue, green, red and alpha.

        It may be a part of a larger one.  See `draw`, which is slower: its result is
        new memory, in an order that has to be made.
        """
        w, h = camera.size
        np.copyto(picture, self._draw(camera, samples, (h, w, 4)))

    def _draw(self, camera: Camera, samples: int, shape: tuple[int, ...]) -> Pixels:
        """Return what is drawn, as memory that the next drawing writes again."""
        if samples not in (1, 2):
            raise ValueError(f"samples must be 1 or 2, got {samples}.")
        self.canvas.set_current()
        if camera.size != self._size:
            self._size = camera.size
            self._target.resize((shape[0], shape[1]))
        if shape != self._pixels.shape:
            self._pixels = np.empty(shape, np.uint8)
        if samples > 1:
            self._draw_large(camera)
        with self._target:
            self._shrink(camera) if samples > 1 else self.stage.draw(camera)
            return gloo.read_pixels(self._pixels)

    @property
    def renderer(self) -> str:
        """The driver's name of the renderer."""
        with gloo.CONTEXT_LOCK:
            self.canvas.set_current()
            return gloo.renderer()

    def close(self) -> None:
        """Free the context and its memory; nothing can be drawn after that."""
        with gloo.CONTEXT_LOCK:
            gloo.destroy_canvas(self.canvas)

    def _draw_large(self, camera: Camera) -> None:
        w, h = size = (2 * camera.size[0], 2 * camera.size[1])
        if size != self._large_size:
            self._large_size = size
            self._large.resize((h, w))
            self._resolve["u_texel"] = (1 / w, 1 / h)
        with self._large:
            self.stage.draw(replace(camera, size=size, ratio=2 * camera.ratio))

    def _shrink(self, camera: Camera) -> None:
        gloo.viewport(*camera.size)
        reset_state()
        set_blending(OPAQUE)
        self._resolve.draw("triangle_strip")
