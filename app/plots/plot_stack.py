"""Plots one below the other, on one time axis, as many as there is room for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from app.plots.plot import Plot
from app.theme import icons

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from app.plots.scenario_diff import Mark
    from app.theme.palette import Theme

LINES = 2.2  # of small letters: a curve that is less high is left out
OTHER, LAST = 11, 13  # heights: the last plot has times below it
ICON = 1.1  # of a line's height


class Column(QWidget):
    """The plots, and below them a button for others."""

    asked = Signal(object)
    """For other curves, at a place of the screen."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.plots: dict[str, Plot] = {}
        self._stack = QVBoxLayout(self)
        self._stack.setContentsMargins(0, 4, 0, 4)
        self._stack.setSpacing(0)
        self._more = QToolButton()
        self._more.setToolTip("Choose which curves are shown")
        self._more.setAccessibleName("Choose curves")
        self._more.clicked.connect(self._ask)
        time = QLabel("time t")
        time.setProperty("role", "small")
        self._foot = QHBoxLayout()
        self._foot.setContentsMargins(12, 0, 12, 0)
        self._foot.addWidget(self._more)
        self._foot.addStretch(1)
        self._foot.addWidget(time)
        self._stack.addLayout(self._foot)

    def show_kinds(self, wanted: tuple[str, ...]) -> None:
        """Show the plots of the kinds `wanted`, keeping those there are."""
        for kind in set(self.plots) - set(wanted):
            plot = self.plots.pop(kind)
            self._stack.removeWidget(plot)
            plot.setParent(None)
            plot.deleteLater()
        old = self.plots
        self.plots = {
            k: old.get(k) or Plot(self._theme, "#000000", self) for k in wanted
        }
        for place, plot in enumerate(self.plots.values()):
            self._stack.insertWidget(place, plot)
        self.set_theme(self._theme)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        self._theme = theme
        side = round(ICON * self.fontMetrics().height())
        self._more.setIcon(icons.icon("more", theme, side=side))
        self._more.setIconSize(QSize(side, side))
        colours = (theme.accent, theme.sky, theme.good, theme.clusters[6])
        for plot, colour in zip(self.plots.values(), colours, strict=False):
            plot.set_theme(theme, colour)
        self._make_room()

    def draw(self, marks: list[Mark], end: float) -> None:
        """Draw all that are seen, with `marks`, until the time `end`."""
        times = tuple(m.t for m in marks)
        plots = [plot for plot in self.plots.values() if not plot.isHidden()]
        for place, plot in enumerate(plots):
            plot.draw(times, end)
            plot.pane.words(marks if place == 0 else [])
        wide = max(plot.pane.wanted for plot in plots)
        for plot in plots:
            plot.pane.widen(wide)

    def _make_room(self) -> None:
        """Leave out the last plots where there is no room for all."""
        plots = list(self.plots.values())
        if not plots:
            return
        free = self.height() - self._foot.sizeHint().height()
        each = max(plot.least(LINES) for plot in plots)
        count = min(max(int(free / each), 1), len(plots))
        for place, plot in enumerate(plots):
            last = place == count - 1
            plot.setVisible(place < count)
            plot.pane.show_times(last)
            self._stack.setStretch(place, LAST if last else OTHER)

    def _ask(self) -> None:
        self.asked.emit(self._more.mapToGlobal(self._more.rect().topLeft()))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Show as many plots as can be read."""
        super().resizeEvent(event)
        self._make_room()
