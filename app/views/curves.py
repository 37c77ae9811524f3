"""The dock of curves: what is measured, against time."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMenu,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.dress import icons
from app.views import scale
from app.views.changes import Mark, change, matters
from app.views.headings import heading, partner, reason
from app.views.plot import Plot
from app.views.throttle import Throttle
from sim.frame import Wish
from sim.observables import Observable
from sim.scenario import restarts

if TYPE_CHECKING:
    from PySide6.QtGui import QContextMenuEvent, QResizeEvent, QShowEvent

    from app.dress.palette import Theme
    from sim.frame import Frame
    from sim.scenario import Scenario

USUAL = ("energy", "clusters", "order")
MOST = 4  # curves
RATE = 12.0  # drawings a second, at most: a third of a picture of the globe each
LINES = 2.2  # of small letters: a curve that is less high is left out
LEAST_TIME = 0.5  # the shortest time axis
MERGE = 0.02  # of the time axis: changes closer than this share a mark
OTHER, LAST = 11, 13  # heights: the last plot has times below it
MARKS = 48  # remembered
ICON = 1.1  # of a line's height


class Curves(QWidget):
    """Up to four plots, one below the other, on one time axis."""

    kinds_changed = Signal(tuple)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._plots: dict[str, Plot] = {}
        self._marks: list[Mark] = []
        self._scenario: Scenario | None = None
        self._own: dict[str, tuple[str, ...]] = {}  # what a person chose, by law
        self._law = ""
        self._epoch, self._last = -1, -math.inf
        self._throttle = Throttle(self, RATE, self._draw)
        self._stack = QVBoxLayout(self)
        self._stack.setContentsMargins(0, 4, 0, 4)
        self._stack.setSpacing(0)
        self._foot_row = self._foot()
        self._stack.addLayout(self._foot_row)
        self.setAccessibleName("Curves")
        self._show_kinds(USUAL)

    def _foot(self) -> QHBoxLayout:
        self._more = QToolButton()
        self._more.setToolTip("Choose which curves are shown")
        self._more.setAccessibleName("Choose curves")
        self._more.clicked.connect(self._offer)
        time = QLabel("time t")
        time.setProperty("role", "small")
        foot = QHBoxLayout()
        foot.setContentsMargins(12, 0, 12, 0)
        foot.addWidget(self._more)
        foot.addStretch(1)
        foot.addWidget(time)
        return foot

    @property
    def kinds(self) -> tuple[str, ...]:
        """The observables shown, from top to bottom; what is set holds for the law."""
        return tuple(self._plots)

    @kinds.setter
    def kinds(self, kinds: tuple[str, ...]) -> None:
        known = Observable.kinds()
        wanted = tuple(k for k in dict.fromkeys(kinds) if k in known)[:MOST] or USUAL
        self._own[self._law] = wanted
        self._show_kinds(wanted)

    def _show_kinds(self, wanted: tuple[str, ...]) -> None:
        if wanted == self.kinds:
            return
        for kind in set(self._plots) - set(wanted):
            plot = self._plots.pop(kind)
            self._stack.removeWidget(plot)
            plot.setParent(None)
            plot.deleteLater()
        old = self._plots
        self._plots = {
            k: old.get(k) or Plot(self._theme, "#000000", self) for k in wanted
        }
        for place, plot in enumerate(self._plots.values()):
            self._stack.insertWidget(place, plot)
        self._entitle()
        self.dress(self._theme)
        self.kinds_changed.emit(wanted)

    def dress(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        self._theme = theme
        side = round(ICON * self.fontMetrics().height())
        self._more.setIcon(icons.icon("more", theme, side=side))
        self._more.setIconSize(QSize(side, side))
        colours = (theme.accent, theme.sky, theme.good, theme.clusters[6])
        for plot, colour in zip(self._plots.values(), colours, strict=False):
            plot.dress(theme, colour)
        self._make_room()
        self._throttle.ask()

    def _make_room(self) -> None:
        """Leave out the last curves where there is no room for all."""
        plots = list(self._plots.values())
        free = self.height() - self._foot_row.sizeHint().height()
        each = max(plot.least(LINES) for plot in plots)
        count = min(max(int(free / each), 1), len(plots))
        for place, plot in enumerate(plots):
            last = place == count - 1
            plot.setVisible(place < count)
            plot.pane.show_times(last)
            self._stack.setStretch(place, LAST if last else OTHER)

    def wish(self) -> Wish:
        """Return what the next frames should hold."""
        partners = {partner(k) for k in self.kinds} - {""}
        return Wish(observables=frozenset(partners.union(self.kinds)), clusters=False)

    def show_frame(self, frame: Frame) -> None:
        """Add a frame; one of the past moves the present back and forgets nothing."""
        old, new = self._scenario, frame.scenario
        if old is None or (new is not old and restarts(old, new)):
            self._begin(frame)
        elif frame.epoch > self._epoch:
            self._go_back(frame)
        ahead = frame.epoch == self._epoch and frame.t >= self._last
        if ahead:
            self._break(frame)
        for kind, plot in self._plots.items():
            value = frame.measures.get(kind)
            if value is None:
                continue
            if ahead and (frame.t > self._last or plot.trace.last is None):
                plot.push(frame.t, value)
                other = frame.measures.get(partner(kind))
                if other is not None:
                    plot.compare(frame.t, other)
            else:
                plot.look_back(frame.t, value)
        self._last = max(self._last, frame.t)
        self._throttle.ask()

    def mark(self, t: float, text: str) -> None:
        """Mark the time `t` with a thin line and a word on why."""
        near = MERGE * scale.end_of_time(t, LEAST_TIME)
        if self._marks and abs(t - self._marks[-1].t) < near:
            last = self._marks.pop()
            t, text = last.t, text or last.text
        self._marks = [*self._marks, Mark(t, text)][-MARKS:]
        self._throttle.ask()

    def clear(self) -> None:
        """Forget all, as before another run is opened."""
        for plot in self._plots.values():
            plot.clear()
        self._marks, self._scenario = [], None
        self._epoch, self._last = -1, -math.inf
        self._throttle.ask()

    def _begin(self, frame: Frame) -> None:
        self.clear()
        self._epoch, self._scenario = frame.epoch, frame.scenario
        self._suit(frame.scenario)
        self._entitle()

    def _suit(self, scenario: Scenario) -> None:
        """Show what is worth seeing of the law, or what was chosen for it."""
        law = scenario.dynamics
        if law.kind == self._law:
            return
        if not self._law and "" in self._own:  # chosen before the first frame
            self._own[law.kind] = self._own.pop("")
        self._law = law.kind
        self._show_kinds(self._own.get(law.kind, law.curves))

    def _go_back(self, frame: Frame) -> None:
        """Forget what came after the moment that the run went back to."""
        for plot in self._plots.values():
            plot.truncate(frame.t)
        self._marks = [m for m in self._marks if m.t < frame.t]
        self._epoch, self._last = frame.epoch, -math.inf

    def _break(self, frame: Frame) -> None:
        """Break the curves where the scenario changed in a way that matters."""
        old, new = self._scenario, frame.scenario
        if old is None or old is new:
            return
        self._scenario = new
        if not matters(old, new):
            return
        for plot in self._plots.values():
            plot.truncate(frame.t)
            plot.cut(frame.t)
        if (
            old.dynamics.energy_name != new.dynamics.energy_name
            and "energy" in self._plots
        ):
            self._plots["energy"].clear()
        self._last = -math.inf
        self._suit(new)
        self._entitle()
        if frame.t > 0:  # a run that begins with it has not changed
            self.mark(frame.t, change(old, new))

    def _entitle(self) -> None:
        for kind, plot in self._plots.items():
            plot.entitle(heading(kind, self._scenario), reason(self._scenario))

    def _draw(self) -> None:
        end = scale.end_of_time(self._last, LEAST_TIME)
        times = tuple(m.t for m in self._marks)
        plots = [plot for plot in self._plots.values() if not plot.isHidden()]
        for place, plot in enumerate(plots):
            plot.draw(times, end)
            plot.pane.words(self._marks if place == 0 else [])
        wide = max(plot.pane.wanted for plot in plots)  # one time axis for all
        for plot in plots:
            plot.pane.widen(wide)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        """Offer other curves."""
        self._popup().popup(event.globalPos())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Show as many curves as can be read."""
        super().resizeEvent(event)
        self._make_room()
        self._throttle.ask()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Catch up."""
        super().showEvent(event)
        self._throttle.ask()

    def _offer(self) -> None:
        at = self._more.mapToGlobal(self._more.rect().topLeft())
        self._popup().popup(at)

    def _popup(self) -> QMenu:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setToolTipsVisible(True)
        shown = self.kinds
        for kind in Observable.kinds():
            about = heading(kind, self._scenario)
            action = QAction(about.name, menu, checkable=True, checked=kind in shown)
            action.setToolTip(about.formula)
            action.setData(kind)
            action.setEnabled(len(shown) > 1 if kind in shown else len(shown) < MOST)
            menu.addAction(action)
        menu.triggered.connect(self._toggle)
        return menu

    def _toggle(self, action: QAction) -> None:
        kind = action.data()
        rest = tuple(k for k in self.kinds if k != kind)
        self.kinds = rest if kind in self.kinds else (*rest, kind)
