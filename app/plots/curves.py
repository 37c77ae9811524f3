"""The view of curves: observables against time."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.annotations.caption_text import title
from app.document.marks import marks_of
from app.document.scenario_diff import ChangeMarker
from app.figures.caption import settings_text
from app.plots.curve_menu import curve_menu, energy_is_f_hat
from app.plots.curves_figure import curves_figure
from app.plots.headings import heading, partner_kind, undefined_reason, with_theory
from app.plots.plot_stack import PlotStack
from app.plots.theory_worker import TheoryWorker
from app.widgets import axis_scale
from app.widgets.figure_menu import add_figure_entries
from app.widgets.throttle import Throttle
from app.widgets.view import View
from sim.frame import FrameRequest
from sim.observables import Observable
from sim.schedule import Run

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QPoint
    from PySide6.QtGui import QContextMenuEvent, QResizeEvent, QShowEvent
    from PySide6.QtWidgets import QMenu

    from app.figures.figure import Figure
    from app.plots.plot import Plot
    from app.theme.palette import Theme
    from sim.array_types import Floats
    from sim.frame import Frame
    from sim.scenario import Scenario

ALWAYS_SAMPLED = frozenset({"clusters"})  # whose falls are merges on the timeline
ROUNDING = 1e-9  # of the end: a sample there may be as much later
DEFAULT_KINDS = ("energy", "clusters", "order")
MAX_CURVES = 4
MAX_DRAWINGS_PER_S = 12.0  # each costs a third of a picture of the globe
MIN_TIME_SPAN = 0.5  # of the time axis
MAX_MARKERS = 48


class Curves(View):
    """Up to four plots, with the predictions of theory."""

    has_figure: ClassVar[bool] = True

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._run = Run()
        self._markers: list[ChangeMarker] = []
        self._breaks: tuple[float, ...] = ()
        self._scenario: Scenario | None = None
        self._chosen_kinds: dict[str, tuple[str, ...]] = {}  # by the user, for each law
        self._law = ""
        self._epoch, self._end = -1, 0.0
        self._theories = TheoryWorker()
        self._predicted: dict[str, list[tuple[float, float]]] = {}
        self._throttle = Throttle(self, MAX_DRAWINGS_PER_S, self._draw)
        self._first: Floats | None = None  # tokens of a run without changes
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
        """Return what the next frames should hold, and what is sampled."""
        partners = {partner_kind(k) for k in self.kinds} - {""}
        wanted = frozenset(partners.union(self.kinds))
        return FrameRequest(
            observables=wanted, clusters=False, series=wanted | ALWAYS_SAMPLED
        )

    def show_frames(self, frames: Sequence[Frame]) -> None:
        """Show the samples of the first lane's run, and its present moment."""
        frame = frames[0]
        if frame.record is None:
            return
        self._follow_run(frame)
        self._end = frame.record.end
        for kind, plot in self._plots.items():
            self._show_samples(kind, plot, frame)
            value = frame.measures.get(kind)
            if value is not None:
                plot.show_present(frame.t, value)
        self._update_theories()
        self._throttle.schedule()

    def _show_samples(self, kind: str, plot: Plot, frame: Frame) -> None:
        if (curve := self._curve(kind, frame)) is not None:
            plot.show_curve(*curve)
        if (curve := self._curve(partner_kind(kind), frame)) is not None:
            plot.show_partner(*curve)

    def _curve(self, kind: str, frame: Frame) -> tuple[Floats, Floats] | None:
        """Return times and values up to the end of the run, if it is sampled."""
        assert frame.record is not None
        samples = frame.record.samples
        if kind not in samples.values:
            return None
        count = int(np.searchsorted(samples.t, self._end * (1 + ROUNDING), "right"))
        t, y = samples.t[:count], samples.values[kind][:count]
        if kind in frame.measures and count and t[-1] < frame.t:  # not sampled yet
            t, y = np.append(t, frame.t), np.append(y, frame.measures[kind])
        return with_breaks(t, y, self._breaks)

    def _follow_run(self, frame: Frame) -> None:
        """Take the changes of the run, and the headings of the settings in force."""
        assert frame.record is not None
        run, old = frame.record.run, self._scenario
        is_new = old is None or self._run.divergence(run) == -math.inf
        if is_new or frame.epoch != self._epoch:  # what was measured is another run's
            for plot in self._plots.values():
                plot.clear()
        self._epoch, self._scenario = frame.epoch, frame.scenario
        if run is not self._run or is_new:
            self._take_run(run)
        if frame.scenario is not old:
            self._show_kinds_of(frame.scenario, force=is_new)
            self._set_headings()
        if is_new or (self._first is None and not run.changes):
            self._first = frame.first
            self._restart_theories()

    def _take_run(self, run: Run) -> None:
        self._run = run
        marks = [mark for mark in marks_of(run) if mark.t]
        self._breaks = tuple(sorted({t for m in marks for t in (m.t, m.end)}))
        self._markers = [ChangeMarker(m.t, m.text) for m in marks][-MAX_MARKERS:]
        if run.changes and self._first is not None:  # theory is of unchanged runs
            self._first = None
            self._theories.end()

    def clear(self) -> None:
        """Forget all, as before another run."""
        for plot in self._plots.values():
            plot.clear()
        self._theories.end()
        self._run, self._markers, self._breaks = Run(), [], ()
        self._scenario, self._first = None, None
        self._epoch, self._end = -1, 0.0
        self._throttle.schedule()

    def _show_kinds_of(self, scenario: Scenario, *, force: bool = False) -> None:
        """Show the default curves of the law, or those that were chosen for it."""
        law = scenario.dynamics
        if law.kind == self._law and not force:
            return
        if not self._law and "" in self._chosen_kinds:  # chosen before the first frame
            self._chosen_kinds[law.kind] = self._chosen_kinds.pop("")
        self._law = law.kind
        self._show_kinds(self._chosen_kinds.get(law.kind, law.curves))

    def _restart_theories(self) -> None:
        """Search theories again, if the run had no changes."""
        self._predicted = {}
        if self._first is not None and self._scenario is not None:
            self._theories.begin(self._scenario, self._first)
        self._set_headings()

    def _update_theories(self) -> None:
        """Show the points of theory that are known, up to the end of the run."""
        if self._theories.collect():
            self._show_predicted()
            self._set_headings()
        axis = axis_scale.end_of_time(self._end, MIN_TIME_SPAN)
        for kind, points in self._theories.evaluate(self._end, axis).items():
            self._predicted.setdefault(kind, []).extend(points)
        for kind, points in self._predicted.items():
            if (plot := self._plots.get(self._shown_as(kind))) is not None and points:
                t, y = np.array(points).T
                plot.show_partner(t[t <= self._end], y[t <= self._end])

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
        end = axis_scale.end_of_time(self._end, MIN_TIME_SPAN)
        self._stack.draw(self._markers, end)

    def figure(self) -> Figure | None:
        """Return the curves on show with all of their points."""
        if self._scenario is None:
            return None
        caption = (f"{title(self._scenario)}: {settings_text(self._scenario)}",)
        changes = [(mark.t, mark.text) for mark in self._markers]
        shown = [plot.shown for plot in self._plots.values()]
        return curves_figure(shown, changes, caption, self._end)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        """Open the menu of curves and of figures."""
        menu = self._make_menu()
        first = menu.actions()[0]
        add_figure_entries(menu, self, first)
        if (plot := self._stack.plot_at(event.globalPos())) is not None:
            entry = QAction("Logarithmic axis", menu, checkable=True)
            entry.setChecked(plot.logarithmic)
            entry.toggled.connect(partial(self._set_logarithmic, plot))
            menu.insertAction(first, entry)
            menu.insertSeparator(first)
        menu.popup(event.globalPos())

    def _set_logarithmic(self, plot: Plot, logarithmic: bool) -> None:
        plot.logarithmic = logarithmic
        self._throttle.schedule()

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
        if kind is None:  # an entry of figures
            return
        rest = tuple(k for k in self.kinds if k != kind)
        self.kinds = rest if kind in self.kinds else (*rest, kind)


def with_breaks(t: Floats, y: Floats, breaks: Sequence[float]) -> tuple[Floats, Floats]:
    """Return a curve, (k,), with a NaN at each time at which it breaks."""
    inside = [b for b in breaks if len(t) and t[0] < b <= t[-1]]
    places = np.unique(np.searchsorted(t, inside, "left"))
    at = t[places] if len(places) else t[:0]
    return np.insert(t, places, at), np.insert(y, places, math.nan)
