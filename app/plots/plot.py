"""One observable against time: its name, its value now, and the curve."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.annotations import number_format
from app.plots.plot_area import DASHES, PlotArea
from app.plots.trace import Trace
from app.widgets import axis_scale, font_sizes
from app.widgets.elided_label import ElidedLabel
from app.widgets.hat_label import HatLabel
from app.widgets.line_sample import LineSample

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from app.theme.palette import Theme

TOP_MARGIN_PX = 4  # above the heading
NOT_MEASURED = "not measured yet"  # before the first frame that was requested with it
MAX_POINTS = 512  # about two per pixel; more cost time and show nothing


@dataclass(frozen=True)
class Heading:
    """The heading of a plot.

    Attributes
    ----------
    name, tip : str
        The observable, and a short comment in small type.
    formula : str
        The tooltip.
    whole : bool
        Whether the observable counts something: drawn as steps.
    partner : str
        The name of the dashed curve, if there is one.
    finest : float
        Values below are rounding errors, shown as zero.
    """

    name: str
    tip: str = ""
    formula: str = ""
    whole: bool = False
    partner: str = ""
    finest: float = 0.0


class Plot(QWidget):
    """A curve that grows to the right."""

    def __init__(self, theme: Theme, colour: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.trace, self.partner = Trace(), Trace()
        self._heading, self._reason = Heading(""), ""
        self._name, self._tip = HatLabel("title"), ElidedLabel(role="small")
        self._solid, self._dashed = LineSample(), LineSample(DASHES)
        self._partner_label = ElidedLabel(role="small")
        self._value, self._empty_label = _label("value"), _label("small")
        self.area = PlotArea(self)
        self._empty_label.setParent(self.area.widget)
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
        box.setContentsMargins(12, TOP_MARGIN_PX, 12, 0)
        box.setSpacing(0)
        box.addLayout(head)
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

    def set_theme(self, theme: Theme, colour: str) -> None:
        """Take the colours of `theme`, and `colour` for the curve."""
        self.area.set_theme(theme, colour)
        self._solid.set_colour(colour)
        self._dashed.set_colour(theme.text)

    def set_heading(self, heading: Heading, reason: str) -> None:
        """Set what is plotted, and why it may be undefined here."""
        self._reason = reason
        if heading == self._heading:
            return
        self._heading = heading
        self._name.set_text(heading.name)
        self._tip.setText(heading.tip)
        self._partner_label.setText(heading.partner)
        whole = self._tip.sizeHint().width() if heading.partner else 0
        self._tip.setMinimumWidth(whole)  # the name of the partner is elided first
        self.setToolTip(heading.formula)
        self.setAccessibleName(f"{heading.name} against time")

    def clear(self) -> None:
        """Forget all values."""
        self.trace.clear()
        self.partner.clear()
        self._span, self._least = (0.0, 1.0), math.inf
        self._now, self._measured = (0.0, math.nan), False

    def push(self, t: float, y: float) -> None:
        """Add the value `y` at time `t`; NaN where it is undefined."""
        empty, self._measured = self.trace.last is None, True
        self.trace.push(t, y if abs(y) < axis_scale.MAX_DRAWN else math.nan)
        self._now = (t, y)
        self._grow_range(y, empty=empty)

    def push_partner(self, t: float, y: float) -> None:
        """Add the value `y` of the dashed curve at time `t`, after `push`."""
        self.partner.push(t, y if abs(y) < axis_scale.MAX_DRAWN else math.nan)
        self._grow_range(y, empty=False)

    def min_height(self, lines: float) -> float:
        """Return the pixels needed if the curve is as high as so many lines of text."""
        head = max(part.sizeHint().height() for part in (self._name, self._value))
        return head + TOP_MARGIN_PX + lines * self.area.line_height

    def truncate(self, t: float) -> None:
        """Forget the values from time `t` on."""
        self.trace.truncate(t)
        self.partner.truncate(t)

    def break_at(self, t: float) -> None:
        """Break the curves at time `t`."""
        self.trace.break_at(t)
        self.partner.break_at(t)

    def _grow_range(self, y: float, *, empty: bool) -> None:
        """Grow the range so that it holds `y`, the first value if `empty`."""
        if not abs(y) < axis_scale.MAX_DRAWN:
            return
        self._least = min(self._least, y)
        least = max(axis_scale.MIN_FIRST_RANGE, self._heading.finest)
        low, high = (
            axis_scale.first_range(y, self._heading.whole, least)
            if empty
            else self._span
        )
        low, high = axis_scale.grown_range(low, high, y)
        if self._least >= 0:
            low = max(low, -axis_scale.PADDING * high)
        self._span = low, high

    def show_past(self, t: float, y: float) -> None:
        """Show the past time `t` without forgetting the values after it."""
        self._now = (t, y)

    def draw(self, changes: tuple[float, ...], end: float) -> None:
        """Draw all, with markers at times of `changes` and an axis up to time `end`."""
        t, y = self.trace.points(MAX_POINTS)
        if self._heading.whole and len(t):
            t, y = np.repeat(t, 2)[1:], np.repeat(y, 2)[:-1]
        whole, finest = self._heading.whole, self._heading.finest
        top = max(abs(v) for v in self._span)
        now = 0.0 if abs(self._now[1]) < finest else self._now[1]
        self._value.setText(number_format.plot_value(now, top, whole or not now))
        self.area.set_range(end, self._span, (whole, finest))
        self.area.draw_partner(*self.partner.points(MAX_POINTS))
        paired = self.partner.last is not None
        self.area.draw_curve(t, y, filled=not paired)
        self._show_legend(paired)
        self.area.draw_markers(changes)
        self.area.draw_present(*self._now)
        self._empty_label.setText(self._reason if self._measured else NOT_MEASURED)
        self._empty_label.setVisible(self.trace.last is None)

    def _show_legend(self, paired: bool) -> None:
        """Show the legend where there are two curves."""
        for part in (self._solid, self._dashed, self._partner_label):
            part.setVisible(paired)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Keep the text in the middle of an empty plot."""
        super().resizeEvent(event)
        self._empty_label.setGeometry(self.area.widget.rect())

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Follow changes of the font size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.area.set_font(font_sizes.small_font(self))


def _label(role: str) -> QLabel:
    out = QLabel()
    out.setProperty("role", role)
    return out
