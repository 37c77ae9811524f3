"""A widget that is turned by mouse, wheel, touch and keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QNativeGestureEvent
from PySide6.QtWidgets import QGestureEvent, QPinchGesture, QWidget

from app.canvas.animation_timer import now
from app.canvas.orbit import Orbit
from app.scene.camera import Camera
from app.widgets.view import View

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent

WHEEL_NOTCH = 120.0  # eighths of a degree of the wheel
ZOOM_PER_NOTCH = 1.18  # a notch, or a press of + or −
ARROW_KEY_DEG = 5.0  # of a press of an arrow key
CLICK_SLOP_PX = 4.0  # a pointer that moved less has clicked, not dragged

ARROWS = {
    Qt.Key.Key_Left: (-ARROW_KEY_DEG, 0.0),
    Qt.Key.Key_Right: (ARROW_KEY_DEG, 0.0),
    Qt.Key.Key_Up: (0.0, ARROW_KEY_DEG),
    Qt.Key.Key_Down: (0.0, -ARROW_KEY_DEG),
}
ZOOMS = {
    Qt.Key.Key_Plus: ZOOM_PER_NOTCH,
    Qt.Key.Key_Equal: ZOOM_PER_NOTCH,
    Qt.Key.Key_Minus: 1 / ZOOM_PER_NOTCH,
}


class OrbitView(View):
    """Moves the camera of an `Orbit`; signals other input."""

    camera_touched = Signal()
    """The user moved the camera."""
    clicked = Signal(QPointF, bool)
    """Position of a click, and whether Shift was held."""
    double_clicked = Signal(QPointF)
    """Position of a double click."""
    hovered = Signal(QPointF)
    """Position of the mouse while no button is held."""
    mouse_left = Signal()
    """The mouse left."""
    escape_pressed = Signal()
    """Esc was pressed."""
    wheel_turned = Signal(int)
    """The wheel was turned up (1) or down (−1) where it does not zoom."""
    home_pressed = Signal()
    """Home was pressed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.orbit = Orbit(Camera())
        self._pressed: QPointF | None = None
        self._at, self._dragged, self._pulls = QPointF(), False, False
        self._turned, self.wheel_zooms = 0.0, True
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.grabGesture(Qt.GestureType.PinchGesture)

    def grabs(self, at: QPointF) -> bool:
        """Return whether a drag from this position moves something on the globe."""
        return False

    def pull(self, at: QPointF) -> None:
        """Move what was grabbed to this position."""

    def let_go(self) -> None:
        """Leave what was grabbed where it is."""

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Hold the globe, or something on it."""
        if event.button() != Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)
            return
        self._pressed = self._at = event.position()
        self._dragged, self._pulls = False, self.grabs(event.position())
        self.orbit.grab(now())
        self.camera_touched.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Turn the globe."""
        at = event.position()
        if self._pressed is None:
            self.hovered.emit(at)
            return
        if not self._dragged and (at - self._pressed).manhattanLength() < CLICK_SLOP_PX:
            return
        if not self._dragged:
            self._dragged = True
            self.mouse_left.emit()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        if self._pulls:
            self.pull(at)
            return
        moved, self._at = at - self._at, at
        self.orbit.drag(moved.x(), moved.y(), now())
        self.camera_touched.emit()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Release; a pointer that did not move has clicked."""
        if event.button() != Qt.MouseButton.LeftButton or self._pressed is None:
            super().mouseReleaseEvent(event)
            return
        self._pressed = None
        self.unsetCursor()
        if self._pulls and self._dragged:
            self.let_go()
        self.orbit.release(now())
        if not self._dragged:
            shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.clicked.emit(event.position(), shift)
        self.camera_touched.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Signal a double click; its second release is not a click."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.double_clicked.emit(event.position())
            self.camera_touched.emit()

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        """Signal that the mouse left."""
        super().leaveEvent(event)
        self.mouse_left.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Zoom, or signal notches where the wheel has another use; with Ctrl, zoom."""
        event.accept()
        ctrl = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if not self.wheel_zooms and not ctrl:
            self._turned += event.angleDelta().y() / WHEEL_NOTCH
            while abs(self._turned) >= 1:
                sign = 1 if self._turned > 0 else -1
                self._turned -= sign
                self.wheel_turned.emit(sign)
            return
        self._zoom(ZOOM_PER_NOTCH ** (event.angleDelta().y() / WHEEL_NOTCH))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Turn, zoom, reset the camera or clear the selection."""
        key = Qt.Key(event.key())
        if key in ARROWS:
            self.orbit.nudge(*ARROWS[key], now())
            self.camera_touched.emit()
        elif key in ZOOMS:
            self._zoom(ZOOMS[key])
        elif key == Qt.Key.Key_Home:
            self.home_pressed.emit()
        elif key == Qt.Key.Key_Escape and self.has_selection():
            self.escape_pressed.emit()
        else:
            super().keyPressEvent(event)

    def has_selection(self) -> bool:
        """Whether there is a selection that Esc clears."""
        return False

    def event(self, event: QEvent) -> bool:
        """Zoom by two fingers, on a touchpad or on the screen."""
        if isinstance(event, QNativeGestureEvent):
            if event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
                self._zoom(1 + event.value())
                return True
        elif isinstance(event, QGestureEvent):
            pinch = event.gesture(Qt.GestureType.PinchGesture)
            if isinstance(pinch, QPinchGesture):
                self._zoom(pinch.scaleFactor())
                return True
        return super().event(event)

    def _zoom(self, factor: float) -> None:
        if factor > 0:
            self.orbit.zoom(factor, now())
            self.camera_touched.emit()
