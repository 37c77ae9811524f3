"""The view of curves: observables against time."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.plots.curve_menu import curve_menu, energy_is_f_hat
from app.plots.headings import heading, partner_kind, undefined_reason, with_theory
from app.plots.plot_stack import PlotStack
from app.plots.scenario_diff import ChangeMarker, breaks_curves, change_text
from app.plots.theory_worker import TheoryWorker
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

DEFAULT_KINDS = ("energy", "clusters", "order")
MAX_CURVES = 4
MAX_DRAWINGS_PER_S = 12.0  # each costs a third of a picture of the globe
MIN_TIME_SPAN = 0.5  # of the time axis
MERGE_SHARE = 0.02  # of the time axis: closer changes share a marker
MAX_MARKERS = 48


class Curves(View):
    """Up to four plots, with the predictions of theory."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._markers: list[ChangeMarker] = []
        self._scenario: Scenario | None = None
        self._chosen_kinds: dict[str, tuple[str, ...]] = {}  # by the user, for each law
        self._law = ""
        self._epoch, self._last = -1, -math.inf
        self._theories = TheoryWorker()
        self._first: Floats | None = None  # tokens of a run without changes
        self._throttle = Throttle(self, MAX_DRAWINGS_PER_S, self._draw)
        self._stack = PlotStack(theme, self)
        self._stack.menu_requested.connect(self._show_menu)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._stack)
        self.setAccessibleName("Curves")
        self._show_kinds(DEFAULT_KINDS)

    @property
    def _plots(self) -> dict[str, Plot]:
        return self._stack.plots

    @property
    def kinds(self) -> tuple[str, ...]:
        """The observables shown, from top to bottom; remembered for each law."""
        return tuple(self._plots)

    @kinds.setter
    def kinds(self, kinds: tuple[str, ...]) -> None:
        known = Observable.kinds()
        valid = tuple(k for k in dict.fromkeys(kinds) if k in known)
        wanted = valid[:MAX_CURVES] or DEFAULT_KINDS
        self._chosen_kinds[self._law] = wanted
        self._show_kinds(wanted)

    def show_with(self, law: str, kinds: tuple[str, ...]) -> None:
        """Show some curves with a law, now or as soon as it is in force."""
        valid = tuple(k for k in kinds if k in Observable.kinds())[:MAX_CURVES]
        if law == self._law and valid:
            self.kinds = valid
        elif valid:
            self._chosen_kinds[law] = valid

    def _show_kinds(self, wanted: tuple[str, ...]) -> None:
        if wanted == self.kinds:
            return
        self._stack.show_kinds(wanted)
        self._restart_theories()
        self._throttle.schedule()
        self.request_changed.emit()

    def set_theme(self, theme: Theme, scale: float) -> None:
        """Take the colours of `theme`."""
        self._stack.set_theme(theme)
        self._throttle.schedule()

    def request(self) -> FrameRequest:
        """Return what the next frames should hold."""
        partners = {partner_kind(k) for k in self.kinds} - {""}
        return FrameRequest(
            observables=frozenset(partners.union(self.kinds)), clusters=False
        )

    def show_frames(self, frames: Sequence[Frame]) -> None:
        """Add the frame of the first lane; a past one only moves the present marker."""
        frame = frames[0]
        old, new = self._scenario, frame.scenario
        if old is None or (new is not old and restarts(old, new)):
            self._begin(frame)
        elif frame.epoch > self._epoch:
            self._go_back(frame)
        is_new = frame.epoch == self._epoch and frame.t >= self._last
        if is_new:
            self._break_at_change(frame)
        for kind, plot in self._plots.items():
            value = frame.measures.get(kind)
            if value is None:
                continue
            if is_new and (frame.t > self._last or plot.trace.last is None):
                plot.push(frame.t, value)
                other = frame.measures.get(partner_kind(kind))
                if other is not None:
                    plot.push_partner(frame.t, other)
            else:
                plot.show_past(frame.t, value)
        self._last = max(self._last, frame.t)
        self._update_theories()
        self._throttle.schedule()

    def mark(self, t: float, text: str) -> None:
        """Add a marker at the time `t`, labelled with what changed."""
        near = MERGE_SHARE * axis_scale.end_of_time(t, MIN_TIME_SPAN)
        if self._markers and abs(t - self._markers[-1].t) < near:
            last = self._markers.pop()
            t, text = last.t, text or last.text
        self._markers = [*self._markers, ChangeMarker(t, text)][-MAX_MARKERS:]
        self._throttle.schedule()

    def clear(self) -> None:
        """Forget all, as before another run."""
        for plot in self._plots.values():
            plot.clear()
        self._theories.end()
        self._first = None
        self._markers, self._scenario = [], None
        self._epoch, self._last = -1, -math.inf
        self._throttle.schedule()

    def _begin(self, frame: Frame) -> None:
        self.clear()
        self._epoch, self._scenario = frame.epoch, frame.scenario
        self._show_kinds_of(frame.scenario, force=True)
        self._first = frame.first
        self._restart_theories()

    def _show_kinds_of(self, scenario: Scenario, *, force: bool = False) -> None:
        """Show the default curves of the law, or those that were chosen for it."""
        law = scenario.dynamics
        if law.kind == self._law and not force:
            return
        if not self._law and "" in self._chosen_kinds:  # chosen before the first frame
            self._chosen_kinds[law.kind] = self._chosen_kinds.pop("")
        self._law = law.kind
        self._show_kinds(self._chosen_kinds.get(law.kind, law.curves))

    def _go_back(self, frame: Frame) -> None:
        """Forget what came after the moment to which the run went back."""
        for plot in self._plots.values():
            plot.truncate(frame.t)
        self._markers = [m for m in self._markers if m.t < frame.t]
        self._epoch, self._last = frame.epoch, -math.inf
        if not frame.t:
            self._first = frame.first
        self._restart_theories()

    def _break_at_change(self, frame: Frame) -> None:
        """Break the curves where the scenario changed in a way that matters."""
        old, new = self._scenario, frame.scenario
        if old is None or old is new:
            return
        self._scenario = new
        if not breaks_curves(old, new):
            return
        for plot in self._plots.values():
            plot.truncate(frame.t)
            plot.break_at(frame.t)
        if (
            old.dynamics.energy_name != new.dynamics.energy_name
            and "energy" in self._plots
        ):
            self._plots["energy"].clear()
        self._last = -math.inf
        self._first = None if frame.t else frame.first  # theory is of unchanged runs
        self._theories.end()
        self._show_kinds_of(new)
        self._set_headings()
        if frame.t:  # at t = 0 it is a setting of the run, not a change
            self.mark(frame.t, change_text(old, new))
        else:
            self._restart_theories()

    def _restart_theories(self) -> None:
        """Search theories again, if the run had no changes."""
        if self._first is not None and self._scenario is not None:
            for kind in self._theories.found:
                if (plot := self._plots.get(self._shown_as(kind))) is not None:
                    plot.partner.clear()
            self._theories.begin(self._scenario, self._first)
        self._set_headings()

    def _update_theories(self) -> None:
        """Add new points of theory to the plots of what it predicts."""
        if self._theories.collect():
            self._show_predicted()
            self._set_headings()
        end = axis_scale.end_of_time(self._last, MIN_TIME_SPAN)
        for kind, points in self._theories.evaluate(self._last, end).items():
            if (plot := self._plots.get(self._shown_as(kind))) is not None:
                for t, y in points:
                    plot.push_partner(t, y)

    def _show_predicted(self) -> None:
        """Show what theory predicts, unless the user chose the curves."""
        shown = [self._shown_as(kind) for kind in self._theories.found]
        more = [kind for kind in shown if kind not in self.kinds]
        if more and self._law not in self._chosen_kinds:
            self._stack.show_kinds((*self.kinds[:-1], more[0]))
            self.request_changed.emit()

    def _shown_as(self, kind: str) -> str:
        """Return the plot on which an observable is shown: F̂ may be the energy."""
        alone = kind == "f_hat" and "f_hat" not in self.kinds
        return "energy" if alone and energy_is_f_hat(self._scenario) else kind

    def _set_headings(self) -> None:
        theories = {self._shown_as(k): t for k, t in self._theories.found.items()}
        for kind, plot in self._plots.items():
            about = heading(kind, self._scenario)
            if kind in theories and not partner_kind(kind):
                about = with_theory(about, theories[kind])
            plot.set_heading(about, undefined_reason(self._scenario))

    def _draw(self) -> None:
        end = axis_scale.end_of_time(self._last, MIN_TIME_SPAN)
        self._stack.draw(self._markers, end)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        """Open the menu of curves."""
        self._make_menu().popup(event.globalPos())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Draw at the new size."""
        super().resizeEvent(event)
        self._throttle.schedule()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Draw what came while the view was hidden."""
        super().showEvent(event)
        self._throttle.schedule()

    def _show_menu(self, at: QPoint) -> None:
        self._make_menu().popup(at)

    def _make_menu(self) -> QMenu:
        menu = curve_menu(self, self._scenario, self.kinds, MAX_CURVES)
        menu.triggered.connect(self._toggle)
        return menu

    def _toggle(self, action: QAction) -> None:
        kind = action.data()
        rest = tuple(k for k in self.kinds if k != kind)
        self.kinds = rest if kind in self.kinds else (*rest, kind)
