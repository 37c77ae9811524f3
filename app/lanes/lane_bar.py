"""The bar above several lanes: how far they are apart, and what edits are made in."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from app.annotations import number_format
from app.annotations.hat import split
from app.annotations.word_cosines import words_text
from app.lanes.twin_growth import TwinGrowth
from app.widgets.controls import SegmentedButtons
from app.widgets.elided_label import ElidedLabel
from app.widgets.throttle import Throttle
from sim.lanes import LaneDifference, difference, word_cosines

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QResizeEvent

    from sim.frame import Frame

EDIT_OPTIONS = (
    (False, "This lane", "Settings and tokens change in the chosen lane alone"),
    (True, "All lanes", "Settings and tokens change in every lane that has them"),
)
TIP = "Angles between the two places of each token, matched by its id"
WORDS_TIP = "Cosine of the states of each word that both sentences have"
MATCHED = "Angles between the two places of each token, matched by its id"
DECIMALS = 3
READOUTS_PER_S = 5.0  # numbers that change faster cannot be read
PADDING_PX = 28  # beside the texts of the two buttons
MARGINS_PX, SPACING_PX = (10, 3, 6, 3), 8  # of the bar, and between its parts
GAP = "   "  # between the parts of a difference
LEAST_READOUT = "mean angle 00.0°"  # with less room, the word before the buttons goes


class LaneBar(QWidget):
    """Shows how far the chosen lane is from the first, or the second from the first."""

    together_chosen = Signal(object)
    """Whether edits are made in every lane."""

    def __init__(self) -> None:
        super().__init__()
        self._growth = TwinGrowth()
        self._pair: tuple[Frame, Frame, int] | None = None
        self._throttle = Throttle(self, READOUTS_PER_S, self._write)
        self._readout = ElidedLabel(role="small")
        self._readout.setToolTip(TIP)
        self._parts: list[str] = []
        self._edit = label = QLabel("Edit")
        label.setProperty("role", "small")
        self._options = SegmentedButtons(EDIT_OPTIONS)
        self._options.chosen.connect(self.together_chosen)
        box = QHBoxLayout(self)
        box.setContentsMargins(*MARGINS_PX)
        box.setSpacing(SPACING_PX)
        box.addWidget(self._readout)
        box.addStretch(1)
        box.addWidget(label)
        box.addWidget(self._options)
        self.setObjectName("lanebar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._make_room()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Follow changes of the size of letters."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._make_room()

    def _make_room(self) -> None:
        """Keep the texts of the two buttons whole."""
        metrics = self._options.fontMetrics()
        texts = sum(metrics.horizontalAdvance(text) for _, text, _ in EDIT_OPTIONS)
        self._options.setMinimumWidth(texts + PADDING_PX)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Write as much of the difference as there is room for."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Leave out whole parts that have no room, and first what they are of."""
        metrics = self._readout.fontMetrics()
        left, _, right, _ = MARGINS_PX
        room = self.width() - left - right - 2 * SPACING_PX
        room -= max(self._options.sizeHint().width(), self._options.minimumWidth())
        beside = self._edit.sizeHint().width() + SPACING_PX
        spacious = room - beside >= metrics.horizontalAdvance(LEAST_READOUT)
        self._edit.setVisible(spacious)
        room -= beside if spacious else 0
        if self._parts:
            self._readout.setText(fitted(self._parts, metrics.horizontalAdvance, room))

    @property
    def text(self) -> str:
        """What there is to say of the difference, whether it has room or not."""
        return _whole(self._parts)

    def show_together(self, together: bool) -> None:
        """Show whether edits are made in every lane."""
        self._options.show_value(together)

    def show_difference(self, frames: Sequence[Frame], place: int) -> None:
        """Show how far the lane at `place` is from the first; the second, if it is."""
        other = place or 1
        self._pair = frames[0], frames[other], other
        self._throttle.schedule()

    def _write(self) -> None:
        if self._pair is None:
            return
        first, second, other = self._pair
        words = word_cosines(first, second)
        self._readout.setToolTip(TIP if words is None else WORDS_TIP)
        if words is not None:
            self._parts = [words_text(words)]
            self._fit()
            return
        found = difference(first, second)
        rate = self._growth.rate(first, second, found.mean_angle)
        parts = [*difference_parts(found), *rate_parts(rate)]
        self._parts = [f"Lane {other + 1} − lane 1:  ", *parts]
        self._fit()
        self._readout.setToolTip(f"{GAP.join(parts)}\n{MATCHED}")


def fitted(parts: Sequence[str], width: Callable[[str], float], room: float) -> str:
    """Return what is said of two lanes, and as many of its parts as have room.

    The first of `parts` says of which lanes; it goes first.
    """
    rest, whole = parts[1:], _whole(parts)
    if not rest or width(split(whole)[0]) <= room:
        return whole
    for k in range(len(rest), 1, -1):
        text = GAP.join(rest[:k])
        if width(split(text)[0]) <= room:
            return text
    return rest[0]


def _whole(parts: Sequence[str]) -> str:
    return parts[0] + GAP.join(parts[1:]) if parts else ""


def difference_parts(found: LaneDifference) -> list[str]:
    """Return a difference in words: angles of matched tokens, and of F̂."""
    if math.isnan(found.largest_angle):
        parts = ["no token in both"]
    else:
        parts = [
            f"mean angle {number_format.angle(found.mean_angle)}",
            f"largest {number_format.angle(found.largest_angle)}",
        ]
    if not math.isnan(found.f_hat):
        parts.append(f"ΔF̂ {number_format.signed(found.f_hat, DECIMALS)}")
    if found.left_out:
        tokens = "token" if found.left_out == 1 else "tokens"
        parts.append(f"{found.left_out} {tokens} left out")
    return parts


def rate_parts(rate: float) -> list[str]:
    """Return how fast twins part; nothing where that is not known."""
    if math.isnan(rate):
        return []
    return [f"growth λ = {number_format.fixed(rate, DECIMALS)}"]
