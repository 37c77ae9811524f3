"""A viewport that draws in memory, and paints that into a plain widget."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRectF, Qt, QTimer
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QWidget

from app.canvas.contract import POLL_MS, is_software
from app.gl.render_thread import RenderThread

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QPaintEvent

    from app.canvas.contract import Ready, Words
    from app.gl.render_thread import Make
    from app.scene.camera import Camera
    from app.theme.palette import Theme
    from sim.array_types import Pixels

SLOW_DRAWING_S = (
    1 / 30
)  # seconds a drawing, above which a dense screen gets a coarser one
REST_FACTOR = 1.0  # times a drawing that is slower, before one of the same frame
AVERAGED_DRAWINGS = 8  # drawings at full size that are averaged before saying so
REFINE_AFTER_MS = (
    300  # ms without a new picture, after which it is drawn once more, finely
)
MAX_FINE_DRAWING_S = 0.12  # seconds that a fine drawing may take
FINE_SAMPLES = 2  # samples a pixel of a fine drawing, along each side
LAYER_FORMAT = QImage.Format.Format_ARGB32_Premultiplied


class RasterViewport:
    """Draws in memory, and paints that into a plain widget.

    Another thread makes and draws the picture.  It is fetched when it is ready, and its
    words are written in a later turn of the event loop, so that the window never waits.

    Raises
    ------
    RuntimeError
        If there is no OpenGL to draw with.
    """

    def __init__(
        self, theme: Theme, words: Words, parent: QWidget, ready: Ready
    ) -> None:
        self._ready = ready
        self._render_thread = RenderThread(theme)
        self.renderer = self._render_thread.renderer
        self.software = is_software(self.renderer)
        self.widget: QWidget = _Paper(self, parent)
        self._words = words
        self._camera: Camera | None = None
        self._ground, self._shown = QImage(), QImage()
        self._layer = QImage()
        self._pixels = np.zeros((1, 1, 3), np.uint8)
        self._stale, self._fresh, self._asked = True, False, False
        self._sent: Camera | None = None  # of the picture that is being drawn
        self._due: Camera | None = None  # of the picture that lacks its words
        self._coarse, self._fine, self._closed = False, False, False
        self._began, self._ended, self._cost, self._count = 0.0, 0.0, 0.0, 0
        self._starter = self._once(0, self._start)
        self._fetcher = self._once(POLL_MS, self._look)
        self._writer = self._once(0, self._settle)
        self._rest = self._once(REFINE_AFTER_MS, self._refine)

    def _once(self, after: int, slot: Callable[[], None]) -> QTimer:
        timer = QTimer(self.widget)
        timer.setTimerType(Qt.TimerType.PreciseTimer)
        timer.setSingleShot(True)
        timer.setInterval(after)
        timer.timeout.connect(slot)
        return timer

    def show(self, make: Make) -> None:
        """Take what makes a picture; it is drawn at the next `draw`."""
        self._render_thread.show(make)
        self._stale = self._fresh = True

    def draw(self, camera: Camera) -> None:
        """Paint soon, as seen by `camera`; without a change, words alone."""
        if self._closed:
            return
        if self._camera is None or camera.size != self._camera.size:
            self._coarse, self._count = False, 0
        self._stale |= camera != self._camera
        self._camera, self._asked = camera, True
        if self._sent is None and (self._fresh or not self._starter.isActive()):
            self._starter.start(self._leisure())

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        self._render_thread.set_theme(theme)
        self._stale = True
        if self._camera is not None:
            self.draw(self._camera)

    def image(self, camera: Camera, samples: int = 1) -> Pixels:
        """Return the picture without words: (height, width, 3)."""
        return self._render_thread.image(camera, samples)

    def close(self) -> None:
        """Give everything back."""
        for timer in (self._starter, self._fetcher, self._writer, self._rest):
            timer.stop()
        self._camera = self._sent = self._due = None
        if not self._closed:
            self._closed = True
            self._render_thread.close()

    def catch_up(self) -> None:
        """Have what was asked for painted next, waiting for it if need be."""
        for _ in range(2):  # what is under way, then what was asked since
            if self._sent is not None:
                self._fetch()
            if self._asked or self._stale:
                self._start()
        if self._sent is not None:
            self._fetch()
        self._settle()

    def paint(self, painter: QPainter) -> None:
        """Paint the last picture; a first one, or one of another size, at once."""
        if self._camera is None:
            return
        if self._shown.size().toTuple() != self._camera.size:
            self._asked = True
            self.catch_up()
        painter.drawImage(QRectF(self.widget.rect()), self._shown)

    def _start(self) -> None:
        """Have what is new drawn, or write the words anew."""
        camera, self._asked = self._camera, False
        if camera is None:
            return
        self._starter.stop()
        if self._stale:
            self._stale = self._fresh = self._fine = False
            self._send(camera, self._coarsened(camera))
        else:
            self._due = camera
            self._settle()

    def _send(self, camera: Camera, drawn: Camera, samples: int = 1) -> None:
        """Have a picture drawn."""
        self._began, self._sent = time.perf_counter(), camera
        self._render_thread.start(drawn, samples)
        self._fetcher.start()

    def _leisure(self) -> int:
        """Return for how many ms the next drawing waits where drawing is slow.

        A globe that turns would take all processors from the run that it shows; a new
        frame, which the run had time for, is drawn at once.
        """
        if self._fresh or self._cost < SLOW_DRAWING_S:
            return 0
        until = self._ended + REST_FACTOR * self._cost
        return max(0, round(1e3 * (until - time.perf_counter())))

    def _coarsened(self, camera: Camera) -> Camera:
        if not self._coarse:
            return camera
        w, h = (max(1, round(side / camera.ratio)) for side in camera.size)
        return replace(camera, size=(w, h), ratio=1.0)

    def _look(self) -> None:
        """Show the picture that was started if it is drawn, or look again soon."""
        if self._render_thread.done:
            self._fetch()
        else:
            self._fetcher.start()

    def _fetch(self) -> None:
        """Take the picture that was started, and have the next one drawn."""
        self._fetcher.stop()
        camera, self._sent = self._sent, None
        if camera is None:
            return
        self._take(self._render_thread.finish())
        self._due, self._ended = camera, time.perf_counter()
        if not self._fine:
            self._learn(self._ended - self._began, camera.ratio > 1)
            self._rest.start()
        self._ready()
        if self._asked:
            self._starter.start(self._leisure())
        self._writer.start()

    def _settle(self) -> None:
        """Write the words of the picture that was fetched, and paint both."""
        camera, self._due = self._due, None
        if camera is not None:
            self._write(camera)
            self._compose(camera)

    def _take(self, pixels: Pixels) -> None:
        self._pixels = pixels  # kept: the image is a view of it
        h, w, _ = pixels.shape
        self._ground = QImage(pixels.data, w, h, 3 * w, QImage.Format.Format_RGB888)

    def _write(self, camera: Camera) -> None:
        """Write the words on a clear layer."""
        if self._layer.size().toTuple() != camera.size:
            self._layer = QImage(*camera.size, LAYER_FORMAT)
        self._layer.setDevicePixelRatio(camera.ratio)
        self._layer.fill(Qt.GlobalColor.transparent)
        painter = QPainter(self._layer)
        try:
            self._words(painter, camera)
        finally:
            painter.end()  # an open painter would crash the next paint

    def _compose(self, camera: Camera) -> None:
        """Lay the words over the picture."""
        if self._shown.size().toTuple() != camera.size:
            self._shown = QImage(*camera.size, QImage.Format.Format_RGB32)
        whole = QRectF(0, 0, *camera.size)
        self._layer.setDevicePixelRatio(1.0)
        painter = QPainter(self._shown)
        try:
            smooth = QPainter.RenderHint.SmoothPixmapTransform
            painter.setRenderHint(smooth, self._ground.size() != self._shown.size())
            painter.drawImage(whole, self._ground)
            painter.drawImage(whole, self._layer)
        finally:
            painter.end()
        self.widget.update()

    def _learn(self, seconds: float, dense: bool) -> None:
        """Note what a drawing costs; on a dense screen, give up what is too slow."""
        self._count += 1
        share = 1 / min(self._count, AVERAGED_DRAWINGS)
        self._cost += share * (seconds - self._cost)
        if dense and self._count >= AVERAGED_DRAWINGS and self._cost > SLOW_DRAWING_S:
            self._coarse = True

    def _refine(self) -> None:
        """Draw what does not move once more, with smooth edges."""
        camera = self._camera
        if camera is None or self._sent is not None or self._stale:
            return
        more = camera.ratio**2 if self._coarse else FINE_SAMPLES**2
        if self._cost * more < MAX_FINE_DRAWING_S:
            samples = 1 if camera.ratio > 1 else FINE_SAMPLES
            self._fine = True
            self._send(camera, camera, samples)


class _Paper(QWidget):
    """The widget of a viewport that paints."""

    def __init__(self, viewport: RasterViewport, parent: QWidget) -> None:
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
