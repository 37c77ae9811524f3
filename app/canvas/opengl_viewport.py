"""A viewport that the graphics card draws into, with a transparent layer of text."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStackedLayout, QWidget

from app.canvas.contract import POLL_MS
from app.gl import native
from app.gl.gloo import is_software
from app.gl.render_thread import RENDER_NICENESS
from sim.thread_priority import lower_priority

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from app.canvas.contract import OnReady, TextPainter
    from app.gl.render_thread import SceneMaker
    from app.scene.camera import Camera
    from app.scene.scene import Scene
    from app.theme.palette import Theme
    from sim.array_types import Pixels


class OpenGLViewport:
    """Draws with the graphics card into the window, under a transparent layer of text.

    Another thread builds the scenes, which the window's thread uploads.

    Raises
    ------
    RuntimeError
        If the canvas cannot be made.
    """

    def __init__(
        self,
        theme: Theme,
        text_painter: TextPainter,
        parent: QWidget,
        on_ready: OnReady,
        renderer: str,
    ) -> None:
        self._on_ready = on_ready
        self.renderer, self.software = renderer, is_software(renderer)
        self.widget = QWidget(parent)
        self.widget.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._text_layer = _TextLayer(text_painter, self.widget)
        self._native = native.NativeCanvas(theme, self._text_layer.update)
        layers = QStackedLayout(self.widget)
        layers.setStackingMode(QStackedLayout.StackingMode.StackAll)
        layers.addWidget(self._text_layer)
        layers.addWidget(self._native.widget)
        self._native.widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._thread = ThreadPoolExecutor(
            1, "scene", lower_priority, (RENDER_NICENESS,)
        )
        self._pending: SceneMaker | None = None
        self._building: Future[Scene] | None = None
        self._poll_timer = QTimer(self.widget)
        self._poll_timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._poll_timer.setInterval(POLL_MS)
        self._poll_timer.timeout.connect(self._poll)

    def show(self, make_scene: SceneMaker) -> None:
        """Take what builds a scene; it is drawn as soon as it is built."""
        self._pending = make_scene
        self._begin()

    def draw(self, camera: Camera, *, patient: bool = False) -> None:
        """Paint soon, as seen by `camera`."""
        self._native.set_camera(camera)
        self._text_layer.camera = camera
        self._text_layer.update()

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        self._native.stage.set_theme(theme)
        self._native.widget.update()

    def image(self, camera: Camera, samples: int = 1) -> Pixels:
        """Return the picture without text: (height, width, 3)."""
        self._finish_builds()
        return self._native.image(camera, samples)

    def catch_up(self) -> None:
        """Paint everything requested so far at once."""
        self._finish_builds()
        self._native.widget.repaint()

    def close(self) -> None:
        """Stop drawing, and free the context."""
        self._poll_timer.stop()
        self._pending = self._building = None
        self._thread.shutdown()
        self._native.close()

    def _begin(self) -> None:
        """Build the newest scene, one at a time."""
        if self._pending is not None and self._building is None:
            make_scene, self._pending = self._pending, None
            self._building = self._thread.submit(make_scene)
            self._poll_timer.start()

    def _poll(self) -> None:
        if self._building is None or self._building.done():
            self._fetch()

    def _finish_builds(self) -> None:
        while self._building is not None:
            self._fetch()

    def _fetch(self) -> None:
        """Show the scene that was built, and build the next one."""
        self._poll_timer.stop()
        made, self._building = self._building, None
        if made is None:
            return
        self._native.stage.show(made.result())
        self._on_ready()
        self._native.widget.update()
        self._text_layer.update()
        self._begin()


class _TextLayer(QWidget):
    """A transparent widget with text on it."""

    def __init__(self, text_painter: TextPainter, parent: QWidget) -> None:
        super().__init__(parent)
        self._text_painter = text_painter
        self.camera: Camera | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint the text."""
        if self.camera is None:
            return
        painter = QPainter(self)
        try:
            self._text_painter(painter, self.camera)
        finally:
            painter.end()
