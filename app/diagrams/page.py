"""The page of phase diagrams: a form, the diagram as it fills, and the cell in hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
)

from app.annotations.number_format import general
from app.diagrams.figure import figure_of, save_table
from app.diagrams.form import DiagramForm
from app.diagrams.painter import Shown, axis_label, measure_label
from app.diagrams.view import DiagramView, Thumbnail
from app.diagrams.work import DiagramWork
from app.figures import files
from app.widgets.background import LatestWork
from sim.scenario import Scenario, to_json
from sim.simulation import Simulation

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QCloseEvent
    from PySide6.QtWidgets import QWidget

    from app.theme.palette import Theme
    from sim.array_types import Floats
    from sim.sweeps.diagram import Diagram, Place

WIDTH_MM = 120.0
REST_MS = 200  # the mouse on a cell, before its tokens are computed
FIGURES = "Figures (*.svg *.pdf *.png)"


class DiagramPage(QDialog):
    """Chooses, fills and saves a phase diagram."""

    run_requested = Signal(object)
    """The scenario of a cell that was clicked."""

    def __init__(
        self, scenario: Scenario, theme: Theme, scale: float, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Phase diagram")
        self.shown: Shown | None = None
        self._hovered: Place | None = None
        self._thumbnail_work = LatestWork(self)
        self.form, self.view = DiagramForm(scenario), DiagramView(theme, scale)
        self.thumbnail, self.note, self.cell = Thumbnail(theme), QLabel(), QLabel()
        self.work = DiagramWork(self)
        self.work.filled.connect(self._show)
        self.work.ended.connect(self._end)
        self.view.hovered.connect(self._hover)
        self.view.clicked.connect(self._click)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._make_thumbnail)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 16, 16, 16)
        row.setSpacing(12)
        row.addLayout(self._make_side(scale))
        row.addWidget(self.view, 1)
        room = parent.size()
        wide, high = round(1080 * scale), round(700 * scale)
        self.resize(min(wide, room.width() - 40), min(high, room.height() - 40))

    def _make_side(self, scale: float) -> QVBoxLayout:
        stack = QVBoxLayout()
        title = QLabel("Phase diagram")
        title.setProperty("role", "head")
        self.go = QPushButton("Start")
        self.go.setDefault(True)
        self.go.clicked.connect(self.toggle)
        for text in (self.note, self.cell):
            text.setWordWrap(True)
            text.setProperty("role", "small")
        for part in (title, self.form, self.go, self.note):
            stack.addWidget(part)
        stack.addWidget(self.thumbnail, 1)
        stack.addWidget(self.cell)
        self._saves: list[QPushButton] = []
        for name, slot in (
            ("Save figure…", self._save_figure),
            ("Save table…", self._save_table),
            ("Save scenario…", self._save_scenario),
        ):
            button = QPushButton(name)
            button.setAutoDefault(False)
            button.setEnabled(False)
            button.clicked.connect(slot)
            self._saves.append(button)
            stack.addWidget(button)
        self.form.setFixedWidth(round(280 * scale))
        for part in (title, self.go, self.note, self.cell, *self._saves):
            part.setMaximumWidth(round(280 * scale))
        return stack

    def toggle(self) -> None:
        """Start the diagram of the form, or stop the one that is filled."""
        if self.work.busy:
            self.work.stop()
            self._end("Stopped.")
            return
        try:
            diagram = self.form.diagram()
        except (KeyError, ValueError) as error:
            self.note.setText(str(error.args[0] if error.args else error))
            return
        self.view.mark(None)
        self.note.setText("Starting processes…")
        self.go.setText("Stop")
        self.work.start(diagram)

    def _show(self, shown: Shown) -> None:
        self.shown = shown
        self.view.show_diagram(shown)
        known = int((shown.means == shown.means).sum())
        self.note.setText(f"{known:,} of {shown.means.size:,} cells are known.")
        for button in self._saves:
            button.setEnabled(True)

    def _end(self, why: str) -> None:
        self.go.setText("Start")
        if why:
            self.note.setText(why)
        elif self.shown is not None:
            self.note.setText("Complete. Click a cell to open its first run.")

    def _hover(self, place: Place | None) -> None:
        self._hovered = place
        self.view.mark(place)
        self._rest.start()
        if place is None or self.shown is None:
            self.cell.setText("")
            return
        diagram, (i, j) = self.shown.diagram, place
        places = (
            f"{axis_label(axis, diagram)} = {general(axis.values[k], 4)}"
            for axis, k in ((diagram.x, i), (diagram.y, j))
        )
        value = general(float(self.shown.means[j, i]), 4)
        self.cell.setText(f"{', '.join(places)}\n{measure_label(diagram)}: {value}")

    def run_at(self, diagram: Diagram, place: Place) -> Scenario:
        """Return the first run of a cell, up to the time of the cell."""
        found, end = diagram.at(place), diagram.time_at(place)
        labels = (
            f"{axis_label(axis, diagram)} = {axis.values[k]:g}"
            for axis, k in zip((diagram.x, diagram.y), place, strict=True)
        )
        title = f"{found.title or 'Phase diagram'}: {', '.join(labels)}"
        return replace(found, title=title, duration=max(end, found.step))

    def _click(self, place: Place) -> None:
        if self.shown is not None:
            self.run_requested.emit(self.run_at(self.shown.diagram, place))

    def _make_thumbnail(self) -> None:
        self._thumbnail_work.give_up()
        self.thumbnail.show_tokens(None)
        if self._hovered is None or self.shown is None:
            return
        scenario = self.run_at(self.shown.diagram, self._hovered)
        end = self.shown.diagram.time_at(self._hovered)

        def tokens(report: Callable[[float], None]) -> Floats:
            run = Simulation(scenario, "numpy")
            run.reach(end, report)
            return run.x

        work = self._thumbnail_work.start(tokens)
        work.done.connect(self.thumbnail.show_tokens)
        work.failed.connect(self.note.setText)

    def _ask(self, title: str, name: str, kinds: str) -> Path | None:
        path, _ = QFileDialog.getSaveFileName(self, title, name, kinds)
        suffix = Path(name).suffix
        found = Path(path)
        return (found if found.suffix else found.with_suffix(suffix)) if path else None

    def _save_figure(self) -> None:
        path = self._ask("Save figure", "phase-diagram.svg", FIGURES)
        if path is not None and self.shown is not None:
            inside = to_json(self.shown.diagram.scenario, None)
            figure = figure_of(self.shown)
            self._saved(path, lambda: files.save(figure, path, WIDTH_MM, inside=inside))

    def _save_table(self) -> None:
        path = self._ask("Save table", "phase-diagram.csv", "Tables (*.csv)")
        if path is not None and self.shown is not None:
            shown = self.shown
            self._saved(path, lambda: save_table(shown, path))

    def _save_scenario(self) -> None:
        path = self._ask("Save scenario", "phase-diagram.json", "Scenarios (*.json)")
        if path is not None and self.shown is not None:
            scenario = self.shown.diagram.scenario
            self._saved(path, lambda: scenario.save(path))

    def _saved(self, path: Path, save: Callable[[], None]) -> None:
        try:
            save()
        except (OSError, ValueError) as error:
            self.note.setText(f"{path.name} was not saved: {error}")
        else:
            self.note.setText(f"Saved {path.name}.")

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """End the processes."""
        self.work.stop()
        super().closeEvent(event)

    def reject(self) -> None:
        """End the processes, and close."""
        self.work.stop()
        super().reject()
