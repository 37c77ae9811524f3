"""The time of a run, with its changes and merges; click or drag to go there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QMenu, QSizePolicy, QToolTip, QWidget

from app.bars.place_marks import paint_places
from app.document.marks import Mark, near
from app.document.places import name_at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QAction, QContextMenuEvent, QMouseEvent, QPaintEvent

    from app.theme.palette import Theme

SIDE_MARGIN = 8.0  # pixels left and right of the groove
GROOVE, KNOB_RADIUS = 4.0, 7.0  # thickness and radius, pixels
NOTCH_SPAN = (10.0, 6.0)  # from and to, pixels above the groove
MIN_NOTCH_GAP = 3.0  # pixels between notches
MARK_OFFSET, MARK_RADIUS = 10.0, 4.5  # of a change below the groove, pixels
MARK_REACH = 7.0  # pixels within which the pointer is on a mark
DRAG_START = 5.0  # pixels after which a mark moves with the pointer
STEPS_PER_PIXEL = 2  # of the knob, so that it is not drawn anew for every frame
TIP = (
    "Click or drag to go to a time. Lines above are merges of clusters, diamonds below "
    "are changes: click to go there, drag to move, right-click to delete."
)


class Timeline(QWidget):
    """A slider over the time of a run, up to its end."""

    sought = Signal(float)
    """A time to go to."""
    mark_moved = Signal(object, float)
    """A `Mark`, and the time that its changes are to begin at."""
    mark_deleted = Signal(object)
    """A `Mark` whose changes are to be taken out."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._t = self._known = 0.0
        self._end = 1.0
        self._merges: Sequence[float] = ()
        self._marks: Sequence[Mark] = ()
        self._places: tuple[tuple[float, str], ...] = ()
        self._pressed: Mark | None = None
        self._moved_to: float | None = None
        self._menu: QMenu | None = None
        self.setMinimumSize(72, 32)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Timeline")
        self.setToolTip(TIP)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return a handy size."""
        return QSize(240, 32)

    def show_time(
        self, t: float, known: float, end: float, merges: Sequence[float]
    ) -> None:
        """Show `t`, in a past up to `known`, of a run up to `end`."""
        before = self._drawn()
        self._t, self._known, self._end = t, known, max(end, 1e-9)
        self._merges = merges
        if self._drawn() != before:
            self.update()

    def show_marks(self, marks: Sequence[Mark]) -> None:
        """Show the changes of the run."""
        self._marks = marks
        self.update()

    def show_places(self, places: tuple[tuple[float, str], ...]) -> None:
        """Show times that have names, such as half layers, with where each begins."""
        self._places = places
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw groove, past, notches and knob."""
        theme, y = self._theme, self.height() / 2
        at, known, *_ = self._drawn()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        self._bar(painter, SIDE_MARGIN, self._x(self._end), theme.line)
        if known > at:
            faded = QColor(theme.accent)
            faded.setAlphaF(0.4)
            self._bar(painter, at, known, faded)
        self._bar(painter, SIDE_MARGIN, at, theme.accent)
        paint_places(painter, self._places, self._x, y, theme)
        self._notches(painter, y)
        for mark in self._marks:
            self._diamond(painter, mark, y + MARK_OFFSET)
        painter.setPen(QPen(QColor(theme.panel), 2))
        painter.setBrush(QColor(theme.accent))
        painter.drawEllipse(QPointF(at, y), KNOB_RADIUS, KNOB_RADIUS)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Go to the time or the mark under the pointer."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self._pressed = self._mark_at(event.position())
        self._moved_to = None
        if self._pressed is not None:
            self.sought.emit(self._pressed.t)
        else:
            self._seek(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Drag the time or a mark."""
        if not event.buttons() & Qt.MouseButton.LeftButton:
            return
        mark = self._pressed
        if mark is None:
            self._seek(event)
            return
        away = abs(event.position().x() - self._x(mark.t))
        if self._moved_to is not None or away > DRAG_START:
            self._moved_to = self._time_at(event.position().x())
            self._say(event, f"{mark.text} at t = {self._moved_to:.2f}")
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Leave a mark where it was dragged to."""
        mark, t = self._pressed, self._moved_to
        self._pressed = self._moved_to = None
        if mark is not None and t is not None:
            self.mark_moved.emit(mark, t)
        self.update()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        """Offer to delete the mark under the pointer."""
        mark = self._mark_at(QPointF(event.pos()))
        if mark is None:
            return
        self._menu = QMenu(self)
        self._menu.addAction(f"Go to t = {mark.t:.2f}").setData((self.sought, mark.t))
        delete = self._menu.addAction(f"Delete “{mark.text}”")
        delete.setData((self.mark_deleted, mark))
        self._menu.triggered.connect(self._choose)
        self._menu.popup(event.globalPos())

    def _choose(self, action: QAction) -> None:
        signal, value = action.data()
        signal.emit(value)

    def event(self, event: QEvent) -> bool:
        """Say what the mark under the pointer is."""
        if isinstance(event, QHelpEvent):
            mark = self._mark_at(QPointF(event.pos()))
            text = self._tip(event) if mark is None else _description(mark)
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)

    def _tip(self, event: QHelpEvent) -> str:
        """Return what the time under the pointer is called, or what can be done."""
        t = self._time_at(event.pos().x())
        name = name_at(self._places, t)
        return f"t = {t:.2f}: {name}" if name else self.toolTip()

    def _mark_at(self, at: QPointF) -> Mark | None:
        """Return the mark under a point of the lower half, where marks are."""
        if at.y() < self.height() / 2 + GROOVE:
            return None
        return near(self._marks, self._time_at(at.x()), self._reach)

    @property
    def _reach(self) -> float:
        """The time that is as long as a mark is wide."""
        return MARK_REACH * self._end / max(self.width() - 2 * SIDE_MARGIN, 1)

    def _time_at(self, x: float) -> float:
        share = (x - SIDE_MARGIN) / max(self.width() - 2 * SIDE_MARGIN, 1)
        return min(max(share, 0.0), 1.0) * self._end

    def _seek(self, event: QMouseEvent) -> None:
        t = self._time_at(event.position().x())
        name = name_at(self._places, t)
        self._say(event, f"t = {t:.2f}: {name}" if name else f"t = {t:.2f}")
        self.sought.emit(t)

    def _say(self, event: QMouseEvent, text: str) -> None:
        QToolTip.showText(event.globalPosition().toPoint(), text, self)

    def _drawn(self) -> tuple[float, ...]:
        """Return where the knob and the end of the past are, and what else is drawn."""
        times = (self._t, max(self._known, self._t))
        places = (round(STEPS_PER_PIXEL * self._x(t)) / STEPS_PER_PIXEL for t in times)
        return (*places, self._end, *self._merges)

    def _x(self, t: float) -> float:
        share = min(max(t / self._end, 0.0), 1.0)
        return SIDE_MARGIN + share * (self.width() - 2 * SIDE_MARGIN)

    def _bar(
        self, painter: QPainter, left: float, right: float, colour: str | QColor
    ) -> None:
        painter.setBrush(QColor(colour))
        top = (self.height() - GROOVE) / 2
        box = QRectF(left, top, max(right - left, 0.0), GROOVE)
        painter.drawRoundedRect(box, GROOVE / 2, GROOVE / 2)

    def _notches(self, painter: QPainter, y: float) -> None:
        painter.setPen(QPen(QColor(self._theme.sky), 1.2))
        last = -MIN_NOTCH_GAP
        for t in self._merges:
            x = self._x(t)
            if x - last >= MIN_NOTCH_GAP:
                painter.drawLine(
                    QPointF(x, y - NOTCH_SPAN[0]), QPointF(x, y - NOTCH_SPAN[1])
                )
                last = x
        painter.setPen(Qt.PenStyle.NoPen)

    def _diamond(self, painter: QPainter, mark: Mark, y: float) -> None:
        """Draw a mark, with a line to the end of a drag."""
        dragged = mark is self._pressed and self._moved_to is not None
        by = (self._moved_to or 0.0) - mark.t if dragged else 0.0
        x, end, r = self._x(mark.t + by), self._x(mark.arrival + by), MARK_RADIUS
        painter.setBrush(QColor(self._theme.text))
        if end > x + 1:
            painter.drawRect(QRectF(x, y - 1, end - x, 2))
        corners = ((x, y - r), (x + r, y), (x, y + r), (x - r, y))
        painter.drawPolygon(QPolygonF([QPointF(*corner) for corner in corners]))


def _description(mark: Mark) -> str:
    if mark.arrival > mark.t:
        return f"{mark.text}, from t = {mark.t:.2f} to {mark.arrival:.2f}"
    return f"{mark.text} at t = {mark.t:.2f}"
