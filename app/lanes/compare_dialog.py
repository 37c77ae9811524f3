"""The dialog of a comparison: a setting, and a value of it for each lane."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QLineEdit,
    QWidget,
)

from app.annotations import number_format
from app.document import lane_edits
from app.document.setting_names import GROUPS, group_of, name_of
from app.widgets.controls import ComboBox
from app.widgets.form_dialog import FormDialog
from sim.lanes import MAX_LANES
from sim.settings.knobs import choices, get, used
from sim.settings.plugins import Plugin
from sim.settings.serialise import family
from sim.settings.value_lists import values

if TYPE_CHECKING:
    from app.document.document import Document
    from sim.lanes import Comparison
    from sim.settings.knobs import Settings

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
        owner, name, value = _found(self._document, self.path)
        self.values.setText(", ".join(_suggested(owner, name, value)))
        self.values.selectAll()

    def _check(self) -> None:
        """Say what the lanes will be, or what is wrong."""
        self._lanes = []
        try:
            texts = values(self.values.text())
            lanes = [{self.path: value} for value in texts]
            new = lane_edits.compared(self._document, lanes)
        except (KeyError, ValueError) as error:
            self.note.setText(str(error.args[0]))
        else:
            comparison = new.comparison
            why = _why_not(comparison)
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


def _why_not(comparison: Comparison) -> str:
    """Return why there is nothing to compare; empty if there is."""
    runs = comparison.runs
    if len(runs) == 1:
        return f"Give two to {MAX_LANES} values, with commas between them."
    twice = any(run in runs[:k] for k, run in enumerate(runs))
    return "Two of the lanes are the same. Give other values." if twice else ""


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


def _found(document: Document, path: str) -> tuple[Settings, str, Any]:
    above, _, name = path.rpartition(".")
    owner = get(document.scenario, above) if above else document.scenario
    return owner, name, getattr(owner, name)


def _suggested(owner: Settings, name: str, value: Any) -> list[str]:
    """Return texts of the present value and of others to compare it with."""
    if isinstance(value, Plugin):
        members = family(owner, name)
        kinds = (
            [] if members is None else [k for k in members.kinds() if k != value.kind]
        )
        return [value.kind, *kinds[:1]]
    if isinstance(value, bool):
        return ["off", "on"]
    if options := choices(type(owner), name):
        return [str(value), *[o for o in options if o != value][: MAX_LANES - 1]][:2]
    if name == "beta":
        return ["1", "9"]
    if isinstance(value, int):
        return [str(value), str(2 * value or 1)]
    return [f"{value:.{number_format.SETTING_DIGITS}g}", f"{2 * value or 1.0:g}"]
