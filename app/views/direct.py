"""A viewport that the graphics card draws into; words lie on a clear sheet above."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStackedLayout, QWidget

from app.gl import native
from app.views.blit import is_software

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from app.dress.palette import Theme
    from app.gl.camera import Camera
    from app.views.viewport import Make, Pixels, Ready, Words


class GlViewport:
    """Lets the graphics card draw into the window; words lie on a clear sheet above.

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

    def show(self, make: Make) -> None:
        """Take what makes a picture; it is drawn at the next `draw`."""
        self._native.stage.show(make())
        self._ready()

    def draw(self, camera: Camera) -> None:
        """Paint soon, as seen by `camera`."""
        self._native.look(camera)
        self._sheet.camera = camera
        self._sheet.update()

    def dress(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        self._native.stage.dress(theme)
        self._native.widget.update()

    def image(self, camera: Camera, samples: int = 1) -> Pixels:
        """Return the picture without words: (height, width, 3)."""
        return self._native.image(camera, samples)

    def catch_up(self) -> None:
        """Have what was asked for painted at once."""
        self._native.widget.repaint()

    def close(self) -> None:
        """Give everything back."""
        self._native.close()


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
