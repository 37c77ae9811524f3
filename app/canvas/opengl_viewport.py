"""A viewport that the graphics card draws into; words lie on a clear sheet above."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStackedLayout, QWidget

from app.canvas.contract import POLL_MS, is_software
from app.gl import native
from app.gl.render_thread import RENDER_NICENESS
from sim.thread_priority import lower_priority

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from app.canvas.contract import Ready, Words
    from app.gl.render_thread import Make
    from app.scene.camera import Camera
    from app.scene.scene import Scene
    from app.theme.palette import Theme
    from sim.array_types import Pixels


class OpenGLViewport:
    """Lets the graphics card draw into the window; words lie on a clear sheet above.

    Another thread makes the pictures, which the window's hands to the card.

    Raises
    ------
    RuntimeError
        If the canvas cannot be made.
    """

    def __init__(
        self, theme: Theme, words: Words, parent: QWidget, ready: Ready, renderer: str
    ) -> None:
        self._ready = ready
        self.renderer, self.software = renderer, is_software(renderer)
        self.widget = QWidget(parent)
        self.widget.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._sheet = _Sheet(words, self.widget)
        self._native = native.Native(theme, self._sheet.update)
        layers = QStackedLayout(self.widget)
        layers.setStackingMode(QStackedLayout.StackingMode.StackAll)
        layers.addWidget(self._sheet)
        layers.addWidget(self._native.widget)
        self._native.widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._thread = ThreadPoolExecutor(
            1, "scene", lower_priority, (RENDER_NICENESS,)
        )
        self._wanted: Make | None = None
        self._made: Future[Scene] | None = None
        self._fetcher = QTimer(self.widget)
        self._fetcher.setTimerType(Qt.TimerType.PreciseTimer)
        self._fetcher.setInterval(POLL_MS)
        self._fetcher.timeout.connect(self._look)

    def show(self, make: Make) -> None:
        """Take what makes a picture; it is drawn as soon as it is made."""
        self._wanted = make
        self._begin()

    def draw(self, camera: Camera) -> None:
        """Paint soon, as seen by `camera`."""
        self._native.look(camera)
        self._sheet.camera = camera
        self._sheet.update()

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        self._native.stage.set_theme(theme)
        self._native.widget.update()

    def image(self, camera: Camera, samples: int = 1) -> Pixels:
        """Return the picture without words: (height, width, 3)."""
        self._wait()
        return self._native.image(camera, samples)

    def catch_up(self) -> None:
        """Have what was asked for painted at once."""
        self._wait()
        self._native.widget.repaint()

    def close(self) -> None:
        """Give everything back."""
        self._fetcher.stop()
        self._wanted = self._made = None
        self._thread.shutdown()
        self._native.close()

    def _begin(self) -> None:
        """Have the newest picture made, one at a time."""
        if self._wanted is not None and self._made is None:
            make, self._wanted = self._wanted, None
            self._made = self._thread.submit(make)
            self._fetcher.start()

    def _look(self) -> None:
        if self._made is None or self._made.done():
            self._fetch()

    def _wait(self) -> None:
        while self._made is not None:
            self._fetch()

    def _fetch(self) -> None:
        """Show the picture that was made, and have the next one made."""
        self._fetcher.stop()
        made, self._made = self._made, None
        if made is None:
            return
        self._native.stage.show(made.result())
        self._ready()
        self._native.widget.update()
        self._sheet.update()
        self._begin()


class _Sheet(QWidget):
    """A clear sheet with words on it."""

    def __init__(self, words: Words, parent: QWidget) -> None:
        super().__init__(parent)
        self._words = words
        self.camera: Camera | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint the words."""
        if self.camera is None:
            return
        painter = QPainter(self)
        try:
            self._words(painter, self.camera)
        finally:
            painter.end()
