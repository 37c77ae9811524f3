"""The questions of a phase diagram: two axes, a measure, how many seeds."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFormLayout, QLineEdit, QWidget

from app.document.document import Document
from app.lanes.compare_dialog import settings_of
from app.widgets.controls import ComboBox
from sim.observables import Observable
from sim.settings.knobs import get
from sim.settings.plugins import Plugin
from sim.sweeps.diagram import TIME, Axis, Diagram
from sim.sweeps.diagram_presets import presets
from sim.sweeps.first_passage import PASSAGES

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.scenario import Scenario

OWN = ""  # the run on show, instead of a preset
SHOWN = "The run on show"
DIGITS = 9  # of the number of seeds, at most
VALUES = "First, last and how many; 1:100:9:log for equal factors; or 1, 2, 4"
RANGES = {
    "dynamics.beta": "0.1:9:30",
    TIME: "0.5:30:60",
    "tokens": "4:64:16",
    "dimension": "2:32:16",
    "initial.cosine": "0:0.9:30",
}


class DiagramForm(QWidget):
    """What a diagram is to show."""

    changed = Signal()

    def __init__(self, on_show: Callable[[], Scenario]) -> None:
        super().__init__()
        self._on_show = on_show
        self.preset, self.full = ComboBox(), QCheckBox("As large as in print")
        self.preset.addItem(SHOWN, OWN)
        for name, diagram in presets().items():
            self.preset.addItem(diagram.scenario.title.rpartition(": ")[2], name)
        self.full.setToolTip("90 × 200 cells with 2048 seeds each: takes hours.")
        self.across, self.up, self.measure = ComboBox(), ComboBox(), ComboBox()
        self.columns, self.lines, self.seeds = QLineEdit(), QLineEdit(), QLineEdit()
        for kind, name in measures().items():
            self.measure.addItem(name, kind)
        rows = QFormLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setVerticalSpacing(8)
        named = {
            "Runs": self.preset,
            "Across": self.across,
            "from:to:count": self.columns,
            "Up": self.up,
            "from:to:count ": self.lines,
            "Measure": self.measure,
            "Seeds": self.seeds,
        }
        for name, control in named.items():
            control.setAccessibleName(name)
            rows.addRow(name, control)
        rows.addRow("", self.full)
        self.columns.setAccessibleName("Across: from:to:count")
        self.lines.setAccessibleName("Up: from:to:count")
        self.show_diagram(presets()["softmax-2"])
        self.preset.setCurrentIndex(1)
        self.preset.activated.connect(self._choose)
        self.full.toggled.connect(self._choose)
        for axis, text in ((self.across, self.columns), (self.up, self.lines)):
            axis.setMaxVisibleItems(20)
            axis.currentIndexChanged.connect(self._suggest)
            axis.currentIndexChanged.connect(self.changed)
            text.textEdited.connect(self.changed)
            text.setPlaceholderText("0.1:9:30")
            text.setToolTip(VALUES)
        self.measure.currentIndexChanged.connect(self.changed)
        self.seeds.textEdited.connect(self.changed)

    def show_diagram(self, diagram: Diagram) -> None:
        """Show the settings of `diagram`."""
        self._scenario = diagram.scenario
        for axis, box, text in (
            (diagram.x, self.across, self.columns),
            (diagram.y, self.up, self.lines),
        ):
            box.blockSignals(True)
            box.clear()
            box.addItem("Time t", TIME)
            for path, name in numbers_of(diagram.scenario):
                box.addItem(name, path)
            box.setCurrentIndex(max(0, box.findData(axis.path)))
            box.blockSignals(False)
            text.setText(axis.text)
        self.measure.setCurrentIndex(self.measure.findData(diagram.measure))
        self.seeds.setText(str(diagram.seeds))

    def diagram(self) -> Diagram:
        """Return the diagram that is asked for.

        Raises
        ------
        KeyError, ValueError
            If there is none; see `Diagram.check`.
        """
        seeds = self.seeds.text().strip()
        if not (seeds.isascii() and seeds.isdigit() and len(seeds) <= DIGITS):
            raise ValueError(f"seeds must be a whole number, got {seeds!r}.")
        x = Axis(str(self.across.currentData()), self.columns.text().strip())
        y = Axis(str(self.up.currentData()), self.lines.text().strip())
        kind = str(self.measure.currentData())
        found = Diagram(self._scenario, x, y, kind, int(seeds))
        found.check()
        return found

    def _choose(self, _: Any = None) -> None:
        name = str(self.preset.currentData())
        if name != OWN:
            self.show_diagram(presets(full=self.full.isChecked())[name])
        else:
            self.show_diagram(replace(Diagram(), scenario=self._on_show(), seeds=16))
        self.full.setEnabled(name != OWN)
        self.changed.emit()

    def _suggest(self) -> None:
        """Put in a range of the setting that was chosen."""
        for box, text in ((self.across, self.columns), (self.up, self.lines)):
            if box is self.sender():
                path = str(box.currentData())
                text.setText(RANGES.get(path) or _around(self._scenario, path))


def measures() -> dict[str, str]:
    """Return what cells can show, by kind."""
    found = {kind: member.label for kind, member in Observable.kinds().items()}
    passed = {kind: kind.replace("_", " ").capitalize() for kind in PASSAGES}
    return dict(sorted(found.items(), key=_name)) | passed


def numbers_of(scenario: Scenario) -> list[tuple[str, str]]:
    """Return the paths of the settings that are numbers, with their names."""
    found = [
        (path, name)
        for path, name in settings_of(Document(scenario=scenario))
        if not isinstance(get(scenario, path), Plugin | bool | str) and path != "seed"
    ]
    count = Counter(name for _, name in found)
    return [
        (path, name if count[name] == 1 else f"{name} of {path.split('.')[-2]}")
        for path, name in found
    ]


def _around(scenario: Scenario, path: str) -> str:
    value = get(scenario, path)
    return f"{value / 2 or 0:g}:{2 * value or 1:g}:9"


def _name(item: tuple[str, str]) -> str:
    return item[1].lower()
