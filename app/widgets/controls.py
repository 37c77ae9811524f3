"""The raw controls of the panels: slider, line, list and segments, well behaved.

They leave the wheel to the page unless they have the focus, and step finely by keys.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QSlider,
    QStyle,
    QStyleOptionComboBox,
    QStyleOptionSlider,
    QStylePainter,
    QWidget,
)

from app.widgets.slider_scale import TICKS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent, QWheelEvent

KEYS = Qt.Key
STEPS = {
    KEYS.Key_Left: -1.0,
    KEYS.Key_Down: -1.0,
    KEYS.Key_Right: 1.0,
    KEYS.Key_Up: 1.0,
    KEYS.Key_PageDown: -10.0,
    KEYS.Key_PageUp: 10.0,
}
"""Fine steps of the keyboard."""
NOTCH = 120  # wheel angle of one click of a mouse wheel


class Slider(QSlider):
    """A slider that goes where it is clicked, and leaves the wheel to the page."""

    nudged = Signal(float)
    reset = Signal()

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setRange(0, TICKS)
        self.setMinimumWidth(48)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Jump to the place that is clicked, and drag from there."""
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        groove = self.style().subControlRect(
            QStyle.ComplexControl.CC_Slider,
            option,
            QStyle.SubControl.SC_SliderGroove,
            self,
        )
        handle = self.style().subControlRect(
            QStyle.ComplexControl.CC_Slider,
            option,
            QStyle.SubControl.SC_SliderHandle,
            self,
        )
        at = event.position().toPoint()
        if event.button() == Qt.MouseButton.LeftButton and not handle.contains(at):
            room = groove.width() - handle.width()
            along = at.x() - groove.x() - handle.width() // 2
            self.setSliderDown(True)
            self.setSliderPosition(
                QStyle.sliderValueFromPosition(0, TICKS, along, room)
            )
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Go back to the default."""
        self.reset.emit()
        event.accept()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Turn only with the focus, else let the page scroll."""
        if self.hasFocus() and event.angleDelta().y():
            self.nudged.emit(event.angleDelta().y() / NOTCH)
            event.accept()
        else:
            event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Turn in fine steps."""
        step = STEPS.get(KEYS(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self.nudged.emit(step)


class ValueEdit(QLineEdit):
    """A line to type a value in: Enter applies, Escape takes back."""

    entered = Signal(str)
    nudged = Signal(float)

    def __init__(self, role: str = "") -> None:
        super().__init__()
        self._shown = ""
        self.setProperty("role", role)
        if role:
            self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.returnPressed.connect(self._enter)
        self.editingFinished.connect(self._enter)

    def show_text(self, text: str) -> None:
        """Show `text`, unless something is being typed."""
        self._shown = text
        if not (self.hasFocus() and self.isModified()):
            self.setText(text)
            self.setCursorPosition(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Step with the arrows; take back with Escape."""
        step = STEPS.get(KEYS(event.key()))
        if event.key() == KEYS.Key_Escape and self.isModified():
            self.setText(self._shown)
        elif step is not None and event.key() not in (KEYS.Key_Left, KEYS.Key_Right):
            self.nudged.emit(step)
        else:
            super().keyPressEvent(event)

    def _enter(self) -> None:
        if self.isModified():
            typed = self.text()
            self.setText(self._shown)
            self.entered.emit(typed)


class ComboBox(QComboBox):
    """A list that leaves the wheel to the page, and elides what it has no room for."""

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw the choice, with an ellipsis if it is long."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        style, part = self.style(), QStyle.SubControl.SC_ComboBoxEditField
        room = style.subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, part, self
        )
        text: str = option.currentText  # type: ignore[attr-defined]
        cut = self.fontMetrics().elidedText(
            text, Qt.TextElideMode.ElideRight, room.width() - 2
        )
        option.currentText = cut  # type: ignore[attr-defined]
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        painter.end()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Turn only with the focus."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class SegmentedButtons(QWidget):
    """Buttons side by side, one of which is down: ``(value, text, tip)`` each."""

    chosen = Signal(object)

    def __init__(self, options: Sequence[tuple[object, str, str]]) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._values = [value for value, _, _ in options]
        self._group = QButtonGroup(self)
        for place, (_, text, tip) in enumerate(options):
            button = QPushButton(text)
            button.setProperty("role", "segment")
            button.setProperty("end", _end(place, len(options)))
            button.setCheckable(True)
            button.setToolTip(tip)
            button.setAccessibleDescription(tip)
            button.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
            self._group.addButton(button, place)
            row.addWidget(button, 1)
        self._group.idClicked.connect(self._click)

    def rename(self, options: Sequence[tuple[object, str, str]]) -> None:
        """Give the buttons other texts and tips, in the same order."""
        for button, (_, text, tip) in zip(self._group.buttons(), options, strict=True):
            button.setText(text)
            button.setToolTip(tip)
            button.setAccessibleDescription(tip)

    def show_value(self, value: object) -> None:
        """Press the button of `value`; none if it has none."""
        place = self._values.index(value) if value in self._values else -1
        self._group.setExclusive(False)
        for button in self._group.buttons():
            button.setChecked(self._group.id(button) == place)
        self._group.setExclusive(True)

    def _click(self, place: int) -> None:
        self.chosen.emit(self._values[place])


def _end(place: int, count: int) -> str:
    return "left" if place == 0 else "right" if place == count - 1 else ""
