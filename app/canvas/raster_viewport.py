"""A viewport that renders in memory, and paints the image into a plain widget."""

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

    from app.canvas.contract import OnReady, TextPainter
    from app.gl.render_thread import SceneMaker
    from app.scene.camera import Camera
    from app.theme.palette import Theme
    from sim.array_types import Pixels

SLOW_RENDER_S = 1 / 30  # above, dense screens get a lower resolution
IDLE_FACTOR = 1.0  # render times to wait after a slow render of the same scene
AVERAGED_RENDERS = 8  # renders at full size, before their mean time counts
REFINE_AFTER_MS = (
    300  # ms without a new picture, after which it is drawn once more, finely
)
MAX_REFINE_S = 0.12  # seconds that a smooth render may take
REFINE_SAMPLES = 2  # samples a pixel of a smooth render, along each side
LAYER_FORMAT = QImage.Format.Format_ARGB32_Premultiplied


class RasterViewport:
    """Renders in memory, and paints the image into a plain widget.

    Another thread builds and renders the scene.  One render at a time is under way:

    1. `draw` starts one, at once or after a pause if rendering is slow; without a
       change of scene, camera or theme only the text is painted again.
    2. A timer polls until the image is ready, and takes it.
    3. Text is painted over it in a later turn of the event loop, so that the window
       never waits.
    4. After 300 ms without a change, a smooth image of the same scene follows.

    Raises
    ------
    RuntimeError
        If there is no OpenGL to draw with.
    """

    def __init__(
        self,
        theme: Theme,
        text_painter: TextPainter,
        parent: QWidget,
        on_ready: OnReady,
    ) -> None:
        self._on_ready = on_ready
        self._render_thread = RenderThread(theme)
        self.renderer = self._render_thread.renderer
        self.software = is_software(self.renderer)
        self.widget: QWidget = _PaintedWidget(self, parent)
        self._text_painter = text_painter
        self._camera: Camera | None = None
        self._image, self._composed = QImage(), QImage()
        self._text_layer = QImage()
        self._pixels = np.zeros((1, 1, 3), np.uint8)
        self._needs_render = True  # scene, camera or theme changed since the last one
        self._has_new_scene = False  # no waiting before the next render
        self._paint_requested = False  # `draw` was called since the last start
        self._rendering_camera: Camera | None = None  # of the render under way
        self._text_camera: Camera | None = None  # of an image that lacks its text
        self._reduced_resolution = False  # renders at full size were too slow
        self._refining = False  # the last render was the smooth one of a still scene
        self._closed = False
        self._render_started_at = self._render_ended_at = 0.0
        self._mean_render_s, self._render_count = 0.0, 0
        self._start_timer = self._single_shot(0, self._start)
        self._poll_timer = self._single_shot(POLL_MS, self._poll)
        self._text_timer = self._single_shot(0, self._finish_paint)
        self._refine_timer = self._single_shot(REFINE_AFTER_MS, self._refine)

    def _single_shot(self, after: int, slot: Callable[[], None]) -> QTimer:
        timer = QTimer(self.widget)
        timer.setTimerType(Qt.TimerType.PreciseTimer)
        timer.setSingleShot(True)
        timer.setInterval(after)
        timer.timeout.connect(slot)
        return timer

    def show(self, make_scene: SceneMaker) -> None:
        """Take what makes a picture; it is drawn at the next `draw`."""
        self._render_thread.show(make_scene)
        self._needs_render = self._has_new_scene = True

    def draw(self, camera: Camera) -> None:
        """Paint soon, as seen by `camera`; without a change, words alone."""
        if self._closed:
            return
        if self._camera is None or camera.size != self._camera.size:
            self._reduced_resolution, self._render_count = False, 0
        self._needs_render |= camera != self._camera
        self._camera, self._paint_requested = camera, True
        if self._rendering_camera is None and (
            self._has_new_scene or not self._start_timer.isActive()
        ):
            self._start_timer.start(self._delay_ms())

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        self._render_thread.set_theme(theme)
        self._needs_render = True
        if self._camera is not None:
            self.draw(self._camera)

    def image(self, camera: Camera, samples: int = 1) -> Pixels:
        """Return the picture without words: (height, width, 3)."""
        return self._render_thread.image(camera, samples)

    def close(self) -> None:
        """Give everything back."""
        for timer in (
            self._start_timer,
            self._poll_timer,
            self._text_timer,
            self._refine_timer,
        ):
            timer.stop()
        self._camera = self._rendering_camera = self._text_camera = None
        if not self._closed:
            self._closed = True
            self._render_thread.close()

    def catch_up(self) -> None:
        """Have what was asked for painted next, waiting for it if need be."""
        for _ in range(2):  # what is under way, then what was asked since
            if self._rendering_camera is not None:
                self._fetch()
            if self._paint_requested or self._needs_render:
                self._start()
        if self._rendering_camera is not None:
            self._fetch()
        self._finish_paint()

    def paint(self, painter: QPainter) -> None:
        """Paint the last picture; a first one, or one of another size, at once."""
        if self._camera is None:
            return
        if self._composed.size().toTuple() != self._camera.size:
            self._paint_requested = True
            self.catch_up()
        painter.drawImage(QRectF(self.widget.rect()), self._composed)

    def _start(self) -> None:
        """Have what is new drawn, or write the words anew."""
        camera, self._paint_requested = self._camera, False
        if camera is None:
            return
        self._start_timer.stop()
        if self._needs_render:
            self._needs_render = self._has_new_scene = self._refining = False
            self._send(camera, self._drawn_camera(camera))
        else:
            self._text_camera = camera
            self._finish_paint()

    def _send(self, camera: Camera, drawn: Camera, samples: int = 1) -> None:
        """Have a picture drawn."""
        self._render_started_at, self._rendering_camera = time.perf_counter(), camera
        self._render_thread.start(drawn, samples)
        self._poll_timer.start()

    def _delay_ms(self) -> int:
        """Return for how many ms the next drawing waits where drawing is slow.

        A globe that turns would take all processors from the run that it shows; a new
        frame, which the run had time for, is drawn at once.
        """
        if self._has_new_scene or self._mean_render_s < SLOW_RENDER_S:
            return 0
        until = self._render_ended_at + IDLE_FACTOR * self._mean_render_s
        return max(0, round(1e3 * (until - time.perf_counter())))

    def _drawn_camera(self, camera: Camera) -> Camera:
        if not self._reduced_resolution:
            return camera
        w, h = (max(1, round(side / camera.ratio)) for side in camera.size)
        return replace(camera, size=(w, h), ratio=1.0)

    def _poll(self) -> None:
        """Show the picture that was started if it is drawn, or look again soon."""
        if self._render_thread.done:
            self._fetch()
        else:
            self._poll_timer.start()

    def _fetch(self) -> None:
        """Take the picture that was started, and have the next one drawn."""
        self._poll_timer.stop()
        camera, self._rendering_camera = self._rendering_camera, None
        if camera is None:
            return
        self._set_image(self._render_thread.finish())
        self._text_camera, self._render_ended_at = camera, time.perf_counter()
        if not self._refining:
            self._record_render_time(
                self._render_ended_at - self._render_started_at, camera.ratio > 1
            )
            self._refine_timer.start()
        self._on_ready()
        if self._paint_requested:
            self._start_timer.start(self._delay_ms())
        self._text_timer.start()

    def _finish_paint(self) -> None:
        """Write the words of the picture that was fetched, and paint both."""
        camera, self._text_camera = self._text_camera, None
        if camera is not None:
            self._paint_text(camera)
            self._compose(camera)

    def _set_image(self, pixels: Pixels) -> None:
        self._pixels = pixels  # kept: the image is a view of it
        h, w, _ = pixels.shape
        self._image = QImage(pixels.data, w, h, 3 * w, QImage.Format.Format_RGB888)

    def _paint_text(self, camera: Camera) -> None:
        """Write the words on a clear layer."""
        if self._text_layer.size().toTuple() != camera.size:
            self._text_layer = QImage(*camera.size, LAYER_FORMAT)
        self._text_layer.setDevicePixelRatio(camera.ratio)
        self._text_layer.fill(Qt.GlobalColor.transparent)
        painter = QPainter(self._text_layer)
        try:
            self._text_painter(painter, camera)
        finally:
            painter.end()  # an open painter would crash the next paint

    def _compose(self, camera: Camera) -> None:
        """Lay the words over the picture."""
        if self._composed.size().toTuple() != camera.size:
            self._composed = QImage(*camera.size, QImage.Format.Format_RGB32)
        whole = QRectF(0, 0, *camera.size)
        self._text_layer.setDevicePixelRatio(1.0)
        painter = QPainter(self._composed)
        try:
            smooth = QPainter.RenderHint.SmoothPixmapTransform
            painter.setRenderHint(smooth, self._image.size() != self._composed.size())
            painter.drawImage(whole, self._image)
            painter.drawImage(whole, self._text_layer)
        finally:
            painter.end()
        self.widget.update()

    def _record_render_time(self, seconds: float, dense: bool) -> None:
        """Note what a drawing costs; on a dense screen, give up what is too slow."""
        self._render_count += 1
        share = 1 / min(self._render_count, AVERAGED_RENDERS)
        self._mean_render_s += share * (seconds - self._mean_render_s)
        if (
            dense
            and self._render_count >= AVERAGED_RENDERS
            and self._mean_render_s > SLOW_RENDER_S
        ):
            self._reduced_resolution = True

    def _refine(self) -> None:
        """Draw what does not move once more, with smooth edges."""
        camera = self._camera
        if camera is None or self._rendering_camera is not None or self._needs_render:
            return
        more = camera.ratio**2 if self._reduced_resolution else REFINE_SAMPLES**2
        if self._mean_render_s * more < MAX_REFINE_S:
            samples = 1 if camera.ratio > 1 else REFINE_SAMPLES
            self._refining = True
            self._send(camera, camera, samples)


class _PaintedWidget(QWidget):
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
