"""The view of curves: observables against time."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.document.token_names import TokenNames
from app.figures.caption import lanes_caption, run_caption
from app.plots.curve_menu import add_logarithmic_entry, curve_menu
from app.plots.curve_points import sampled_curve
from app.plots.curves_figure import curves_figure
from app.plots.headings import (
    heading,
    in_lanes,
    partner_kind,
    predicted,
    undefined_reason,
)
from app.plots.kinds_by_law import (
    DEFAULT_KINDS,
    MAX_CURVES,
    KindsByLaw,
    known_kinds,
    request_of,
)
from app.plots.lane_predictions import LanePredictions, shown_as
from app.plots.lane_theory import lane_name
from app.plots.other_lanes import OtherLanes
from app.plots.plot_stack import PlotStack
from app.plots.predictions import Predictions
from app.plots.run_marks import breaks_of, markers_of
from app.widgets.clock_axis import ClockAxis
from app.widgets.figure_menu import add_figure_entries
from app.widgets.throttle import Throttle
from app.widgets.view import View
from sim.clocks.steady import Steady
from sim.schedule import Run

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QPoint
    from PySide6.QtGui import QAction, QContextMenuEvent, QResizeEvent, QShowEvent
    from PySide6.QtWidgets import QMenu

    from app.document.document import Document
    from app.document.scenario_diff import ChangeMarker
    from app.figures.figure import Figure
    from app.plots.heading import Heading
    from app.plots.plot import Plot
    from app.theme.palette import Theme
    from sim.frame import Frame, FrameRequest
    from sim.scenario import Scenario

MAX_DRAWINGS_PER_S = 12.0  # each costs a third of a picture of the globe
MIN_TIME_SPAN = 0.5  # of the time axis


class Curves(View):
    """Up to four plots, with the predictions of theory."""

    has_figure: ClassVar[bool] = True
    shows_all_lanes: ClassVar[bool] = True

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._run, self._place, self._others = Run(), 0, OtherLanes()
        self._beside: tuple[Scenario, ...] = ()  # of the other lanes
        self._document: Document | None = None
        self._markers: list[ChangeMarker] = []
        self._names = TokenNames()
        self._breaks: tuple[float, ...] = ()
        self._scenario: Scenario | None = None
        self._choice = KindsByLaw()
        self._epoch, self._end = -1, 0.0
        self._theories, self._lane_theories = Predictions(), LanePredictions()
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
        wanted = known_kinds(kinds) or DEFAULT_KINDS
        self._show_kinds(self._choice.choose(self._choice.law, wanted))

    def show_with(self, law: str, kinds: tuple[str, ...]) -> None:
        """Show some curves with a law, now or as soon as it is in force."""
        chosen = self._choice.choose(law, kinds)
        if chosen and law == self._choice.law:
            self._show_kinds(chosen)

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
        return request_of(self.kinds)

    def show_frames(self, frames: Sequence[Frame]) -> None:
        """Show the samples of every lane, and the present moment of the chosen one."""
        place = min(self._place, len(frames) - 1)
        frame = frames[place]
        if frame.record is None:
            return
        self._stack.show_lane(place if len(frames) > 1 else None)
        self._follow_run(frame)
        self._end = frame.record.end
        if self._lane_theories.follow(frames, place, self._theories):
            self._set_headings()
        for kind, plot in self._plots.items():
            self._show_samples(kind, plot, frame)
            plot.show_others(self._others.curves(kind, frames, place))
            value = frame.measures.get(kind)
            if value is not None:
                plot.show_present(frame.t, value)
        self._update_theories()
        self._throttle.schedule()

    def show_document(self, document: Document) -> None:
        """Take the lanes, and which is chosen."""
        self._place, self._document = document.place, document
        beside = tuple(lane.scenario for lane in document.others)
        if beside != self._beside:
            self._beside = beside
            self._set_headings()

    def _show_samples(self, kind: str, plot: Plot, frame: Frame) -> None:
        partner = partner_kind(kind)
        if (curve := sampled_curve(kind, frame, self._breaks)) is not None:
            plot.show_curve(*curve)
        if (curve := sampled_curve(partner, frame, self._breaks)) is not None:
            plot.show_partner(*curve)

    def _follow_run(self, frame: Frame) -> None:
        """Take the changes of the run, and the headings of the settings in force."""
        assert frame.record is not None
        run, old = frame.record.run, self._scenario
        self._names.take(frame)
        is_new = old is None or self._run.divergence(run) == -math.inf
        if is_new or frame.epoch != self._epoch:  # what was measured is another run's
            for plot in self._plots.values():
                plot.clear()
        self._epoch, self._scenario = frame.epoch, frame.scenario
        other = run is not self._run or is_new
        if other:
            self._take_run(run)
        if frame.scenario is not old:
            law = frame.scenario.dynamics
            if is_new or law.kind != self._choice.law:
                self._show_kinds(self._choice.adopt(law))
        if frame.scenario is not old or other:
            self._set_headings()
        if is_new or (self._theories.first is None and not run.changes):
            self._theories.first = frame.first
            self._restart_theories()

    def _take_run(self, run: Run) -> None:
        self._run = run
        self._breaks, self._markers = breaks_of(run), markers_of(run, self._names.by_id)
        if run.changes and self._theories.first is not None:
            self._theories.end()

    def clear(self) -> None:
        """Forget all, as before another run."""
        for plot in self._plots.values():
            plot.clear()
        self._theories.end()
        self._run, self._markers, self._breaks = Run(), [], ()
        self._scenario = None
        self._epoch, self._end = -1, 0.0
        self._throttle.schedule()

    def _restart_theories(self) -> None:
        self._theories.restart(self._scenario)
        self._set_headings()

    def _update_theories(self) -> None:
        """Show the points of theory that are known, up to the end of the run."""
        new = self._theories.collect()
        if self._lane_theories.collect() or new:
            self._show_predicted()
            self._set_headings()
        axis = self._time_axis().end
        self._theories.extend(self._end, axis)
        self._lane_theories.extend(axis)
        for kind, t, y in self._theories.curves(self._end):
            if (plot := self._plots.get(self._shown_as(kind))) is not None:
                plot.show_partner(t, y)
        for kind, plot in self._plots.items():
            plot.show_theories(self._lane_theories.curves(kind, self._plots))

    def _show_predicted(self) -> None:
        """Show what theory predicts, unless the user chose the curves."""
        beside = [lane.theory for lane in self._lane_theories.lanes]
        found = [kind for one in (self._theories, *beside) for kind in one.found]
        shown = [self._shown_as(kind) for kind in found]
        more = [kind for kind in shown if kind not in self.kinds]
        if more and not self._choice.is_chosen:
            self._stack.show_kinds((*self.kinds[:-1], more[0]))
            self.request_changed.emit()

    def _shown_as(self, kind: str) -> str:
        return shown_as(kind, self._scenario, self._plots)

    def _set_headings(self) -> None:
        theories = {self._shown_as(k): t for k, t in self._theories.found.items()}
        for kind, plot in self._plots.items():
            theory = None if partner_kind(kind) else theories.get(kind)
            why = self._theories.why_not(kind)
            about = heading(kind, self._scenario, self._run, self._beside)
            if self._lane_theories.lanes:
                about = self._in_lanes(kind, about)
            else:
                about = predicted(about, theory, why)
            plot.set_heading(about, undefined_reason(kind, self._scenario))

    def _in_lanes(self, kind: str, about: Heading) -> Heading:
        """Return a heading with what theory says in each lane."""
        said = self._lane_theories.said(kind, self._plots)
        now = self._document
        titles = () if now is None else now.comparison.titles
        lines = [
            f"{lane_name(titles, theory.place)}: {tip}" for theory, tip in said if tip
        ]
        return in_lanes(about, [theory for theory, _ in said], "\n".join(lines))

    def _draw(self) -> None:
        self._stack.draw(self._markers, self._time_axis())

    def _time_axis(self) -> ClockAxis:
        clock = Steady() if self._scenario is None else self._scenario.clock
        return ClockAxis.holding(clock, self._end, MIN_TIME_SPAN)

    def figure(self) -> Figure | None:
        """Return the curves on show with all of their points."""
        if self._scenario is None:
            return None
        changes = [(mark.t, mark.text) for mark in self._markers]
        now, titles = self._document, ()
        caption = run_caption(self._run, self._end, self._names.by_id)
        if now is not None and len(now.lanes) > 1:
            titles = now.comparison.titles
            caption = lanes_caption([one.run for one in now.lanes], titles, self._end)
        shown = [plot.shown_in(self._place, titles) for plot in self._plots.values()]
        return curves_figure(shown, changes, caption, self._end)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        """Open the menu of curves and of figures."""
        menu = self._make_menu()
        first = menu.actions()[0]
        add_figure_entries(menu, self, first)
        if (plot := self._stack.plot_at(event.globalPos())) is not None:
            entry = add_logarithmic_entry(menu, plot, first)
            entry.toggled.connect(self._throttle.schedule)
        menu.popup(event.globalPos())

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
