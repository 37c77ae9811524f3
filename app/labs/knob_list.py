"""The settings of a lab as rows of names and fields, as in the settings panel."""

from __future__ import annotations

import dataclasses
from functools import partial
from typing import TYPE_CHECKING, get_origin

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.annotations.number_format import minus
from app.panel.fields import (
    ChoiceControl,
    NumberControl,
    SettingControl,
    SwitchControl,
    TextEntry,
)
from app.panel.grid import TableEntry
from app.panel.matrix_table import MatrixTable
from app.panel.rows import SettingLabel, wrapped
from app.widgets.slider_scale import SliderScale
from sim.settings.knobs import choices, kind_of, knobs

if TYPE_CHECKING:
    from sim.labs import Lab


class KnobList(QWidget):
    """A row for every setting; rebuilt when another lab is shown."""

    edited = Signal(str, object)
    """The name of a setting, and its value or the text of one."""

    def __init__(self) -> None:
        super().__init__()
        self._fields: dict[str, SettingControl] = {}
        self._kind = ""
        self._stack = QVBoxLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._stack.setSpacing(4)

    def field(self, name: str) -> SettingControl:
        """Return the field of a setting."""
        return self._fields[name]

    def show_lab(self, lab: Lab) -> None:
        """Show the settings of `lab`."""
        if lab.kind != self._kind:
            self._build(lab)
        inactive = lab.inactive()
        for name, field in self._fields.items():
            value = getattr(lab, name)
            field.show_value(value)
            field.setEnabled(name not in inactive)
            if isinstance(field, TableEntry):
                knob = knobs(type(lab))[name]
                field.show_table(MatrixTable(value, knob, name=knob.caption))

    def _build(self, lab: Lab) -> None:
        while (item := self._stack.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        self._kind, self._fields = lab.kind, {}
        for name in knobs(type(lab)):
            self._stack.addWidget(self._row(lab, name))
        self._stack.addStretch(1)

    def _row(self, lab: Lab, name: str) -> QWidget:
        out = QWidget()
        row = QHBoxLayout(out)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        field = self._fields[name] = field_of(lab, name)
        knob = knobs(type(lab))[name]
        tip = tip_of(lab, name)
        if not isinstance(field, SwitchControl):
            label = SettingLabel(knob.caption)
            label.setToolTip(tip)
            label.reset.connect(partial(self._reset, lab, name))
            row.addWidget(label)
        row.addWidget(field, 1)
        field.name(knob.caption, tip)
        field.edited.connect(partial(self.edited.emit, name))
        field.reset.connect(partial(self._reset, lab, name))
        return out

    def _reset(self, lab: Lab, name: str) -> None:
        field = next(f for f in dataclasses.fields(lab) if f.name == name)
        self.edited.emit(name, field.default)


def field_of(lab: Lab, name: str) -> SettingControl:
    """Return the control that fits a setting of `lab`."""
    cls = type(lab)
    knob, kind = knobs(cls)[name], kind_of(cls, name)
    if menu := choices(cls, name):
        return ChoiceControl([(value, value, "") for value in menu])
    if kind is bool:
        return SwitchControl(knob.caption)
    if kind in (int, float):
        whole = kind is int
        return NumberControl(SliderScale.of(knob, whole), knob.unit, whole=whole)
    return TableEntry() if get_origin(kind) is tuple else TextEntry()


def tip_of(lab: Lab, name: str) -> str:
    """Return what a setting means, its name on the command line, and its range."""
    knob, kind = knobs(type(lab))[name], kind_of(type(lab), name)
    range_text = ""
    if kind in (int, float):
        range_text = minus(f"From {knob.lo:g} to {knob.hi:g}{knob.unit}.")
    elif get_origin(kind) is tuple:
        range_text = "Rows of numbers, such as 1, 0; 0, 1."
    return wrapped(knob.help, range_text, f"On the command line: --set {name}=…")
