"""The controls of the settings panel: one for each type of knob.

A control shows a value and emits the user's edits; it changes nothing by itself.
"""

from __future__ import annotations

from abc import abstractmethod
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QHBoxLayout,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from app.annotations.number_format import minus, setting_text, typed_number
from app.widgets.controls import ComboBox, Slider, ValueEdit
from app.widgets.view import AbstractWidget
from sim.io.embedded_files import is_extracted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.widgets.slider_scale import SliderScale


class SettingControl(QWidget, metaclass=AbstractWidget):
    """A control with a value."""

    edited = Signal(object)
    """A new value, or the text of one."""
    released = Signal()
    """The mouse button was released: the next edit can be undone by itself."""
    reset = Signal()
    """The default was requested."""

    def __init__(self) -> None:
        super().__init__()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(8)

    @abstractmethod
    def show_value(self, value: Any) -> None:
        """Show `value` without reporting it as an edit."""

    def show_refused(self) -> None:
        """Mark what was typed as refused; other controls show the value in force."""
        for entry in self.findChildren(ValueEdit):
            entry.show_refused()

    def name(self, name: str, tip: str) -> None:
        """Set the tooltip, and name and description for screen readers."""
        self.setToolTip(tip)
        for part in self.findChildren(QWidget):
            part.setAccessibleName(name)
            part.setAccessibleDescription(tip)


class NumberControl(SettingControl):
    """A slider and a number; only the number where no slider makes sense."""

    def __init__(
        self, scale: SliderScale | None, unit: str, *, whole: bool, slider: bool = True
    ) -> None:
        super().__init__()
        self._scale, self._unit, self._whole = scale, unit, whole
        self._value = 0.0
        self.slide, self.entry = Slider(), ValueEdit("number" if slider else "beside")
        self._row.addWidget(self.slide, 1)
        self._row.addWidget(self.entry)
        if scale is None or not slider:
            self.slide.hide()
        if scale is None:
            self._row.insertStretch(0, 1)
        self.slide.valueChanged.connect(self._slid)
        self.slide.sliderReleased.connect(self._let_go)
        self.slide.nudged.connect(self._nudge)
        self.slide.reset.connect(self.reset)
        self.entry.nudged.connect(self._nudge)
        self.entry.entered.connect(self._enter)
        for part in (self.slide, self.entry):  # the menu is that of the row
            part.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)

    def show_value(self, value: Any) -> None:
        """Show a number."""
        self._value = value
        self.entry.show_text(setting_text(value, self._unit))
        if self._scale is not None and not self.slide.isSliderDown():
            self._scale = self._scale.near(value)
            with QSignalBlocker(self.slide):
                self.slide.setValue(self._scale.tick(value))

    def _slid(self, tick: int) -> None:
        if self._scale is not None:
            value = self._scale.value(tick)
            self.edited.emit(int(value) if self._whole else value)

    def _let_go(self) -> None:
        """Give a slider that stands at an end room beyond it."""
        self.show_value(self._value)
        self.released.emit()

    def _nudge(self, steps: float) -> None:
        if self._scale is None:
            self.edited.emit(self._value + steps)
        else:
            self.edited.emit(self._scale.nudged(self._value, steps))

    def _enter(self, text: str) -> None:
        self.edited.emit(typed_number(text, self._unit))
        self.released.emit()


class ChoiceControl(SettingControl):
    """A menu: ``(value, text, tip)`` for each entry."""

    def __init__(self, options: Sequence[tuple[str, str, str]]) -> None:
        super().__init__()
        self.menu = ComboBox()
        self.menu.setMinimumWidth(40)
        self.menu.setMinimumContentsLength(4)
        self.menu.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.menu.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        for place, (value, text, tip) in enumerate(options):
            self.menu.addItem(text, value)
            self.menu.setItemData(place, tip, Qt.ItemDataRole.ToolTipRole)
        self._row.addWidget(self.menu, 1)
        self.menu.activated.connect(self._choose)

    def show_value(self, value: Any) -> None:
        """Show the entry of a value, or of a part by its kind."""
        place = self.menu.findData(getattr(value, "kind", value))
        with QSignalBlocker(self.menu):
            self.menu.setCurrentIndex(place)

    def _choose(self, place: int) -> None:
        self.edited.emit(self.menu.itemData(place))
        self.released.emit()


class SwitchControl(SettingControl):
    """On or off."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.box = QCheckBox(text)
        self._row.addWidget(self.box, 1)
        self.box.toggled.connect(self._toggle)

    def show_value(self, value: Any) -> None:
        """Show whether it is on."""
        with QSignalBlocker(self.box):
            self.box.setChecked(bool(value))

    def _toggle(self, on: bool) -> None:
        self.edited.emit(on)
        self.released.emit()


class TextEntry(SettingControl):
    """A line of text; a table of numbers is written ``1, 0; 0, 1``."""

    def __init__(self) -> None:
        super().__init__()
        self.entry = ValueEdit()
        self._row.addWidget(self.entry, 1)
        self.entry.entered.connect(self._enter)

    def show_value(self, value: Any) -> None:
        """Show text, or a table row by row."""
        if not isinstance(value, str):
            rows = (", ".join(f"{v:g}" for v in row) for row in value)
            value = minus("; ".join(rows))
        self.entry.show_text(value)

    def _enter(self, text: str) -> None:
        self.edited.emit(text)
        self.released.emit()


INSIDE = "It came inside the file that was opened, and is saved inside again."


class FileEntry(TextEntry):
    """The path of a file, and a button to look for it."""

    def __init__(self) -> None:
        super().__init__()
        self.button = QToolButton()
        self.button.setText("…")
        self._row.setSpacing(4)
        self._row.addWidget(self.button)
        self.button.clicked.connect(self._browse)
        self._shown = ""

    def show_value(self, value: Any) -> None:
        """Show the path of a file; of one inside the document its name."""
        place = Path(str(value))
        inside = is_extracted(place)
        self._shown = place.name if inside else str(value)
        self.entry.setToolTip(INSIDE if inside else "")
        super().show_value(self._shown)

    def _enter(self, text: str) -> None:
        if text != self._shown:
            super()._enter(text)

    def _browse(self) -> None:
        if path := self._asked():
            self._enter(path)

    def _asked(self) -> str:
        """Return what is chosen in a dialog; empty for nothing."""
        return QFileDialog.getOpenFileName(self, "Choose a file")[0]


class FolderEntry(FileEntry):
    """The folder of a model, and a button to look for it."""

    def _asked(self) -> str:
        here = self.entry.text() if Path(self.entry.text()).is_dir() else ""
        return QFileDialog.getExistingDirectory(
            self, "Choose the folder of a model", here
        )
