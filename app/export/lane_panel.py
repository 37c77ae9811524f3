"""What is said of several lanes beside their globes: words, curves and numbers."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from app.annotations.caption_text import title
from app.annotations.lane_pen import lane_pen
from app.annotations.number_format import fixed
from app.export.curve_plot import HEADING_PX
from app.export.lane_curve import LaneCurve
from app.export.lane_words import WIDEST_DIFFERENCE, lane_lines, whole_parts
from app.export.layout import GAP
from app.export.lettering import (
    FormulaPainter,
    fitting_size,
    title_lines,
    untitled,
    width,
    wrapped,
    write,
    write_title,
)
from app.theme import formulas

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.export.curve_axis import CurveAxis
    from app.export.lane_layout import LanePlaces
    from app.export.narrative import Narrative
    from app.theme.palette import Theme
    from sim.frame import Frame
    from sim.lanes import Comparison
    from sim.scenario import Scenario

# Pixels of the design.
TITLE_PX, MIN_TITLE_PX, NOTE_PX, TIME_PX = 26.0, 16.0, 16.0, 26.0
LANE_PX, MIN_LANE_PX = 19.0, 14.0
NUMBER_PX, MIN_NUMBER_PX = 15.0, 13.0
SMALL_PX, MIN_SMALL_PX = 14.0, 12.0
LINE_HEIGHT = 1.42  # of text
FORMULA_GAP = 12.0
FORMULA_SCALE, MIN_FORMULA_SCALE = 1.15, 0.55
SAMPLE_PX, SAMPLE_WIDTH_PX, SAMPLE_GAP = 34.0, 3.5, 12.0  # of a lane's line
PROGRAM, WIDEST_TIME = "Attention Orrery", "t = 000.00  "
OWN_STARTS = "lanes with starts of their own"


class LanePanel:
    """Paints all but the globes of a picture of several lanes.

    Parameters
    ----------
    places : LanePlaces
        Where its parts are.
    comparison : Comparison
        The lanes.
    theme : Theme
        Colours.
    ratio : float
        Pixels of the picture for one of the design.
    """

    def __init__(
        self, places: LanePlaces, comparison: Comparison, theme: Theme, ratio: float
    ) -> None:
        self._places, self._comparison = places, comparison
        self._theme, self._ratio = theme, ratio
        self.titles = [
            text or f"lane {k}" for k, text in enumerate(comparison.titles, 1)
        ]
        self._curves: list[LaneCurve] = []
        self._kind = ""
        self._formula = FormulaPainter()
        self._still = QImage()  # what hardly ever changes
        self._known: object = None
        self._written: tuple[str, ...] = ()  # of the notes

    def plot(
        self, axis: CurveAxis, span: tuple[float, float], narratives: list[Narrative]
    ) -> None:
        """Draw curves on this axis, between these times."""
        place = (self._places.curve, axis, span)
        self._kind = axis.kind
        self._curves = [
            LaneCurve(*place, one.marks, self._theme, self._ratio, k)
            for k, one in enumerate(narratives)
        ]

    def prepend(self, lane: int, values: list[tuple[float, float]]) -> None:
        """Draw a curve through these times and values, before the first picture."""
        for t, value in values:
            self._curves[lane].add(t, value)

    def paint(
        self, painter: QPainter, frames: Sequence[Frame], notes: tuple[str, ...] = ()
    ) -> tuple[str, ...]:
        """Paint the panel at the moment of `frames`, one of each lane.

        `notes` are what is to be known of all of their globes; returns them where there
        is room for all, and none otherwise.
        """
        scenarios = tuple(frame.scenario for frame in frames)
        if (scenarios, notes) != self._known:
            self._known = scenarios, notes
            self._written = self._paint_still(scenarios, notes)
        panel = self._places.panel
        painter.drawImage(panel.topLeft(), self._still)
        for curve, frame in zip(self._curves, frames, strict=False):
            curve.add(frame.t, frame.measures.get(self._kind, math.nan))
            curve.paint_curve(painter)
        self._paint_time(painter, frames[0])
        for k, (place, frame) in enumerate(
            zip(self._places.readouts, frames, strict=True)
        ):
            self._paint_numbers(painter, place, k, frame, frames[0])
        return self._written

    def heading_size(self, lane: int, room: float) -> tuple[float, float]:
        """Return the width of a lane's title with its sample, and its height."""
        before = SAMPLE_PX + SAMPLE_GAP
        px, lines = title_lines(self.titles[lane], LANE_PX, MIN_LANE_PX, room - before)
        wide = max(width(line, px, strong=True) for line in lines)
        return before + wide, LANE_PX + (len(lines) - 1) * LINE_HEIGHT * px

    def paint_heading(
        self, painter: QPainter, at: QPointF, lane: int, room: float
    ) -> float:
        """Write the title of a lane after a sample of its line, from a baseline.

        Returns the height of its lines after the first.
        """
        left = room - SAMPLE_PX - SAMPLE_GAP
        px, lines = title_lines(self.titles[lane], LANE_PX, MIN_LANE_PX, left)
        painter.setPen(lane_pen(self._theme, lane, SAMPLE_WIDTH_PX))
        y = at.y() - 0.36 * px
        painter.drawLine(QPointF(at.x(), y), QPointF(at.x() + SAMPLE_PX, y))
        place = QPointF(at.x() + SAMPLE_PX + SAMPLE_GAP, at.y())
        style = {"colour": self._theme.text, "room": left}
        return write_title(painter, place, lines, px, **style)

    def _paint_numbers(
        self, painter: QPainter, box: QRectF, lane: int, frame: Frame, first: Frame
    ) -> None:
        """Write the title of a lane, its numbers, and how far it is from the first."""
        y = box.top() + LANE_PX
        y += self.paint_heading(painter, QPointF(box.left(), y), lane, box.width())
        ink, room = self._theme.muted, box.width()
        px = fitting_size(WIDEST_DIFFERENCE, NUMBER_PX, MIN_NUMBER_PX, room)
        high, last = LINE_HEIGHT * px, box.bottom()
        for text in lane_lines(lane, frame, first):
            _, lines = title_lines(text, px, px, room)
            if y + len(lines) * high > last:
                lines = (whole_parts(text, partial(width, px=px), room),)
            for line in lines:
                if (y := y + high) > last:
                    return
                write(painter, QPointF(box.left(), y), line, px, ink, room=room)

    def _paint_time(self, painter: QPainter, frame: Frame) -> None:
        words, theme = self._places.words, self._theme
        place = frame.scenario.dynamics.time_name(frame.t)
        at = QPointF(words.left(), words.bottom() - 4)
        time = f"t = {fixed(frame.t, 2)}"
        write(painter, at, time, TIME_PX, theme.text, strong=True)
        beside = at + QPointF(width(WIDEST_TIME, TIME_PX), 0)
        write(painter, beside, place, NOTE_PX, theme.muted)
        right = QPointF(words.right(), words.bottom() - 4)
        if not place and words.width() > 2 * width(PROGRAM, NOTE_PX):
            write(painter, right, PROGRAM, NOTE_PX, theme.muted, right=True)

    def _paint_still(
        self, scenarios: Sequence[Scenario], notes: tuple[str, ...]
    ) -> tuple[str, ...]:
        """Paint the ground, the words and the axes; return the notes that are there."""
        panel, ratio = self._places.panel, self._ratio
        w, h = math.ceil(panel.width() * ratio), math.ceil(panel.height() * ratio)
        self._still = QImage(w, h, QImage.Format.Format_RGB32)
        self._still.setDevicePixelRatio(ratio)
        self._still.fill(QColor(self._theme.canvas))
        painter = QPainter(self._still)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.translate(-panel.topLeft())
            rooms = self._paint_words(painter, scenarios)
            if self._curves:
                self._curves[0].paint_axes(painter)
            return notes if self._paint_notes(painter, rooms, notes) else ()
        finally:
            painter.end()

    def _paint_words(
        self, painter: QPainter, scenarios: Sequence[Scenario]
    ) -> tuple[QRectF, QRectF]:
        """Write title and formula; return the rooms that are left below and beside."""
        box, theme, run = self._places.words, self._theme, scenarios[0]
        name, x, room = title(run), box.left(), box.width()
        px, lines = title_lines(name, TITLE_PX, MIN_TITLE_PX, room)
        y, end = box.top() + HEADING_PX, box.bottom() - TIME_PX - 10
        wide = max(width(line, px, strong=True) for line in lines)
        style = {"colour": theme.text, "room": room}
        y += write_title(painter, QPointF(x, y), lines, px, **style)
        described = title(untitled(run))
        words = [] if described == name else [described]
        if not self._comparison.shares_start:
            words.append(OWN_STARTS)
        for note in words:
            px = fitting_size(note, NOTE_PX, MIN_NUMBER_PX, room)
            wide = max(wide, width(note, px))
            if (y := y + LINE_HEIGHT * NOTE_PX) < end:
                write(painter, QPointF(x, y), note, px, theme.muted, room=room)
        y += FORMULA_GAP
        if shares_formula(scenarios):
            place = QRectF(x, y, room, end - y)
            w, h = paint_formula(painter, self._formula, run, place, theme)
            wide, y = max(wide, w), y + h
        left, last = x + wide + 2 * GAP, box.bottom() - LINE_HEIGHT * NOTE_PX
        beside = QRectF(left, box.top(), box.right() - left, last - box.top())
        return QRectF(x, y, room, end - y), beside

    def _paint_notes(
        self, painter: QPainter, rooms: Sequence[QRectF], notes: tuple[str, ...]
    ) -> bool:
        """Write notes into a room that holds all of them; return whether any does."""
        sizes = [(box, px) for px in (SMALL_PX, MIN_SMALL_PX) for box in rooms]
        for box, px in sizes:
            lines = [line for note in notes for line in wrapped(note, px, box.width())]
            high, wide = LINE_HEIGHT * px, max((width(t, px) for t in lines), default=0)
            if len(lines) * high > box.height() or wide > box.width():
                continue
            for k, line in enumerate(lines, 1):
                at = box.topLeft() + QPointF(0, k * high)
                write(painter, at, line, px, self._theme.muted)
            return True
        return False


def shares_formula(scenarios: Sequence[Scenario]) -> bool:
    """Whether all have the same equation of motion."""
    return len({formulas.equation(scenario) for scenario in scenarios}) == 1


def paint_formula(
    painter: QPainter,
    formula: FormulaPainter,
    scenario: Scenario,
    box: QRectF,
    theme: Theme,
) -> tuple[float, float]:
    """Paint the formula of a law at the top of a box; return its width and height.

    Where it would be too small to read it is left out.
    """
    w, h = formula.size(scenario, theme.text)
    if not w or box.height() <= 0:
        return 0.0, 0.0
    scale = min(FORMULA_SCALE, box.width() / w, box.height() / h)
    if scale < MIN_FORMULA_SCALE:
        return 0.0, 0.0
    formula.paint(painter, QRectF(box.left(), box.top(), w * scale, h * scale))
    return w * scale, h * scale
