"""The page of phase diagrams: a form, the diagram as it fills, and the cell in hand."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.annotations.number_format import general
from app.diagrams.form import DiagramForm
from app.diagrams.painter import Shown, axis_label, measure_label
from app.diagrams.saving import DiagramSaves
from app.diagrams.view import DiagramView, Thumbnail
from app.diagrams.work import DiagramWork
from app.widgets.background import LatestWork
from sim.simulation import Simulation
from sim.sweeps.diagram_theory import why_no_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QCloseEvent

    from app.theme.palette import Theme
    from sim.array_types import Floats
    from sim.scenario import Scenario
    from sim.sweeps.diagram import Diagram, Place

SIDE, BAR = 280, 12  # widths of the form and its scroll bar, in pixels at scale 1
REST_MS = 200  # the mouse on a cell, before its tokens are computed


class DiagramPage(QDialog):
    """Chooses, fills and saves a phase diagram."""

    run_requested = Signal(object)
    """The scenario of a cell that was clicked."""

    def __init__(
        self,
        on_show: Callable[[], Scenario],
        theme: Theme,
        scale: float,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Phase diagram")
        self.shown: Shown | None = None
        self._hovered: Place | None = None
        self._thumbnail_work = LatestWork(self)
        self.form, self.view = DiagramForm(on_show), DiagramView(theme, scale)
        self.thumbnail, self.note, self.cell = Thumbnail(theme), QLabel(), QLabel()
        self.saves, self.work = DiagramSaves(), DiagramWork(self)
        self.saves.said.connect(self._say)
        self.form.changed.connect(self._name_button)
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
        row.addWidget(self._make_side(scale))
        row.addWidget(self.view, 1)
        room = parent.size()
        wide, high = round(1080 * scale), round(700 * scale)
        self.resize(min(wide, room.width() - 40), min(high, room.height() - 40))

    def _make_side(self, scale: float) -> QScrollArea:
        """Return what is beside the diagram; it scrolls where it is too high."""
        self._inner = QWidget()
        stack = QVBoxLayout(self._inner)
        stack.setContentsMargins(0, 0, 0, 0)
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
        stack.addWidget(self.saves)
        self._side = QScrollArea()
        self._side.setFrameShape(QScrollArea.Shape.NoFrame)
        self._side.setWidgetResizable(True)
        self._side.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._side.setWidget(self._inner)
        self._set_width(scale)
        return self._side

    def _set_width(self, scale: float) -> None:
        self._inner.setFixedWidth(round(SIDE * scale))
        self._side.setFixedWidth(round((SIDE + BAR) * scale))

    def toggle(self) -> None:
        """Start the diagram of the form, or stop the one that is filled."""
        if self.work.busy and self._asked() in (None, self.work.diagram):
            self.work.stop()
            self._end("Stopped.")
            return
        try:
            diagram = self.form.diagram()
        except (KeyError, ValueError) as error:
            self.note.setText(str(error.args[0] if error.args else error))
            return
        self._hover(None)
        self.note.setText("Starting processes…")
        self.work.start(diagram)
        self._name_button()

    def _asked(self) -> Diagram | None:
        """Return the diagram of the form; None if it is not a valid one."""
        try:
            return self.form.diagram()
        except (KeyError, ValueError):
            return None

    def _name_button(self) -> None:
        """Say what the button does: while one is filled, another may be asked for."""
        stops = self.work.busy and self._asked() in (None, self.work.diagram)
        other = "Start anew" if self.work.busy else "Start"
        self.go.setText("Stop" if stops else other)

    def _show(self, shown: Shown) -> None:
        self.shown = shown
        self.view.show_diagram(shown)
        self.saves.take(shown)
        known = int((shown.means == shown.means).sum())
        self._say(f"{known:,} of {shown.means.size:,} cells are known.")

    def _say(self, text: str) -> None:
        """Show a text, and why theory has no curve here."""
        why = "" if self.shown is None else why_no_line(self.shown.diagram)
        self.note.setText(f"{text}\nNo theory: {why}." if why else text)

    def _end(self, why: str) -> None:
        self._name_button()
        self._say(why or "Complete. Click a cell to open its first run.")

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
        mean = float(self.shown.means[j, i])
        unknown = "not known yet" if self.work.busy else "no value"
        value = general(mean, 4) if math.isfinite(mean) else unknown
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
            run = self.run_at(self.shown.diagram, place)
            self.run_requested.emit(run)
            self._say(f"Opened the run with seed {run.seed} behind this page.")

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

    def set_theme(self, theme: Theme, scale: float) -> None:
        """Take the colours of another theme, and another size of letters."""
        self.view.set_theme(theme, scale)
        self.thumbnail.set_theme(theme)
        self._set_width(scale)

    def halt(self) -> None:
        """End the processes; what is known stays."""
        if self.work.busy:
            self.work.stop()
            self._end("Stopped.")

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """End the processes."""
        self.halt()
        super().closeEvent(event)

    def reject(self) -> None:
        """End the processes, and close."""
        self.halt()
        super().reject()
