"""The page of a graph's modes: who of them holds how much of the energy."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtWidgets import QLabel, QToolButton

from app.inspectors.bar_chart import Bars, Lines
from app.inspectors.page import Page
from app.widgets.view import NO_REQUEST
from sim.exterior_calculus.modes import MAX_MODE_NODES
from sim.settings.knobs import hints

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.theme.palette import Theme
    from sim.frame import Frame, FrameRequest
    from sim.scenario import Scenario


PROMISES = {
    "conserves": "Waves exchange nothing: every bar stays.",
    "descends": "Fast modes sink first; ω = 0 stays.",
    "ascends": "",
    "none": "",
}


class Modes(Page):
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
        self._bars, self._words = Bars(theme, self), QLabel()
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
    def bars(self) -> Bars:
        """The picture alone."""
        return self._bars

    @property
    def told(self) -> str:
        """What stands below it."""
        return self._words.text()

    def draw(self, frame: Frame) -> None:
        """Draw the modes of `frame`; those of none stay."""
        if frame.modes is None:
            return
        run = (frame.epoch, frame.scenario.dynamics.kind)
        if run != self._run:
            self._run = run
            self._bars.clear()
        lines = Lines.of(frame.modes)
        self._tip.setText(made_of(frame))
        self._bars.show_lines(lines)
        self._words.setText(remark(frame, lines))

    def _rescale(self, log: bool) -> None:
        self._bars.scale(log=log)


def made_of(frame: Frame) -> str:
    """Return what the energy of a mode is made of."""
    if frame.carrier == "edges":
        return "½|q̂|² + ½|p̂|² by frequency ω"
    return "½|x̂|² by frequency ω"


def remark(frame: Frame, lines: Lines) -> str:
    """Return what bars mean and what they will do, in a sentence or two."""
    s = frame.scenario
    summed = f"{len(frame.x):,} modes, summed in {len(lines.energy)} bins. "
    several = "Modes of one frequency are summed. "
    shared = int(lines.count.max(initial=1)) > 1
    start = summed if lines.binned else several if shared else ""
    if frame.carrier != "edges":
        return start + "Diffusion empties fast modes first."
    law = s.dynamics.energy_behaviour(s.space)
    if not s.dynamics.sum_over_modes:
        return start + "Outlines: as first seen."
    return f"{start}E is the sum of bars and of flow in cycles. {PROMISES[law]}".strip()
