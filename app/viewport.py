"""Where the picture is drawn in the window: by the graphics card, or in memory.

In memory (`BlitViewport`) is the faster way without a graphics card, because Qt need
not compose the window with OpenGL then, and the only one without a screen.
"""

from __future__ import annotations

import os
import sys
import time
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Literal, Protocol

import numpy as np
from PySide6.QtCore import QRectF, Qt, QTimer
from PySide6.QtGui import (
    QGuiApplication,
    QImage,
    QOffscreenSurface,
    QOpenGLContext,
    QPainter,
)
from PySide6.QtWidgets import QLabel, QStackedLayout, QWidget

from app.gl import native
from app.gl.offscreen import Offscreen

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt
    from PySide6.QtGui import QPaintEvent

    from app.gl.camera import Camera
    from app.gl.picture import Picture
    from app.palette import Theme

    Pixels = npt.NDArray[np.uint8]
    Words = Callable[[QPainter], None]

Kind = Literal["gl", "blit"]
CHOICE = "ORRERY_VIEWPORT"  # environment variable: gl or blit
GL_RENDERER = 0x1F01
SOFTWARE = ("llvmpipe", "softpipe", "swrast", "swiftshader", "basic render")
WINDOWLESS = ("offscreen", "minimal", "vnc")  # platforms where Qt has no OpenGL
SLOW = 1 / 30  # seconds a drawing, above which a dense screen gets a coarser one
PATIENCE = 8  # drawings at full size that are averaged before saying so
REST = 300  # ms without a new picture, after which it is drawn once more, finely
LONGEST = 0.12  # seconds that a fine drawing may block


class Viewport(Protocol):
    """Shows pictures, with words painted over them.

    Attributes
    ----------
    widget : QWidget
        What to put into the window; deaf to the mouse.
    software : bool
        Whether the processor draws.
    renderer : str
        What OpenGL calls itself.
    """

    widget: QWidget
    software: bool
    renderer: str

    def show(self, picture: Picture) -> None:
        """Take a frame; it is drawn at the next `draw`."""
        ...

    def draw(self, camera: Camera) -> None:
        """Paint soon, as seen by `camera`, whose size is in physical pixels."""
        ...

    def dress(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        ...

    def image(self, camera: Camera, samples: int = 1) -> Pixels:
        """Return the picture without words: (height, width, 3)."""
        ...

    def close(self) -> None:
        """Give everything back."""
        ...


def choose(theme: Theme, words: Words, parent: QWidget) -> Viewport:
    """Return the viewport that suits this machine.

    Parameters
    ----------
    theme : Theme
        Colours.
    words : callable
        Paints over each picture, with the painter that it is given.
    parent : QWidget
        Where it goes.
    """
    makers: dict[Kind, Callable[[Theme, Words, QWidget], Viewport]]
    makers = {"gl": GlViewport, "blit": BlitViewport}
    reasons: list[str] = []
    for kind in kinds():
        try:
            return makers[kind](theme, words, parent)
        except (RuntimeError, OSError) as error:
            reasons.append(str(error))
    return NoViewport(" ".join(reasons), parent)


def kinds() -> tuple[Kind, ...]:
    """Return the viewports to try, best first."""
    wanted = os.environ.get(CHOICE, "")
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


def is_software(renderer: str) -> bool:
    """Whether OpenGL of this name is drawn by the processor."""
    return any(name in renderer.lower() for name in SOFTWARE)


@cache
def window_renderer() -> str:
    """Return what OpenGL calls itself in windows; empty if they have none."""
    surface, context = QOffscreenSurface(), QOpenGLContext()
    surface.create()
    if not context.create() or not context.makeCurrent(surface):
        return ""
    name = str(context.functions().glGetString(GL_RENDERER))
    context.doneCurrent()
    return name


class BlitViewport:
    """Draws in memory, and paints that into a plain widget.

    Raises
    ------
    RuntimeError
        If there is no OpenGL to draw with.
    """

    def __init__(self, theme: Theme, words: Words, parent: QWidget) -> None:
        self._offscreen = Offscreen(theme)
        self.renderer = self._offscreen.renderer
        self.software = is_software(self.renderer)
        self.widget: QWidget = _Paper(self, parent)
        self._words = words
        self._camera: Camera | None = None
        self._closed = False
        self._image, self._pixels = QImage(), np.zeros((1, 1, 3), np.uint8)
        self._stale, self._fine, self._coarse = True, False, False
        self._cost, self._count = 0.0, 0
        self._rest = QTimer(self.widget)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST)
        self._rest.timeout.connect(self._refine)

    def show(self, picture: Picture) -> None:
        """Take a frame; it is drawn at the next `draw`."""
        self._offscreen.stage.show(picture)
        self._stale, self._fine = True, False

    def draw(self, camera: Camera) -> None:
        """Paint soon, as seen by `camera`; without a change, words alone."""
        if self._closed:
            return
        if self._camera is None or camera.size != self._camera.size:
            self._coarse, self._count = False, 0
        if camera != self._camera:
            self._camera, self._stale, self._fine = camera, True, False
        self.widget.update()

    def dress(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        self._offscreen.stage.dress(theme)
        self._stale, self._fine = True, False
        self.widget.update()

    def image(self, camera: Camera, samples: int = 1) -> Pixels:
        """Return the picture without words: (height, width, 3)."""
        return self._offscreen.draw(camera, samples)

    def close(self) -> None:
        """Give everything back."""
        self._rest.stop()
        self._camera = None
        if not self._closed:
            self._closed = True
            self._offscreen.close()

    def paint(self, painter: QPainter) -> None:
        """Paint the picture and its words."""
        if self._camera is None:
            return
        if self._stale:
            self._stale = False
            self._redraw(self._camera)
        painter.setRenderHint(
            QPainter.RenderHint.SmoothPixmapTransform, self._coarse and not self._fine
        )
        painter.drawImage(QRectF(self.widget.rect()), self._image)
        self._words(painter)

    def _redraw(self, camera: Camera) -> None:
        start = time.perf_counter()
        dense = camera.ratio > 1
        samples = 2 if self._fine and not dense else 1
        if self._coarse and not self._fine:
            w, h = (max(1, round(side / camera.ratio)) for side in camera.size)
            camera = replace(camera, size=(w, h), ratio=1.0)
        self._pixels = pixels = self._offscreen.draw(camera, samples)
        h, w, _ = pixels.shape
        self._image = QImage(pixels.data, w, h, 3 * w, QImage.Format.Format_RGB888)
        if not self._fine:
            self._learn(time.perf_counter() - start, dense)
            self._rest.start()

    def _learn(self, seconds: float, dense: bool) -> None:
        """Note what a drawing costs; on a dense screen, give up what is too slow."""
        self._count += 1
        share = 1 / min(self._count, PATIENCE)
        self._cost += share * (seconds - self._cost)
        if dense and self._count >= PATIENCE and self._cost > SLOW:
            self._coarse = True

    def _refine(self) -> None:
        """Draw what stands still once more, with smooth edges."""
        if self._camera is None:
            return
        more = self._camera.ratio**2 if self._coarse else 4
        if self._cost * more < LONGEST:
            self._fine = self._stale = True
            self.widget.update()


class _Paper(QWidget):
    """The widget of a viewport that paints."""

    def __init__(self, viewport: BlitViewport, parent: QWidget) -> None:
        super().__init__(parent)
        self._viewport = viewport
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint all."""
        painter = QPainter(self)
        try:
            self._viewport.paint(painter)
        finally:
            painter.end()  # an open painter would crash the next paint


class GlViewport:
    """Lets the graphics card draw into the window; words lie on a clear sheet above.

    Raises
    ------
    RuntimeError
        If the canvas cannot be made.
    """

    def __init__(self, theme: Theme, words: Words, parent: QWidget) -> None:
        self.renderer = window_renderer()
        self.software = is_software(self.renderer)
        self.widget = QWidget(parent)
        self.widget.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._sheet = _Sheet(words, self.widget)
        self._native = native.Native(theme, self._sheet.update)
        layers = QStackedLayout(self.widget)
        layers.setStackingMode(QStackedLayout.StackingMode.StackAll)
        layers.addWidget(self._sheet)
        layers.addWidget(self._native.widget)
        self._native.widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def show(self, picture: Picture) -> None:
        """Take a frame; it is drawn at the next `draw`."""
        self._native.stage.show(picture)

    def draw(self, camera: Camera) -> None:
        """Paint soon, as seen by `camera`."""
        self._native.look(camera)
        self._sheet.update()

    def dress(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        self._native.stage.dress(theme)
        self._native.widget.update()

    def image(self, camera: Camera, samples: int = 1) -> Pixels:
        """Return the picture without words: (height, width, 3)."""
        return self._native.image(camera, samples)

    def close(self) -> None:
        """Give everything back."""
        self._native.close()


class _Sheet(QWidget):
    """A clear sheet with words on it."""

    def __init__(self, words: Words, parent: QWidget) -> None:
        super().__init__(parent)
        self._words = words
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint the words."""
        painter = QPainter(self)
        try:
            self._words(painter)
        finally:
            painter.end()


class NoViewport:
    """Says in one sentence why there is no picture; all else works."""

    software, renderer = True, "none"

    def __init__(self, reason: str, parent: QWidget) -> None:
        self.widget: QWidget = QLabel(f"The picture cannot be drawn: {reason}", parent)
        self.widget.setProperty("role", "muted")
        self.widget.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.widget.setWordWrap(True)
        self.widget.setMargin(24)

    def show(self, picture: Picture) -> None:
        """Take no frame."""

    def draw(self, camera: Camera) -> None:
        """Paint nothing."""

    def dress(self, theme: Theme) -> None:
        """Take no colours."""

    def image(self, camera: Camera, samples: int = 1) -> Pixels:
        """Return a black picture."""
        return np.zeros((*camera.size[::-1], 3), np.uint8)

    def close(self) -> None:
        """Give nothing back."""
