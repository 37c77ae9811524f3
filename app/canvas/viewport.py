"""Chooses whether the graphics card draws into the window, or memory.

In memory (`RasterViewport`) is faster without a graphics card, since Qt then does not
compose the window with OpenGL, and the only way without a screen.
"""

from __future__ import annotations

import os
import sys
from functools import cache
from typing import TYPE_CHECKING, Literal

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QOffscreenSurface, QOpenGLContext
from PySide6.QtWidgets import QLabel, QWidget

from app.canvas.opengl_viewport import OpenGLViewport
from app.canvas.raster_viewport import RasterViewport
from app.gl.gloo import is_software

if TYPE_CHECKING:
    from app.canvas.contract import OnReady, TextPainter, Viewport
    from app.gl.render_thread import SceneMaker
    from app.scene.camera import Camera
    from app.theme.palette import Theme
    from sim.array_types import Pixels


Kind = Literal["gl", "blit"]
ENVIRONMENT_VARIABLE = "ORRERY_VIEWPORT"  # gl or blit
GL_RENDERER = 0x1F01
WINDOWLESS = ("offscreen", "minimal", "vnc")  # platforms where Qt has no OpenGL


def choose(
    theme: Theme, text_painter: TextPainter, parent: QWidget, on_ready: OnReady
) -> Viewport:
    """Return the viewport that suits this machine.

    Parameters
    ----------
    theme : Theme
        Colours.
    text_painter : callable
        Paints text over each picture, given a painter and the camera.
    parent : QWidget
        Parent of its widget.
    on_ready : callable
        Called when a scene was drawn, before its text is painted.
    """
    reasons: list[str] = []
    for kind in kinds():
        try:
            if kind == "gl":
                return OpenGLViewport(
                    theme, text_painter, parent, on_ready, window_renderer()
                )
            return RasterViewport(theme, text_painter, parent, on_ready)
        except (RuntimeError, OSError) as error:
            reasons.append(str(error))
    return NoViewport(" ".join(reasons), parent, on_ready)


def kinds() -> tuple[Kind, ...]:
    """Return the viewports to try, best first."""
    wanted = os.environ.get(ENVIRONMENT_VARIABLE, "")
    if QGuiApplication.platformName() in WINDOWLESS:
        return ("blit",)
    if wanted == "gl":
        return ("gl",)
    if wanted == "blit":
        return ("blit",)
    name = window_renderer()
    if not name:
        return ("blit",)
    if is_software(name) and sys.platform.startswith("linux"):
        return ("blit", "gl")
    return ("gl", "blit")


@cache
def window_renderer() -> str:
    """Return the name of the OpenGL renderer of windows; empty if there is none."""
    surface, context = QOffscreenSurface(), QOpenGLContext()
    surface.create()
    if not context.create() or not context.makeCurrent(surface):
        return ""
    name = str(context.functions().glGetString(GL_RENDERER))
    context.doneCurrent()
    return name


class NoViewport:
    """Shows why there is no picture; everything else works."""

    software, renderer = True, "none"

    def __init__(self, reason: str, parent: QWidget, on_ready: OnReady) -> None:
        self._on_ready = on_ready
        self.widget: QWidget = QLabel(f"The picture cannot be drawn: {reason}", parent)
        self.widget.setProperty("role", "muted")
        self.widget.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.widget.setWordWrap(True)
        self.widget.setMargin(24)

    def show(self, make_scene: SceneMaker) -> None:
        """Build the scene, for what needs its description."""
        make_scene()
        self._on_ready()

    def draw(self, camera: Camera, *, patient: bool = False) -> None:
        """Do nothing."""

    def set_theme(self, theme: Theme) -> None:
        """Do nothing."""

    def image(self, camera: Camera, samples: int = 1) -> Pixels:
        """Return a black picture."""
        return np.zeros((*camera.size[::-1], 3), np.uint8)

    def catch_up(self) -> None:
        """Do nothing."""

    def close(self) -> None:
        """Do nothing."""
