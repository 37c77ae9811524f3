"""The line above the picture of a lane: its colour, what it differs in, its buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from app.theme.palette import LANE_DASHES
from app.widgets.elided_label import LinesLabel
from app.widgets.line_sample import LineSample

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent, QResizeEvent

    from app.theme.palette import Theme

BEHIND = "behind: its steps take longer"
STOPPED = "stopped"
PRESENTED_STRETCH = 100  # of a title, before the free room at the right
BOX_GAP_PX = 8
SPARE_PX = 24  # between the title and the buttons
MARGINS_PX = 120  # of the header, the sample, the other button and the gaps
NARROW_PX = 170  # of a header whose title needs the room of all buttons


class LaneHeader(QWidget):
    """Says which lane a picture is of; a click chooses the lane.

    Parameters
    ----------
    place : int
        The lane, counted from 0.
    """

    chosen = Signal(int)
    """The lane, to be edited from now on."""
    closed = Signal(int)
    """The lane, to be closed."""
    kept = Signal(int)
    """The lane, to be the only run."""

    def __init__(self, place: int, theme: Theme) -> None:
        super().__init__()
        self._place, self._presented = place, False
        self._sample = LineSample(LANE_DASHES[place])
        self._title = LinesLabel(role="lane")
        self._status = QLabel()
        self._status.setProperty("role", "small")
        self._keep = self._button("Only this", "Make this lane the only run")
        self._close = self._button("×", "Close this lane; the others go on")
        self._keep.clicked.connect(self._report_kept)
        self._close.clicked.connect(self._report_closed)
        self._box = box = QHBoxLayout(self)
        box.setContentsMargins(10, 3, 6, 3)
        box.setSpacing(BOX_GAP_PX)
        for part in (self._sample, self._title):
            box.addWidget(part)
        box.addStretch(1)
        for part in (self._status, self._keep, self._close):
            box.addWidget(part)
        self.setObjectName("laneheader")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.set_theme(theme)

    @staticmethod
    def _button(text: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.setProperty("role", "small")
        fixed = QSizePolicy.Policy.Fixed
        button.setSizePolicy(fixed, fixed)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    @property
    def title(self) -> str:
        """What is written: in what the lane differs from the others."""
        return self._title.text()

    def show_lane(self, title: str, note: str, *, chosen: bool) -> None:
        """Show what the lane differs in, and whether it is the one that is edited.

        `note` is more about it, for the tooltip.
        """
        self._title.setText(title)
        edited = "Settings edit this lane." if chosen else "Click to edit this lane."
        self.setToolTip(" ".join(filter(None, (title + ".", note, edited))))
        self.setAccessibleName(f"Lane {self._place + 1}: {title}")
        self._fit()
        if self.property("chosen") != chosen:
            self.setProperty("chosen", chosen)
            self.style().unpolish(self)
            self.style().polish(self)

    def show_status(self, *, behind: bool, failed: bool) -> None:
        """Say that the lane shows an earlier time than the others, or has ended."""
        text = STOPPED if failed else BEHIND if behind else ""
        if text != self._status.text():
            self._status.setText(text)
            self._status.setHidden(self._presented and not text)
            self._fit()

    def present(self, on: bool) -> None:
        """Show the title alone, large, as in a presentation; or all again."""
        self._presented = on
        self._title.setProperty("role", "lane-large" if on else "lane")
        self._title.style().polish(self._title)
        self._title.setWordWrap(on)
        self._box.setStretchFactor(self._title, PRESENTED_STRETCH if on else 0)
        across = QSizePolicy.Policy.Expanding if on else QSizePolicy.Policy.Maximum
        self._title.setSizePolicy(across, QSizePolicy.Policy.Preferred)
        self._status.setHidden(on and not self._status.text())
        self._fit()

    @property
    def status(self) -> str:
        """What is said of its pace."""
        return self._status.text()

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        self._sample.set_colour(theme.lanes[self._place])

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Leave the title room."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Hide buttons that the menu has too, where the title needs their room."""
        parts = (self._sample, self._title, self._status, self._keep, self._close)
        needed = sum(part.sizeHint().width() + BOX_GAP_PX for part in parts)
        margins = self._box.contentsMargins()
        needed += margins.left() + margins.right() + SPARE_PX
        room = self.width() > needed
        self._keep.setVisible(room and not self._presented)
        short = self._title.sizeHint().width() + MARGINS_PX < self.width()
        wide = short or self.width() > NARROW_PX
        self._close.setVisible(wide and not self._presented)
        least = self._wrapped_height() if self._presented else self._lines_height()
        self.setMinimumHeight(least)

    def _lines_height(self) -> int:
        """Return the height that the lines of a title need; 0 where one is enough."""
        margins = self._box.contentsMargins()
        shown = [p for p in (self._status, self._keep, self._close) if not p.isHidden()]
        beside = sum(p.sizeHint().width() + BOX_GAP_PX for p in (self._sample, *shown))
        beside += margins.left() + margins.right() + BOX_GAP_PX
        lines = self._title.lines(max(self.width() - beside, 1))
        if len(lines) == 1:
            return 0
        high = len(lines) * self._title.fontMetrics().height()
        return high + margins.top() + margins.bottom()

    def _wrapped_height(self) -> int:
        """Return the height that the lines of a title need in a presentation."""
        margins, gap = self._box.contentsMargins(), BOX_GAP_PX
        beside = margins.left() + margins.right() + self._sample.width() + 2 * gap
        lines = self._title.heightForWidth(max(self.width() - beside, 1))
        return lines + margins.top() + margins.bottom()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Choose the lane."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit(self._place)

    def _report_kept(self) -> None:
        self.kept.emit(self._place)

    def _report_closed(self) -> None:
        self.closed.emit(self._place)
