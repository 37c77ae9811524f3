"""The page of a graph's modes: how much energy each of them has."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtWidgets import QLabel, QToolButton

from app.inspectors.bar_chart import BarChart, SpectralLines
from app.inspectors.page import Page
from app.inspectors.page_figures import modes_figure
from app.widgets.view import NO_REQUEST
from sim.exterior_calculus.modes import MAX_MODE_NODES
from sim.settings.knobs import hints

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.figures.figure import Figure
    from app.theme.palette import Theme
    from sim.frame import Frame, FrameRequest
    from sim.scenario import Scenario


PROMISES = {
    "conserves": "Modes exchange no energy: every bar keeps its height.",
    "descends": "Fast modes decay first; ω = 0 stays.",
    "ascends": "",
    "none": "",
}


class ModesPage(Page):
    """Bars of the energy in each mode of the graph's Laplacian, over its frequency."""

    kind: ClassVar[str] = "modes"
    title: ClassVar[str] = "Modes"
    icon: ClassVar[str] = "modes"
    wants: ClassVar[FrameRequest] = replace(NO_REQUEST, quantities=frozenset({"modes"}))

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._log = QToolButton()
        self._log.setText("log")
        self._log.setCheckable(True)
        self._log.setProperty("role", "small")
        self._log.setToolTip("Energies on a logarithmic scale")
        self._log.setAccessibleName("Logarithmic energies")
        self._log.toggled.connect(self._rescale)
        self._bars, self._words = BarChart(theme, self), QLabel()
        self._words.setWordWrap(True)
        self._words.setProperty("role", "small")
        self._run: object = None
        self._title_row.addWidget(self._log)
        self._body.addWidget(self._bars, 1)
        self._body.addWidget(self._words)

    @classmethod
    def fits(cls, scenario: Scenario) -> bool:
        """Return whether the law has a graph whose modes are known."""
        graph = "graph" in hints(type(scenario.dynamics))
        return graph and scenario.tokens <= MAX_MODE_NODES

    def set_theme(self, theme: Theme, scale: float) -> None:
        """Take the colours of `theme`."""
        super().set_theme(theme, scale)
        self._bars.set_theme(theme)

    @property
    def bars(self) -> BarChart:
        """The chart alone."""
        return self._bars

    @property
    def text(self) -> str:
        """The text below the chart."""
        return self._words.text()

    def draw(self, frame: Frame) -> None:
        """Draw the modes; a frame without them changes nothing."""
        if frame.modes is None:
            return
        run = (frame.epoch, frame.scenario.dynamics.kind)
        if run != self._run:
            self._run = run
            self._bars.clear()
        lines = SpectralLines.of(frame.modes)
        formula = energy_formula(frame)
        self._tip.show_forms(formula, formula.replace("frequency ", ""))
        self._bars.show_spectrum(lines)
        self._words.setText(explanation(frame, lines))

    def figure_of(self, frame: Frame, caption: tuple[str, ...]) -> Figure | None:
        """Return the bars as a figure."""
        if self._bars.spectra is None:
            return None
        log, formula = self._log.isChecked(), energy_formula(frame)
        return modes_figure(*self._bars.spectra, formula, log=log, caption=caption)

    def _rescale(self, log: bool) -> None:
        self._bars.scale(log=log)


def energy_formula(frame: Frame) -> str:
    """Return the formula of a mode's energy."""
    if frame.carrier == "edges":
        return "½|q̂|² + ½|p̂|² by frequency ω"
    return "½|x̂|² by frequency ω"


def explanation(frame: Frame, lines: SpectralLines) -> str:
    """Return what bars mean and how they change, in a sentence or two."""
    s = frame.scenario
    summed = f"{len(frame.x):,} modes, summed in {len(lines.energy)} bins. "
    several = "Modes of equal frequency are summed. "
    shared = int(lines.count.max(initial=1)) > 1
    start = summed if lines.binned else several if shared else ""
    if frame.carrier != "edges":
        return start + "Diffusion damps fast modes first."
    law = s.dynamics.energy_behaviour(s.space)
    if not s.dynamics.sum_over_modes:
        return start + "Outlines: the first frame."
    parts = "E is the sum of the bars and of the flow in cycles."
    return f"{start}{parts} {PROMISES[law]}".strip()
