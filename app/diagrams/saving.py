"""Saves a diagram: buttons for its figure, its table and the scenario of its runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPushButton, QWidget

from app.diagrams.figure import figure_of, save_table
from app.export.dialogs import may_replace, with_suffix
from app.figures import files
from sim.scenario import to_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.diagrams.painter import Shown

WIDTH_MM = 120.0
FIGURES = "Figures (*.svg *.pdf *.png)"


class DiagramSaves(QWidget):
    """A row of buttons, which save the diagram that was given last."""

    said = Signal(str)
    """What was saved, or why it was not."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: Shown | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for name, slot in (
            ("Figure…", self.save_figure),
            ("Table…", self.save_table),
            ("Scenario…", self.save_scenario),
        ):
            button = QPushButton(name)
            button.setAccessibleName(f"Save {name.lower()}")
            button.setToolTip(f"Save {name.lower()}")
            button.setAutoDefault(False)
            button.clicked.connect(slot)
            row.addWidget(button)
        self.setEnabled(False)

    def take(self, shown: Shown) -> None:
        """Save this one from now on."""
        self._shown = shown
        self.setEnabled(True)

    def save_figure(self) -> None:
        """Ask for a name and save the diagram as a figure with its scenario inside."""
        shown, path = self._shown, self._ask("figure", ".svg", FIGURES)
        if path is not None and shown is not None:
            inside = to_json(shown.diagram.scenario, None)
            figure = figure_of(shown)
            self._save(path, lambda: files.save(figure, path, WIDTH_MM, inside=inside))

    def save_table(self) -> None:
        """Ask for a name and save the numbers."""
        shown, path = self._shown, self._ask("table", ".csv", "Tables (*.csv)")
        if path is not None and shown is not None:
            self._save(path, lambda: save_table(shown, path))

    def save_scenario(self) -> None:
        """Ask for a name and save what the runs have in common."""
        kinds = "Scenarios (*.json)"
        shown, path = self._shown, self._ask("scenario", ".json", kinds)
        if path is not None and shown is not None:
            scenario = shown.diagram.scenario
            self._save(path, lambda: scenario.save(path))

    def _ask(self, what: str, suffix: str, kinds: str) -> Path | None:
        name = f"phase-diagram{suffix}"
        given, _ = QFileDialog.getSaveFileName(self, f"Save {what}", name, kinds)
        if not given:
            return None
        path = Path(given)
        if what != "figure" or not path.suffix:  # a figure has one of several
            path = with_suffix(path, suffix)
        asked = path == Path(given)  # by the dialog, for this name alone
        return path if asked or may_replace((path,), self) else None

    def _save(self, path: Path, save: Callable[[], None]) -> None:
        try:
            save()
        except (OSError, ValueError) as error:
            self.said.emit(f"{path.name} was not saved: {error}")
        else:
            self.said.emit(f"Saved {path.name}.")
