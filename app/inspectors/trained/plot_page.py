"""The base of pages of a trained model that are plots with words below them."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLabel, QWidget

from app.figures.figure import Figure
from app.inspectors.trained.page import ModelPage
from app.inspectors.trained.panel_plot import PanelPlot
from app.theme.palette import PAPER

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from app.figures.figure import PlotPanel
    from app.theme.palette import Theme
    from sim.frame import Frame

MIN_LINES = 21  # of a page's height, below which its words are in a tooltip


class PlotPage(ModelPage):
    """Plots of `result`, and what is said of it."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.plot = PanelPlot(theme, self.title)
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.words.setProperty("role", "small")
        self.rows.addWidget(self.plot, 1)
        self.rows.addWidget(self.words)

    def set_theme(self, theme: Theme, scale: float) -> None:
        """Take the colours of `theme`."""
        super().set_theme(theme, scale)
        self.plot.set_theme(theme)

    @abstractmethod
    def panels(self, theme: Theme) -> tuple[PlotPanel, ...]:
        """Return the plots of `result` in the colours of a theme."""

    @abstractmethod
    def text(self) -> str:
        """Return what is said of `result` below the plots."""

    def shown_panels(self) -> tuple[PlotPanel, ...]:
        """Return the plots for which there is room: all of them."""
        return self.panels(self._theme)

    def now(self, frame: Frame) -> float | None:
        """Return where a line stands in the plots: the half layer of the time."""
        return None if self.subject is None else self.subject.start + frame.t

    def show_result(self, frame: Frame) -> None:
        """Draw the plots, and a line at the time."""
        self.plot.show_panels(self.shown_panels(), self.now(frame))
        text = self.text()
        self.words.setText(text)
        first = text.partition(". ")[0]
        self._tip.show_forms("" if self.words.isVisibleTo(self) else text, first, "")
        self._tip.setToolTip(text)
        self._title.setToolTip(text)

    def result_figure(self, frame: Frame, caption: tuple[str, ...]) -> Figure:
        """Return the plots as a figure."""
        return Figure(self.kind, self.panels(PAPER), (self.text(), *caption))

    @property
    def lines(self) -> float:
        """The height of the page, in lines of text."""
        return self.height() / self.fontMetrics().height()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Leave the words to a tooltip where there is no room for them."""
        super().resizeEvent(event)
        self.words.setVisible(self.lines >= MIN_LINES)
        self._throttle.schedule()
