"""The controls of panels: slider, line of text, list and segmented buttons.

They leave the wheel to the page unless they have the focus, and take fine steps by
keys.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QCursor
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
    QToolTip,
    QWidget,
)

from app.widgets.slider_scale import TICKS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import (
        QFontMetrics,
        QKeyEvent,
        QMouseEvent,
        QPaintEvent,
        QWheelEvent,
    )

Key = Qt.Key
KEY_STEPS = {
    Key.Key_Left: -1.0,
    Key.Key_Down: -1.0,
    Key.Key_Right: 1.0,
    Key.Key_Up: 1.0,
    Key.Key_PageDown: -10.0,
    Key.Key_PageUp: 10.0,
}
"""Fine steps by key."""
WHEEL_NOTCH = 120  # angle of one notch of a mouse wheel, in eighths of a degree


class Slider(QSlider):
    """A slider that jumps to where it is clicked, and leaves the wheel to the page."""

    nudged = Signal(float)
    reset = Signal()

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setRange(0, TICKS)
        self.setMinimumWidth(48)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Jump to the position that is clicked, and drag from there."""
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
        """Change the value only with the focus, else let the page scroll."""
        if self.hasFocus() and event.angleDelta().y():
            self.nudged.emit(event.angleDelta().y() / WHEEL_NOTCH)
            event.accept()
        else:
            event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Change the value in fine steps."""
        step = KEY_STEPS.get(Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self.nudged.emit(step)


class ValueEdit(QLineEdit):
    """A line to type a value in: Enter applies, Escape restores.

    What was refused can be corrected while the line has the focus.
    """

    entered = Signal(str)
    nudged = Signal(float)

    def __init__(self, role: str = "") -> None:
        super().__init__()
        self._shown = self._typed = ""
        self.setProperty("role", role)
        if role:
            self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.editingFinished.connect(self._enter)  # Enter, or the focus goes
        self.textEdited.connect(self._mark_right)

    def show_text(self, text: str) -> None:
        """Show `text`, unless something is being typed."""
        self._shown = text
        if not (self.hasFocus() and self.isModified()):
            self.setText(text)
            self.setCursorPosition(0)

    def show_refused(self) -> None:
        """Show what was typed again, marked, if it is still being edited."""
        if self.hasFocus() and self._typed:
            self.setText(self._typed)
            self.setModified(True)
            self._mark(wrong=True)

    def event(self, event: QEvent) -> bool:
        """Show a text that does not fit as a whole in a tip."""
        room = self.contentsRect().width()
        long = self.fontMetrics().horizontalAdvance(self.text()) > room
        if event.type() == QEvent.Type.ToolTip and long and not self.toolTip():
            QToolTip.showText(QCursor.pos(), self.text(), self)
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Step with the arrows; restore the text with Escape."""
        step = KEY_STEPS.get(Key(event.key()))
        if event.key() == Key.Key_Escape and self.isModified():
            self._restore()
        elif step is not None and event.key() not in (Key.Key_Left, Key.Key_Right):
            self.nudged.emit(step)
        else:
            super().keyPressEvent(event)

    def _enter(self) -> None:
        """Report what was typed; leave out what was refused when the focus goes."""
        if self.isModified():
            seen = self.property("wrong") and not self.hasFocus()
            self._typed = self.text()
            self._restore()
            if not seen:
                self.entered.emit(self._typed)
            self._typed = ""

    def _restore(self) -> None:
        self.setText(self._shown)
        self._mark_right()

    def _mark_right(self) -> None:
        self._mark(wrong=False)

    def _mark(self, *, wrong: bool) -> None:
        if bool(self.property("wrong")) != wrong:
            self.setProperty("wrong", wrong)
            self.style().polish(self)


def shortened(text: str, room: float, metrics: QFontMetrics) -> str:
    """Return text that fits: without its brackets, what is in them, or elided."""
    name, _, inside = text.partition(" (")
    for part in (text, name, inside.removesuffix(")")):
        if part and metrics.horizontalAdvance(part) <= room:
            return part
    return metrics.elidedText(name, Qt.TextElideMode.ElideRight, round(room))


class ComboBox(QComboBox):
    """A list that leaves the wheel to the page, and shortens the choice to fit."""

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw the choice, as much of it as fits."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        style, part = self.style(), QStyle.SubControl.SC_ComboBoxEditField
        room = style.subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, part, self
        )
        text: str = option.currentText  # type: ignore[attr-defined]
        cut = shortened(text, room.width() - 2, self.fontMetrics())
        option.currentText = cut  # type: ignore[attr-defined]
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        painter.end()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Change the choice only with the focus."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class SegmentedButtons(QWidget):
    """Buttons side by side, one of them checked: ``(value, text, tip)`` each."""

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
        """Check the button of `value`; none if it has none."""
        place = self._values.index(value) if value in self._values else -1
        self._group.setExclusive(False)
        for button in self._group.buttons():
            button.setChecked(self._group.id(button) == place)
        self._group.setExclusive(True)

    def _click(self, place: int) -> None:
        self.chosen.emit(self._values[place])


def _end(place: int, count: int) -> str:
    return "left" if place == 0 else "right" if place == count - 1 else ""
