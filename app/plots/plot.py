"""One measure against time: its name, its value now, and the curve."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.annotations import number_format
from app.plots.plot_area import DASHES, Pane
from app.plots.trace import Trace
from app.widgets import axis_scale, font_sizes
from app.widgets.elided_label import ElidedLabel
from app.widgets.hat_label import HatLabel
from app.widgets.line_sample import LineSample

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from app.theme.palette import Theme

ABOVE = 4  # pixels above the heading
UNHEARD = "not measured yet"  # as before the first frame that was asked for it
POINTS = 512  # drawn: about two a pixel; more cost time and show nothing


@dataclass(frozen=True)
class Heading:
    """What stands over a plot.

    Attributes
    ----------
    name, tip : str
        The measure, and a word on it in small type.
    formula : str
        The tooltip.
    whole : bool
        Whether the measure counts something: drawn as steps.
    partner : str
        What the dashed curve is, if there is one.
    finest : float
        Values below are rounding: told as zero.
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
        self._other = ElidedLabel(role="small")
        self._value, self._none = _label("value"), _label("small")
        self.pane = Pane(self)
        self._none.setParent(self.pane.widget)
        self._none.setAlignment(Qt.AlignmentFlag.AlignCenter)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._name)
        for pair in ((self._solid, self._tip), (self._dashed, self._other)):
            key = QHBoxLayout()
            key.setSpacing(4)
            for part in pair:
                key.addWidget(part)
            head.addLayout(key)
        head.addStretch(1)
        head.addWidget(self._value)
        box = QVBoxLayout(self)
        box.setContentsMargins(12, ABOVE, 12, 0)
        box.setSpacing(0)
        box.addLayout(head)
        box.addWidget(self.pane.widget, 1)
        self.clear()
        self._pair(False)
        self.pane.letter(font_sizes.small_font(self))
        self.set_theme(theme, colour)

    @property
    def value(self) -> str:
        """The value as it is told."""
        return self._value.text()

    @property
    def excuse(self) -> str:
        """Why there is no curve, if there is none."""
        return "" if self._none.isHidden() else self._none.text()

    def set_theme(self, theme: Theme, colour: str) -> None:
        """Take the colours of `theme`, and `colour` for the curve."""
        self.pane.set_theme(theme, colour)
        self._solid.set_colour(colour)
        self._dashed.set_colour(theme.text)

    def entitle(self, heading: Heading, reason: str) -> None:
        """Say what is plotted, and why it may have no meaning here."""
        self._reason = reason
        if heading == self._heading:
            return
        self._heading = heading
        self._name.set_text(heading.name)
        self._tip.setText(heading.tip)
        self._other.setText(heading.partner)
        whole = self._tip.sizeHint().width() if heading.partner else 0
        self._tip.setMinimumWidth(whole)  # the formula gives way first
        self.setToolTip(heading.formula)
        self.setAccessibleName(f"{heading.name} against time")

    def clear(self) -> None:
        """Start over."""
        self.trace.clear()
        self.partner.clear()
        self._span, self._least = (0.0, 1.0), math.inf
        self._now, self._heard = (0.0, math.nan), False

    def push(self, t: float, y: float) -> None:
        """Add the value `y` at time `t`; NaN where it has no meaning."""
        empty, self._heard = self.trace.last is None, True
        self.trace.push(t, y if abs(y) < axis_scale.MAX_DRAWN else math.nan)
        self._now = (t, y)
        self._hold(y, empty=empty)

    def compare(self, t: float, y: float) -> None:
        """Add the value `y` of the partner at time `t`, after `push`."""
        self.partner.push(t, y if abs(y) < axis_scale.MAX_DRAWN else math.nan)
        self._hold(y, empty=False)

    def least(self, lines: float) -> float:
        """Return the pixels that a curve of so many lines of small letters needs."""
        head = max(part.sizeHint().height() for part in (self._name, self._value))
        return head + ABOVE + lines * self.pane.line

    def truncate(self, t: float) -> None:
        """Forget what was from time `t` on."""
        self.trace.truncate(t)
        self.partner.truncate(t)

    def cut(self, t: float) -> None:
        """Break the curves at time `t`."""
        self.trace.cut(t)
        self.partner.cut(t)

    def _hold(self, y: float, *, empty: bool) -> None:
        """Make the range hold `y`, the first value if it was `empty`."""
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

    def look_back(self, t: float, y: float) -> None:
        """Show the past moment `t` without forgetting what came after it."""
        self._now = (t, y)

    def draw(self, marks: tuple[float, ...], end: float) -> None:
        """Draw all; `marks` are times of changes, the axis ends at time `end`."""
        t, y = self.trace.points(POINTS)
        if self._heading.whole and len(t):
            t, y = np.repeat(t, 2)[1:], np.repeat(y, 2)[:-1]
        whole, finest = self._heading.whole, self._heading.finest
        top = max(abs(v) for v in self._span)
        now = 0.0 if abs(self._now[1]) < finest else self._now[1]
        self._value.setText(number_format.plot_value(now, top, whole or not now))
        self.pane.fit(end, self._span, (whole, finest))
        self.pane.partner(*self.partner.points(POINTS))
        paired = self.partner.last is not None
        self.pane.curve(t, y, washed=not paired)
        self._pair(paired)
        self.pane.marks(marks)
        self.pane.now(*self._now)
        self._none.setText(self._reason if self._heard else UNHEARD)
        self._none.setVisible(self.trace.last is None)

    def _pair(self, paired: bool) -> None:
        """Show the signs of two curves where there are two."""
        for part in (self._solid, self._dashed, self._other):
            part.setVisible(paired)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Keep the excuse in the middle of the empty plot."""
        super().resizeEvent(event)
        self._none.setGeometry(self.pane.widget.rect())

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Write in the program's letters, also when their size changes."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.pane.letter(font_sizes.small_font(self))


def _label(role: str) -> QLabel:
    out = QLabel()
    out.setProperty("role", role)
    return out
