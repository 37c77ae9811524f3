"""Plots one below the other with a common time axis, as many as there is room for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from app.plots.plot import Plot
from app.theme import icons

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint
    from PySide6.QtGui import QResizeEvent

    from app.document.scenario_diff import ChangeMarker
    from app.theme.palette import Theme
    from app.widgets.clock_axis import ClockAxis

MIN_PLOT_LINES = 2.2  # of text: a plot with a lower curve is hidden
PLOT_STRETCH, LAST_PLOT_STRETCH = 11, 13  # the last plot has times below it
ICON_LINES = 1.1  # side of the button's icon, of a line's height


class PlotStack(QWidget):
    """The plots, and below them the button that opens the menu of curves."""

    menu_requested = Signal(object)
    """At a position of the screen."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._lane: int | None = None
        self.plots: dict[str, Plot] = {}
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 4, 0, 4)
        self._layout.setSpacing(0)
        self._more = QToolButton()
        self._more.setToolTip("Choose which curves are shown")
        self._more.setAccessibleName("Choose curves")
        self._more.clicked.connect(self._request_menu)
        time = QLabel("time t")
        time.setProperty("role", "small")
        self._axis_height = QHBoxLayout()
        self._axis_height.setContentsMargins(12, 0, 12, 0)
        self._axis_height.addWidget(self._more)
        self._axis_height.addStretch(1)
        self._axis_height.addWidget(time)
        self._layout.addLayout(self._axis_height)

    def show_kinds(self, wanted: tuple[str, ...]) -> None:
        """Show the plots of the kinds `wanted`, keeping existing ones."""
        for kind in set(self.plots) - set(wanted):
            plot = self.plots.pop(kind)
            self._layout.removeWidget(plot)
            plot.setParent(None)
            plot.deleteLater()
        old = self.plots
        self.plots = {
            k: old.get(k) or Plot(self._theme, "#000000", self) for k in wanted
        }
        for place, plot in enumerate(self.plots.values()):
            self._layout.insertWidget(place, plot)
        self.set_theme(self._theme)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        self._theme = theme
        side = round(ICON_LINES * self.fontMetrics().height())
        self._more.setIcon(icons.icon("more", theme, side=side))
        self._more.setIconSize(QSize(side, side))
        colours = (theme.accent, theme.sky, theme.good, theme.clusters[6])
        for plot, colour in zip(self.plots.values(), colours, strict=False):
            plot.set_theme(theme, colour, self._lane)
        self._hide_surplus()

    def show_lane(self, lane: int | None) -> None:
        """Draw curves as those of a lane, or of a run alone."""
        if lane != self._lane:
            self._lane = lane
            self.set_theme(self._theme)

    def plot_at(self, place: QPoint) -> Plot | None:
        """Return the plot at a place of the screen, if there is one."""
        plots = (plot for plot in self.plots.values() if not plot.isHidden())
        inside = (p for p in plots if p.rect().contains(p.mapFromGlobal(place)))
        return next(inside, None)

    def draw(self, markers: list[ChangeMarker], axis: ClockAxis) -> None:
        """Draw the visible plots, with `markers`, on an axis of times."""
        times = tuple(m.t for m in markers)
        plots = [plot for plot in self.plots.values() if not plot.isHidden()]
        for place, plot in enumerate(plots):
            plot.draw(times, axis)
            plot.area.draw_labels(markers if place == 0 else [])
        width = max(plot.area.needed_axis_width for plot in plots)
        for plot in plots:
            plot.area.set_axis_width(width)

    def _hide_surplus(self) -> None:
        """Hide the last plots where there is no room for all."""
        plots = list(self.plots.values())
        if not plots:
            return
        free = self.height() - self._axis_height.sizeHint().height()
        each = max(plot.min_height(MIN_PLOT_LINES) for plot in plots)
        count = min(max(int(free / each), 1), len(plots))
        for place, plot in enumerate(plots):
            last = place == count - 1
            plot.setVisible(place < count)
            plot.area.show_times(last)
            self._layout.setStretch(place, LAST_PLOT_STRETCH if last else PLOT_STRETCH)

    def _request_menu(self) -> None:
        self.menu_requested.emit(self._more.mapToGlobal(self._more.rect().topLeft()))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Show as many plots as there is room for."""
        super().resizeEvent(event)
        self._hide_surplus()
