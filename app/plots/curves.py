"""The dock of curves: what is measured, against time."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.plots.curve_menu import energy_is_f_hat, menu_of
from app.plots.headings import beside, heading, partner, reason
from app.plots.plot_stack import Column
from app.plots.scenario_diff import Mark, change, matters
from app.plots.theory_worker import Theories
from app.widgets import axis_scale
from app.widgets.throttle import Throttle
from app.widgets.view import View
from sim.frame import FrameRequest
from sim.observables import Observable
from sim.scenario import restarts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QPoint
    from PySide6.QtGui import QAction, QContextMenuEvent, QResizeEvent, QShowEvent
    from PySide6.QtWidgets import QMenu

    from app.plots.plot import Plot
    from app.theme.palette import Theme
    from sim.array_types import Floats
    from sim.frame import Frame
    from sim.scenario import Scenario

USUAL = ("energy", "clusters", "order")
MOST = 4  # curves
RATE = 12.0  # drawings a second, at most: a third of a picture of the globe each
LEAST_TIME = 0.5  # the shortest time axis
MERGE = 0.02  # of the time axis: changes closer than this share a mark
MARKS = 48  # remembered


class Curves(View):
    """Up to four plots, and what theory says beside them."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._marks: list[Mark] = []
        self._scenario: Scenario | None = None
        self._own: dict[str, tuple[str, ...]] = {}  # what a person chose, by law
        self._law = ""
        self._epoch, self._last = -1, -math.inf
        self._theories = Theories()
        self._first: Floats | None = None  # tokens of a run that is still whole
        self._throttle = Throttle(self, RATE, self._draw)
        self._column = Column(theme, self)
        self._column.asked.connect(self._offer)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._column)
        self.setAccessibleName("Curves")
        self._show_kinds(USUAL)

    @property
    def _plots(self) -> dict[str, Plot]:
        return self._column.plots

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
        self._column.show_kinds(wanted)
        self._retell()
        self._throttle.schedule()
        self.request_changed.emit()

    def set_theme(self, theme: Theme, scale: float) -> None:
        """Take the colours of `theme`."""
        self._column.set_theme(theme)
        self._throttle.schedule()

    def request(self) -> FrameRequest:
        """Return what the next frames should hold."""
        partners = {partner(k) for k in self.kinds} - {""}
        return FrameRequest(
            observables=frozenset(partners.union(self.kinds)), clusters=False
        )

    def show_frames(self, frames: Sequence[Frame]) -> None:
        """Add the frame of the first lane; a past one only moves the present back."""
        frame = frames[0]
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
        self._foretell()
        self._throttle.schedule()

    def mark(self, t: float, text: str) -> None:
        """Mark the time `t` with a thin line and a word on why."""
        near = MERGE * axis_scale.end_of_time(t, LEAST_TIME)
        if self._marks and abs(t - self._marks[-1].t) < near:
            last = self._marks.pop()
            t, text = last.t, text or last.text
        self._marks = [*self._marks, Mark(t, text)][-MARKS:]
        self._throttle.schedule()

    def clear(self) -> None:
        """Forget all, as before another run is opened."""
        for plot in self._plots.values():
            plot.clear()
        self._theories.end()
        self._first = None
        self._marks, self._scenario = [], None
        self._epoch, self._last = -1, -math.inf
        self._throttle.schedule()

    def _begin(self, frame: Frame) -> None:
        self.clear()
        self._epoch, self._scenario = frame.epoch, frame.scenario
        self._suit(frame.scenario, anew=True)
        self._first = frame.first
        self._retell()

    def _suit(self, scenario: Scenario, *, anew: bool = False) -> None:
        """Show what is worth seeing of the law, or what was chosen for it."""
        law = scenario.dynamics
        if law.kind == self._law and not anew:
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
        if not frame.t:
            self._first = frame.first
        self._retell()

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
        self._first = None if frame.t else frame.first  # theory is about whole runs
        self._theories.end()
        self._suit(new)
        self._entitle()
        if frame.t:  # a run that begins with it has not changed
            self.mark(frame.t, change(old, new))
        else:
            self._retell()

    def _retell(self) -> None:
        """Let theory say anew what it says of the run, if it is still one."""
        if self._first is not None and self._scenario is not None:
            for kind in self._theories.found:
                if (plot := self._plots.get(self._shown_as(kind))) is not None:
                    plot.partner.clear()
            self._theories.begin(self._scenario, self._first)
        self._entitle()

    def _foretell(self) -> None:
        """Put what theory says by now beside what it predicts."""
        if self._theories.settle():
            self._show_predicted()
            self._entitle()
        end = axis_scale.end_of_time(self._last, LEAST_TIME)
        for kind, points in self._theories.reach(self._last, end).items():
            if (plot := self._plots.get(self._shown_as(kind))) is not None:
                for t, y in points:
                    plot.compare(t, y)

    def _show_predicted(self) -> None:
        """Show what theory predicts, unless a person chose the curves."""
        shown = [self._shown_as(kind) for kind in self._theories.found]
        more = [kind for kind in shown if kind not in self.kinds]
        if more and self._law not in self._own:
            self._column.show_kinds((*self.kinds[:-1], more[0]))
            self.request_changed.emit()

    def _shown_as(self, kind: str) -> str:
        """Return the plot of what a theory predicts: F̂ may be the energy."""
        alone = kind == "f_hat" and "f_hat" not in self.kinds
        return "energy" if alone and energy_is_f_hat(self._scenario) else kind

    def _entitle(self) -> None:
        said = {self._shown_as(k): t for k, t in self._theories.found.items()}
        for kind, plot in self._plots.items():
            about = heading(kind, self._scenario)
            if kind in said and not partner(kind):
                about = beside(about, said[kind])
            plot.entitle(about, reason(self._scenario))

    def _draw(self) -> None:
        self._column.draw(self._marks, axis_scale.end_of_time(self._last, LEAST_TIME))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        """Offer other curves."""
        self._popup().popup(event.globalPos())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Draw at the new size."""
        super().resizeEvent(event)
        self._throttle.schedule()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Catch up."""
        super().showEvent(event)
        self._throttle.schedule()

    def _offer(self, at: QPoint) -> None:
        self._popup().popup(at)

    def _popup(self) -> QMenu:
        menu = menu_of(self, self._scenario, self.kinds, MOST)
        menu.triggered.connect(self._toggle)
        return menu

    def _toggle(self, action: QAction) -> None:
        kind = action.data()
        rest = tuple(k for k in self.kinds if k != kind)
        self.kinds = rest if kind in self.kinds else (*rest, kind)
