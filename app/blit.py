"""A viewport that draws in memory, and paints that into a plain widget."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRectF, Qt, QTimer
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QWidget

from app.gl.offscreen import Offscreen

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from app.gl.camera import Camera
    from app.gl.picture import Picture
    from app.palette import Theme
    from app.viewport import Pixels, Words

SOFTWARE = ("llvmpipe", "softpipe", "swrast", "swiftshader", "basic render")
SLOW = 1 / 30  # seconds a drawing, above which a dense screen gets a coarser one
PATIENCE = 8  # drawings at full size that are averaged before saying so
REST = 300  # ms without a new picture, after which it is drawn once more, finely
LONGEST = 0.12  # seconds that a fine drawing may block


def is_software(renderer: str) -> bool:
    """Whether OpenGL of this name is drawn by the processor."""
    return any(name in renderer.lower() for name in SOFTWARE)


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
