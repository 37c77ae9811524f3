"""Recorded time, with merges as notches; drag to look back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QMouseEvent, QPaintEvent

    from app.theme.palette import Theme

SIDE_MARGIN = 8.0  # pixels left and right of the groove
GROOVE, KNOB_RADIUS = 4.0, 7.0  # thickness and radius, pixels
NOTCH_SPAN = (10.0, 6.0)  # from and to, pixels above the groove
MIN_NOTCH_GAP = 3.0  # pixels between notches


class Timeline(QWidget):
    """A slider over the frames of the past, up to the end of the run."""

    sought = Signal(float)
    """A time to look at."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._t = self._known = 0.0
        self._end = 1.0
        self._merges: Sequence[float] = ()
        self.setMinimumSize(72, 32)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Timeline")
        self.setToolTip("Drag to look back. Notches are merges of clusters.")
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
        self._t, self._known, self._end = t, known, max(end, 1e-9)
        self._merges = merges
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw groove, past, notches and knob."""
        theme, y, at = self._theme, self.height() / 2, self._x(self._t)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        self._bar(painter, SIDE_MARGIN, self._x(self._end), theme.line)
        if self._known > self._t:
            faded = QColor(theme.accent)
            faded.setAlphaF(0.4)
            self._bar(painter, at, self._x(self._known), faded)
        self._bar(painter, SIDE_MARGIN, at, theme.accent)
        self._notches(painter, y)
        painter.setPen(QPen(QColor(theme.panel), 2))
        painter.setBrush(QColor(theme.accent))
        painter.drawEllipse(QPointF(at, y), KNOB_RADIUS, KNOB_RADIUS)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Look at the time under the pointer."""
        self._seek(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Drag."""
        self._seek(event)

    def _seek(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            along = (event.position().x() - SIDE_MARGIN) / max(
                self.width() - 2 * SIDE_MARGIN, 1
            )
            t = min(max(along, 0.0) * self._end, self._known)
            QToolTip.showText(event.globalPosition().toPoint(), f"t = {t:.2f}", self)
            self.sought.emit(t)

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
