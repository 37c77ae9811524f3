"""The dialog of a comparison: a setting, and a value of it for each lane."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QLineEdit,
    QWidget,
)

from app.document import lane_edits
from app.document.setting_names import GROUPS, group_of, name_of
from app.lanes import compared_values
from app.widgets.controls import ComboBox
from app.widgets.form_dialog import FormDialog
from sim.settings.knobs import choices, used
from sim.settings.plugins import Plugin

if TYPE_CHECKING:
    from app.document.document import Document
    from sim.lanes import Comparison

LEFT_OUT = ("title", "note", "reference", "duration")
FIRST = "dynamics.beta"  # chosen at first, where there is one


class CompareDialog(FormDialog):
    """Asks for a setting and its values; says what the lanes will be."""

    requested = Signal(list, str)
    """Settings by path for each lane, and the name of the setting."""

    def __init__(self, document: Document, parent: QWidget) -> None:
        super().__init__("Compare with…", "Compare", parent, name="Compare")
        self._document = document
        self._lanes: list[dict[str, Any]] = []
        self.setting, self.values = ComboBox(), QLineEdit()
        for path, text in settings_of(document):
            self.setting.addItem(text, path)
        self.setting.setMaxVisibleItems(20)
        self.setting.setAccessibleName("Setting")
        self.values.setAccessibleName("Values")
        self.values.setTextMargins(6, 0, 6, 0)
        self.rows.addRow("Setting", self.setting)
        self.rows.addRow("Values", self.values)
        self.setting.currentIndexChanged.connect(self._suggest)
        self.values.textChanged.connect(self._check)
        self.setting.setCurrentIndex(max(0, self.setting.findData(FIRST)))
        self._suggest()

    @property
    def path(self) -> str:
        """The setting that is chosen."""
        return str(self.setting.currentData())

    def _suggest(self) -> None:
        """Put in the present value of the setting, and another one."""
        self.values.setText(compared_values.suggested(self._document, self.path))
        self.values.selectAll()
        self._check()  # the text may be that of the setting before

    def _check(self) -> None:
        """Say what the lanes will be, or what is wrong."""
        self._lanes = []
        try:
            text = self.values.text()
            lanes = compared_values.lane_settings(self._document, self.path, text)
            new = lane_edits.compared(self._document, lanes)
        except (KeyError, ValueError) as error:
            self.note.setText(str(error.args[0]))
        else:
            comparison = new.comparison
            why = _why_not(comparison, alone=not lanes[0])
            self._lanes = [] if why else lanes
            titles = "   |   ".join(filter(None, comparison.titles))
            notes = " ".join(filter(None, comparison.own_starts))
            self.note.setText(why or f"{titles}\n{notes}".strip())
        self.go.setEnabled(len(self._lanes) > 1)

    def accept(self) -> None:
        """Report the comparison."""
        if len(self._lanes) > 1:
            self.requested.emit(self._lanes, self.setting.currentText())
            super().accept()


def _why_not(comparison: Comparison, *, alone: bool) -> str:
    """Return why there is nothing to compare; empty if there is.

    `alone` says that one value is given, to be compared with the present one.
    """
    runs = comparison.runs
    if not any(run in runs[:k] for k, run in enumerate(runs)):
        return ""
    same = "Two of the lanes are the same. Give other values."
    return compared_values.PRESENT if alone else same


def settings_of(document: Document) -> list[tuple[str, str]]:
    """Return the paths of all settings in force, with their group and name."""
    out: list[tuple[str, str]] = []
    for path, owner, name in used(document.scenario):
        value = getattr(owner, name)
        single = isinstance(value, Plugin | bool | int | float) or choices(
            type(owner), name
        )
        if single and path not in LEFT_OUT:
            text = f"{GROUPS[group_of(path)]}: {name_of(document, path)}"
            out.append((path, text))
    return sorted(out, key=_order)


def _order(item: tuple[str, str]) -> int:
    return [*GROUPS].index(group_of(item[0]))
