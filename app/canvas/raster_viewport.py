"""A viewport that renders in memory, and paints the image into a plain widget."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt, QTimer
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from app.canvas.composite import Composite
from app.canvas.contract import POLL_MS
from app.canvas.render_pace import RenderPace
from app.gl.gloo import is_software
from app.gl.render_thread import RenderThread

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QPaintEvent

    from app.canvas.contract import OnReady, TextPainter
    from app.gl.render_thread import SceneMaker
    from app.scene.camera import Camera
    from app.theme.palette import Theme
    from sim.array_types import Pixels

REFINE_AFTER_MS = 300  # without a new image, until a smooth one is rendered


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
        self._composite, self._pace = Composite(text_painter), RenderPace()
        self._camera: Camera | None = None
        self._needs_render = True  # scene, camera or theme changed since the last one
        self._has_new_scene = False  # no waiting before the next render
        self._paint_requested = False  # `draw` was called since the last start
        self._rendering_camera: Camera | None = None  # of the render under way
        self._text_camera: Camera | None = None  # of an image that lacks its text
        self._refining = False  # the last render was the smooth one of a still scene
        self._closed = self._patient = False
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
        """Take what builds a scene; it is rendered at the next `draw`."""
        self._render_thread.show(make_scene)
        self._pace.take_scene(time.perf_counter())
        self._needs_render = self._has_new_scene = True

    def draw(self, camera: Camera, *, patient: bool = False) -> None:
        """Paint soon, as seen by `camera`; without a change, the text only.

        If `patient`, that may be with the next scene.
        """
        if self._closed:
            return
        if self._camera is None or camera.size != self._camera.size:
            self._pace.reset()
        self._needs_render |= camera != self._camera
        self._camera, self._paint_requested = camera, True
        self._patient = patient
        waiting = self._start_timer.isActive()
        if self._rendering_camera is not None:
            return
        if self._has_new_scene:
            self._start()  # at once, so that it is drawn while the window goes on
        elif not waiting:
            self._start_timer.start(self._delay_ms())

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        self._render_thread.set_theme(theme)
        self._needs_render = True
        if self._camera is not None:
            self.draw(self._camera)

    def image(self, camera: Camera, samples: int = 1) -> Pixels:
        """Return the picture without text: (height, width, 3)."""
        return self._render_thread.image(camera, samples)

    def close(self) -> None:
        """Stop all timers and free the context."""
        self._start_timer.stop()
        self._poll_timer.stop()
        self._text_timer.stop()
        self._refine_timer.stop()
        self._camera = self._rendering_camera = self._text_camera = None
        if not self._closed:
            self._closed = True
            self._render_thread.close()

    def catch_up(self) -> None:
        """Have everything requested so far in the next paint; waits for it."""
        for _ in range(2):  # what is under way, then what was requested since
            if self._rendering_camera is not None:
                self._fetch()
            if self._paint_requested or self._needs_render:
                self._start()
        if self._rendering_camera is not None:
            self._fetch()
        self._finish_paint()

    def paint(self, painter: QPainter) -> None:
        """Paint the last picture; the first, or one of another size, at once."""
        if self._camera is None:
            return
        if self._composite.picture.size().toTuple() != self._camera.size:
            self._paint_requested = True
            self.catch_up()
        painter.drawImage(QRectF(self.widget.rect()), self._composite.picture)

    def _start(self) -> None:
        """Start a render if anything changed, or paint the text again."""
        camera, self._paint_requested = self._camera, False
        if camera is None:
            return
        self._start_timer.stop()
        if self._needs_render:
            self._needs_render = self._has_new_scene = self._refining = False
            self._send(camera, self._pace.resized(camera))
        else:
            self._text_camera = camera
            self._finish_paint()

    def _send(self, camera: Camera, drawn: Camera, samples: int = 1) -> None:
        """Start a render seen by `drawn`, which is `camera` or smaller."""
        self._pace.start(time.perf_counter())
        self._rendering_camera = camera
        self._render_thread.start(drawn, samples)
        self._poll_timer.start(self._pace.first_poll_ms())

    def _delay_ms(self) -> int:
        """Return for how many ms the next render waits; a new scene never does."""
        if self._has_new_scene:
            return 0
        return self._pace.delay_ms(time.perf_counter(), patient=self._patient)

    def _poll(self) -> None:
        """Take the image if it is ready, or look again soon."""
        if self._render_thread.done:
            self._fetch()
        else:
            self._poll_timer.start(POLL_MS)

    def _fetch(self) -> None:
        """Take the image of the render under way, and start the next one."""
        self._poll_timer.stop()
        camera, self._rendering_camera = self._rendering_camera, None
        if camera is None:
            return
        self._composite.set_background(self._render_thread.finish())
        self._text_camera = camera
        seconds = self._pace.finish(time.perf_counter())
        if not self._refining:
            self._pace.record(seconds, dense=camera.ratio > 1)
            self._refine_timer.start()
        self._on_ready()
        if self._paint_requested:
            self._start_timer.start(self._delay_ms())
        self._text_timer.start()

    def _finish_paint(self) -> None:
        """Paint the text of the image that was taken, and show both."""
        camera, self._text_camera = self._text_camera, None
        if camera is not None:
            self._composite.update(camera)
            self.widget.update()

    def _refine(self) -> None:
        """Render a scene that does not move once more, with smooth edges."""
        camera = self._camera
        if camera is None or self._rendering_camera is not None or self._needs_render:
            return
        samples = self._pace.smooth_samples(camera)
        if samples:
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
        """Paint the picture."""
        painter = QPainter(self)
        try:
            self._viewport.paint(painter)
        finally:
            painter.end()  # an open painter would crash the next paint
