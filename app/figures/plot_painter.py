"""Draws a plot: axes with ticks and labels, curves, points, bars, legend."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPolygonF

from app.figures import marks, rich_text
from app.figures.parts import Bars, Curve, Points
from app.figures.rich_text import PT
from app.figures.style import (
    AXIS_PT,
    GAP_MM,
    MINOR_MM,
    MM,
    THIN_PT,
    TICK_MM,
    FigureStyle,
)
from app.figures.ticks import minor_ticks, ticks

if TYPE_CHECKING:
    from app.figures.figure import PlotPanel
    from app.figures.parts import Axis

TICK_SPACING_MM = (15.0, 7.0)  # along x and along y
MAX_HEIGHT_MM = 120.0
MIN_LABEL_PT = 5.0  # a label along a short axis is made smaller down to this


class PlotPainter:
    """One plot, placed: `inset` is what its numbers need on the left.

    `tall` is the height of its axes, in the place of the plot's own.
    """

    def __init__(
        self, plot: PlotPanel, style: FigureStyle, tall: float | None = None
    ) -> None:
        self._plot, self._style, self._tall = plot, style, tall
        self._box = QRectF()
        self._x, self._y = plot.x, plot.y

    @property
    def inset(self) -> float:
        """Room for the label and the numbers on the left.

        For any count of them: how many fit is known when the plot has its width, and
        0.25 is wider than 0.2.
        """
        s, axis = self._style, self._plot.y
        most = self._count(self._height(s.width))
        texts = [text for k in range(2, most + 1) for _, text in ticks(axis, k)]
        numbers = max((rich_text.width(t, s.small) for t in texts), default=0.0)
        label = rich_text.height(s.label) if axis.label else 0.0
        return label + numbers + (TICK_MM + 2 * GAP_MM) * MM

    def _height(self, width: float) -> float:
        if self._tall is not None:
            return self._tall
        return min(self._plot.height * width, MAX_HEIGHT_MM * MM)

    def _count(self, height: float) -> int:
        return max(2, int(height / MM / TICK_SPACING_MM[1]))

    @property
    def _head(self) -> float:
        legend = len(self._named) > 1 or self._plot.note
        marked = any(r.text and r.vertical for r in self._plot.rules)
        rows = len(self._legend_rows()) if legend else 0
        return self._style.line * (rows + marked) + self._style.small * PT / 2

    @property
    def around(self) -> float:
        """The height of what stands above and below the axes."""
        foot, s = TICK_MM * MM, self._style
        if self._plot.x.labelled:
            foot += GAP_MM * MM + s.line + rich_text.height(s.label)
        return self._head + foot

    @property
    def box(self) -> QRectF:
        """Where the axes were drawn."""
        return self._box

    @property
    def _named(self) -> list[Curve | Points | Bars]:
        return [part for part in self._plot.parts if part.name]

    def draw(self, p: QPainter, left: float, top: float, inset: float) -> float:
        """Draw with axes from `left` + `inset` on; return the height used."""
        s, plot = self._style, self._plot
        x_texts = ticks(plot.x, self._x_count(s.width - inset))
        last = rich_text.width(x_texts[-1][1], s.small) / 2 if x_texts else 0.0
        wide = s.width - left - inset - max(last, MM)
        tall = self._height(wide)
        self._box = QRectF(left + inset, top + self._head, wide, tall)
        self._fit_equal()
        self._draw_rules(p)
        for part in plot.parts:
            self._draw_part(p, part)
        self._draw_axes(p, left)
        self._draw_head(p, top)
        foot = self._draw_x_numbers(p) if plot.x.labelled else TICK_MM * MM
        return self._head + tall + foot

    def _x_count(self, wide: float) -> int:
        return max(2, int(wide / MM / TICK_SPACING_MM[0]))

    def _fit_equal(self) -> None:
        """Widen the span of x, or of y, so that a unit is as long on both axes."""
        if not self._plot.equal:
            return
        ratio = self._box.width() / self._box.height()
        across, up = ((b - a) / 2 for a, b in (self._x.span, self._y.span))
        self._x = _widened(self._x, max(across, up * ratio))
        self._y = _widened(self._y, max(up, across / ratio))

    def at_x(self, x: float) -> float:
        """Return the place of a value on the x axis."""
        return self._box.left() + _share(self._x, x) * self._box.width()

    def at_y(self, y: float) -> float:
        """Return the place of a value on the y axis."""
        return self._box.bottom() - _share(self._y, y) * self._box.height()

    def _draw_axes(self, p: QPainter, left: float) -> None:
        box, s = self._box, self._style
        p.setPen(marks.pen(self._style.theme.text, AXIS_PT))
        p.drawLine(box.bottomLeft(), box.bottomRight())
        p.drawLine(box.bottomLeft(), box.topLeft())
        found = ticks(self._y, self._count(box.height()))
        for value, text in found:
            y = self.at_y(value)
            self._tick(p, box.left(), y, -TICK_MM, 0)
            at = (box.left() - (TICK_MM + GAP_MM) * MM, y)
            rich_text.draw(p, text, at, s.small, s.theme.text, align=1.0)
        for value in minor_ticks(self._y):
            self._tick(p, box.left(), self.at_y(value), -MINOR_MM, 0)
        for value, _ in ticks(self._x, self._x_count(box.width())):
            self._tick(p, self.at_x(value), box.bottom(), 0, TICK_MM)
        size = s.label
        while rich_text.width(self._y.text, size) > box.height() + 2 * s.line:
            size -= 0.25
            if size < MIN_LABEL_PT:
                break
        at = (left + rich_text.height(s.label) / 2, box.center().y())
        rich_text.draw(p, self._y.text, at, size, s.theme.text, align=0.5, angle=-90)

    def _tick(self, p: QPainter, x: float, y: float, dx: float, dy: float) -> None:
        p.setPen(marks.pen(self._style.theme.text, AXIS_PT))
        p.drawLine(QPointF(x, y), QPointF(x + dx * MM, y + dy * MM))

    def _draw_x_numbers(self, p: QPainter) -> float:
        """Draw the numbers and the label below; return the height used."""
        s, box = self._style, self._box
        y = box.bottom() + (TICK_MM + GAP_MM) * MM + s.line / 2
        for value, text in ticks(self._x, self._x_count(box.width())):
            at = (self.at_x(value), y)
            rich_text.draw(p, text, at, s.small, s.theme.text, align=0.5)
        y += s.line / 2 + rich_text.height(s.label) / 2
        at = (box.center().x(), y)
        rich_text.draw(p, self._x.text, at, s.label, s.theme.text, align=0.5)
        return y + rich_text.height(s.label) / 2 - box.bottom()

    def _draw_rules(self, p: QPainter) -> None:
        """Draw lines across, each with its text where there is room above the plot."""
        box, s, end = self._box, self._style, -math.inf
        for rule in self._plot.rules:
            line = marks.pen(rule.colour, THIN_PT, dashed=rule.dashed)
            p.setPen(line)
            if not rule.vertical:
                y = self.at_y(rule.at)
                p.drawLine(QPointF(box.left(), y), QPointF(box.right(), y))
                at = (box.right(), y - s.line / 2)
                rich_text.draw(p, rule.text, at, s.small, rule.colour, align=1.0)
                continue
            x = self.at_x(rule.at)
            p.drawLine(QPointF(x, box.top()), QPointF(x, box.bottom()))
            wide = rich_text.width(rule.text, s.small)
            start = min(max(x - wide / 2, box.left()), s.width - wide)
            start = max(start, end) if end < x else start  # beside the one before
            if rule.text and start >= end and start + wide <= s.width:
                end = start + wide + 3 * GAP_MM * MM
                at = (start, box.top() - s.line / 2)
                rich_text.draw(p, rule.text, at, s.small, rule.colour)

    def _draw_part(self, p: QPainter, part: Curve | Points | Bars) -> None:
        if isinstance(part, Bars):
            self._draw_bars(p, part)
        elif isinstance(part, Points):
            marks.draw_points(p, part, self.at_x, self.at_y, self._style, self._box)
        else:
            p.save()
            edge = part.width * PT  # a line along an end is drawn whole
            inside = self._box.adjusted(-edge, -edge, edge, edge)
            p.setClipRect(inside, Qt.ClipOperation.IntersectClip)
            for x, y in marks.pieces(part):
                p.setPen(marks.pen(part.colour, part.width, dashed=part.dashed))
                p.setBrush(Qt.BrushStyle.NoBrush)
                corners = zip(x.tolist(), y.tolist(), strict=True)
                places = [QPointF(self.at_x(a), self.at_y(b)) for a, b in corners]
                p.drawPolyline(QPolygonF(places))
            p.restore()

    def _draw_bars(self, p: QPainter, bars: Bars) -> None:
        ink, foot = QColor(bars.colour), self._box.bottom()
        p.setPen(
            marks.pen(bars.colour, AXIS_PT) if bars.outlined else Qt.PenStyle.NoPen
        )
        p.setBrush(Qt.BrushStyle.NoBrush if bars.outlined else ink)
        sides = (bars.left.tolist(), bars.right.tolist(), bars.height.tolist())
        for left, right, tall in zip(*sides, strict=True):
            top = self.at_y(max(tall, self._y.span[0]))
            if top < foot:
                a, b = self.at_x(left), self.at_x(right)
                p.drawRect(QRectF(a, top, b - a, foot - top))

    def _legend_rows(self) -> list[list[Curve | Points | Bars]]:
        """Return the entries of the legend in the lines that they need."""
        s, rows = self._style, [list[Curve | Points | Bars]()]
        room = s.width * 0.85 - rich_text.width(self._plot.note, s.small)
        used = 0.0
        for part in self._named if len(self._named) > 1 else []:
            wide = marks.entry_width(part.name, s)
            if rows[-1] and used + wide > room:
                rows.append([])
                used = 0.0
            rows[-1].append(part)
            used += wide
        return rows

    def _draw_head(self, p: QPainter, top: float) -> None:
        """Draw the note on the left and the legend on the right."""
        s, box = self._style, self._box
        y = top + s.line / 2
        if self._plot.note:
            at = (box.left(), y)
            rich_text.draw(p, self._plot.note, at, s.small, s.theme.muted)
        for row in self._legend_rows() if len(self._named) > 1 else []:
            x = box.right() - sum(marks.entry_width(part.name, s) for part in row)
            for part in row:
                marks.draw_entry(p, part, x, y, s)
                x += marks.entry_width(part.name, s)
            y += s.line


def _widened(axis: Axis, half: float) -> Axis:
    """Return an axis whose span has another half, and the same middle."""
    middle = sum(axis.span) / 2
    return marks.with_span(axis, (middle - half, middle + half))


def _share(axis: Axis, value: float) -> float:
    low, high = axis.span
    if axis.log:
        return math.log(value / low) / math.log(high / low)
    return (value - low) / (high - low)
