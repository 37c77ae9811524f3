"""One observable against time: its name, its value now, and the curve."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.annotations import number_format
from app.plots.curves_figure import CurveOfLane, ShownCurve
from app.plots.heading import Heading
from app.plots.lane_theory import lane_name
from app.plots.plot_area import DASHES, PlotArea
from app.plots.theory_line import MAX_LINES, TheoryLine
from app.plots.thinning import drawn, thinned_to_limit
from app.widgets import axis_scale, font_sizes
from app.widgets.elided_label import ElidedLabel
from app.widgets.hat_label import HatLabel
from app.widgets.line_sample import LineSample
from app.widgets.steady_label import SteadyLabel

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PySide6.QtGui import QResizeEvent

    from app.theme.palette import Theme
    from app.widgets.clock_axis import ClockAxis
    from sim.array_types import Floats

LEAST_LINES = 1.6  # lines of text that what is said of theory leaves the curve
WRAPPED_LINES = {True: 1.6, False: 5.5}  # as much where it takes more than a line
TOP_MARGIN_PX, SIDE_PX = 4, 12  # above the heading, and on its left and right
BESIDE_TIP_PX = 80  # margins and spaces of a heading of two curves
NOT_MEASURED = "not measured yet"  # before the first frame that was requested with it
MAX_POWER = 300  # of ten: the range of a logarithmic axis may go a little higher
NOT_POSITIVE = "not positive: no place on a logarithmic axis"
TOO_LARGE = "too large to draw: tokens grow without bound"
NO_POINTS = (np.empty(0), np.empty(0))


class Plot(QWidget):
    """A curve that grows to the right."""

    def __init__(self, theme: Theme, colour: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._curve, self._partner = NO_POINTS, NO_POINTS
        self._others: dict[int, tuple[Floats, Floats]] = {}
        self._theories: dict[int, tuple[Floats, Floats]] = {}
        self._heading, self._reason = Heading(""), ""
        self._logarithmic = self._paired = False
        self._name, self._tip = HatLabel("title"), ElidedLabel(role="small")
        self._solid, self._dashed = LineSample(), LineSample(DASHES)
        self._partner_label = ElidedLabel(role="small")
        self._theory = TheoryLine()
        self._value, self._empty_label = SteadyLabel("value"), _label("small")
        self.area = PlotArea(self)
        self._empty_label.setParent(self.area.widget)
        self._empty_label.setWordWrap(True)
        self._empty_label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._name)
        for pair in ((self._solid, self._tip), (self._dashed, self._partner_label)):
            key = QHBoxLayout()
            key.setSpacing(4)
            for part in pair:
                key.addWidget(part)
            head.addLayout(key)
        head.addStretch(1)
        head.addWidget(self._value)
        box = QVBoxLayout(self)
        box.setContentsMargins(SIDE_PX, TOP_MARGIN_PX, SIDE_PX, 0)
        box.setSpacing(0)
        box.addLayout(head)
        box.addWidget(self._theory)
        box.addWidget(self.area.widget, 1)
        self.clear()
        self._show_legend(False)
        self.area.set_font(font_sizes.small_font(self))
        self.set_theme(theme, colour)

    @property
    def value(self) -> str:
        """The text of the present value."""
        return self._value.text()

    @property
    def empty_text(self) -> str:
        """What is written in place of a curve, if there is none."""
        return "" if self._empty_label.isHidden() else self._empty_label.text()

    def set_theme(self, theme: Theme, colour: str, lane: int | None = None) -> None:
        """Take the colours of `theme`, and `colour` for the curve, or a lane's."""
        self.area.set_theme(theme, colour, lane)
        self._solid.set_colour(colour)
        self._dashed.set_colour(theme.text)
        self._theory.set_theme(theme)

    def set_heading(self, heading: Heading, reason: str) -> None:
        """Set what is plotted, and why it may be undefined here."""
        self._reason = reason
        if heading == self._heading:
            return
        self._heading = heading
        self._name.set_text(heading.name)
        self._tip.show_forms(heading.tip, heading.tip.partition(",")[0], "")
        self._partner_label.show_forms(
            heading.partner, heading.partner.split(" ")[0], ""
        )
        self._fit_tip()
        self.setToolTip(heading.formula)
        self.setAccessibleName(f"{heading.name} against time")

    @property
    def curve(self) -> tuple[Floats, Floats]:
        """Times and values of the curve; NaN breaks it."""
        return self._curve

    @property
    def partner(self) -> tuple[Floats, Floats]:
        """Times and values of the dashed curve; NaN breaks it."""
        return self._partner

    @property
    def shown(self) -> ShownCurve:
        """The heading and all points, for a figure."""
        log = self._logarithmic
        why = NOT_POSITIVE if np.isfinite(self._curve[1]).any() else self._reason
        return ShownCurve(self._heading, self._curve, self._partner, log, why)

    def shown_in(self, place: int, titles: Sequence[str]) -> ShownCurve:
        """Return `shown` with the curves of all lanes, of which this one is `place`."""
        if not self._others:
            return self.shown
        curves = dict(sorted({place: self._curve, **self._others}.items()))
        named = (
            CurveOfLane(k, lane_name(titles, k), curve, *self._theory_of(k))
            for k, curve in curves.items()
            if k < len(titles)
        )
        return replace(self.shown, lanes=tuple(named))

    def _theory_of(self, lane: int) -> tuple[tuple[Floats, Floats], str]:
        """Return what theory predicts of a lane, and its source."""
        sources = {one.place: one.source for one in self._heading.lanes}
        return self._theories.get(lane, NO_POINTS), sources.get(lane, "")

    def clear(self) -> None:
        """Forget all values, and choose the range anew."""
        self._curve = self._partner = NO_POINTS
        self._span: tuple[float, float] | None = None
        self._now, self._measured = (0.0, math.nan), False

    def show_curve(self, t: Floats, y: Floats) -> None:
        """Show the values y at the times t: (k,); NaN breaks the curve."""
        self._curve = (t, drawn(y))
        self._measured |= len(y) > 0

    def show_partner(self, t: Floats, y: Floats) -> None:
        """Show the values of the dashed curve, as by `show_curve`."""
        self._partner = (t, drawn(y))

    def show_others(self, curves: Mapping[int, tuple[Floats, Floats]]) -> None:
        """Show the curves of other lanes, by lane; with any, no dashed curve."""
        self._others = {lane: (t, drawn(y)) for lane, (t, y) in curves.items()}

    def show_theories(self, curves: Mapping[int, tuple[Floats, Floats]]) -> None:
        """Show what theory predicts of several lanes, by lane."""
        self._theories = {lane: (t, drawn(y)) for lane, (t, y) in curves.items()}

    def show_present(self, t: float, y: float) -> None:
        """Show the value `y` at the time on show; NaN where it is undefined."""
        self._now, self._measured = (t, y), True

    @property
    def logarithmic(self) -> bool:
        """Whether the axis of values is logarithmic; only positive values are drawn."""
        return self._logarithmic

    @logarithmic.setter
    def logarithmic(self, logarithmic: bool) -> None:
        self._logarithmic, self._span = logarithmic, None

    def _on_axis(self, y: Floats) -> Floats:
        """Return values as they are on the axis; NaN where they are not on it."""
        if not self._logarithmic:
            return y
        return np.log10(np.where((y > 0) & (y < axis_scale.MAX_DRAWN), y, math.nan))

    def min_height(self, lines: float) -> float:
        """Return the pixels needed if the curve is as high as so many lines of text."""
        head = max(part.sizeHint().height() for part in (self._name, self._value))
        return head + TOP_MARGIN_PX + lines * self.area.line_height

    def _fit_range(self) -> tuple[float, float]:
        """Return the range: it grows with the values, and recovers where they went."""
        partner = () if self._others else self._partner[1]
        beside = (*self._others.values(), *self._theories.values())
        others = [y for _, y in beside]
        values = np.concatenate([self._curve[1], partner, *others, [self._now[1]]])
        values = self._on_axis(values)
        values = values[np.abs(values) < axis_scale.MAX_DRAWN]
        if not len(values):
            return self._span or (0.0, 1.0)
        least = max(axis_scale.MIN_FIRST_RANGE, self._heading.finest)
        first = axis_scale.first_range(float(values[0]), self._heading.whole, least)
        low, high = axis_scale.held_range(
            self._span, first, (float(values.min()), float(values.max()))
        )
        if values.min() >= 0 and not self._logarithmic:
            low = max(low, -axis_scale.PADDING * high)
        self._span = low, high
        return low, high

    def draw(self, changes: tuple[float, ...], times: ClockAxis) -> None:
        """Draw all on an axis of `times`, with markers at those of `changes`."""
        t, y = self._points(*self._curve)
        whole, finest = self._heading.whole, self._heading.finest
        span = self._fit_range()
        now = 0.0 if abs(self._now[1]) < finest else self._now[1]
        top = (
            10 ** min(span[1], MAX_POWER)
            if self._logarithmic
            else max(abs(v) for v in span)
        )
        self._value.setText(number_format.plot_value(now, top, whole or not now))
        self._fit_tip()
        log = self._logarithmic
        self.area.set_range(times, span, (whole, finest), logarithmic=log)
        when, other = thinned_to_limit(*(NO_POINTS if self._others else self._partner))
        self.area.draw_partner(when, self._on_axis(other))
        paired = bool(np.isfinite(other).any())
        alone = not paired and not self._others
        self.area.draw_curve(t, y, filled=alone)
        self.area.draw_others({k: self._points(*c) for k, c in self._others.items()})
        self.area.draw_theories(
            {k: (t, self._on_axis(y)) for k, (t, y) in self._theories.items()}
        )
        self._show_legend(paired)
        self.area.draw_markers(changes)
        at, value = self._now
        self.area.draw_present(at, float(self._on_axis(np.array(value))))
        self._show_why_empty()

    def _points(self, t: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Return what of a curve is drawn: a count in steps, on the axis of values."""
        t, y = thinned_to_limit(t, y)
        if self._heading.whole and len(t):
            t, y = np.repeat(t, 2)[1:], np.repeat(y, 2)[:-1]
        return t, self._on_axis(y)

    def _show_why_empty(self) -> None:
        """Say why there is no curve, or no value at the time on show."""
        value, drawn = self._now[1], self._on_axis(self._curve[1])
        reason = self._reason if self._measured else NOT_MEASURED
        if self._measured and not math.isnan(value):
            reason = NOT_POSITIVE if abs(value) < axis_scale.MAX_DRAWN else TOO_LARGE
        undefined = self._measured and not np.isfinite(self._on_axis(np.array(value)))
        self._empty_label.setText(reason)
        self._place_empty_label()
        self._empty_label.setVisible(bool(undefined or not np.isfinite(drawn).any()))

    def _show_legend(self, paired: bool) -> None:
        """Show the legend where there are two curves."""
        self._paired = paired
        self._show_theory()
        self._fit_tip()

    def _show_theory(self) -> None:
        """Show formula and source of theory, or why there is none if there is room."""
        line, about = self._theory.line_height, self._heading
        comfort = self.min_height(WRAPPED_LINES[about.has_source])
        most = min(int((self.height() - comfort) / line), MAX_LINES)
        low = self.area.widget.minimumHeight() / self.area.line_height
        one = self.height() - line >= self.min_height(max(LEAST_LINES, low))
        most = max(most, int(one))
        dashed = self._paired and bool(about.source)
        width = self.width() - 2 * SIDE_PX
        self._theory.show_heading(about, width, most, dashed=dashed)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Keep the text in the middle of an empty plot."""
        super().resizeEvent(event)
        self._place_empty_label()
        self._show_theory()
        self._fit_tip()

    def _fit_tip(self) -> None:
        """Elide the name of the partner first, as far as name and value leave room.

        Where they leave none there is no legend: they are never cut off.  What is said
        of theory has a line of its own, and its dashes are there.
        """
        least, crowded, below = 0, False, self._says_theory
        if below:
            parts = (self._name, self._value, self._solid, self._tip)
            taken = sum(part.sizeHint().width() for part in parts) + BESIDE_TIP_PX
            crowded = taken > self.width()
        elif self._heading.partner:
            others = (self._name, self._value, self._solid, self._dashed)
            taken = sum(part.sizeHint().width() for part in others)
            taken += self._partner_label.minimumSizeHint().width() + BESIDE_TIP_PX
            whole = self._tip.sizeHint().width()
            least = max(min(whole, self.width() - taken), 0)
            crowded = taken + self._tip.minimumSizeHint().width() > self.width()
        self._tip.setMinimumWidth(least)
        self._tip.setHidden(self._paired and crowded)
        self._solid.setVisible(self._paired and not crowded)
        for part in (self._dashed, self._partner_label):
            part.setVisible(self._paired and not crowded and not below)

    @property
    def _says_theory(self) -> bool:
        """Whether the line below the name says what the dashed curve is."""
        return bool(self._heading.source) and not self._theory.isHidden()

    def _place_empty_label(self) -> None:
        left = round(self.area.axis_width)  # clear of the numbers there
        self._empty_label.setGeometry(self.area.widget.rect().adjusted(left, 0, 0, 0))

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Follow changes of the font size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.area.set_font(font_sizes.small_font(self))


def _label(role: str) -> QLabel:
    out = QLabel()
    out.setProperty("role", role)
    return out
