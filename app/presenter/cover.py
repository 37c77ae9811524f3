"""What covers a presentation: black, a spotlight, or the dot of a pointer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QCursor, QPainter, QPainterPath

from app.presenter import lettering
from app.widgets.covering import Covering

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QWidget

CoverMode = Literal["", "blank", "spotlight", "pointer"]

FOLLOW_MS = 16  # between looks at where the mouse is
SPOT_UNITS, DOT_UNITS = 4.6, 0.42  # radii
HALO = 2.2  # radii of the dot, of the light around it
DARKNESS = 0.78  # beside a spotlight
DOT = "#FF2A2A"  # of a laser
BLACK = "#000000"


class Cover(Covering):
    """Lies over a widget and lets the mouse through.

    Parameters
    ----------
    over : QWidget
        What it covers.
    """

    moved = Signal(object)
    """Where the mouse is, as shares of width and height: a `QPointF`."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._at = QPointF(0.5, 0.5)
        self.mode: CoverMode = ""
        self._timer = QTimer(self)
        self._timer.setInterval(FOLLOW_MS)
        self._timer.timeout.connect(self._follow)

    def show_mode(self, mode: CoverMode, *, follow: bool = True) -> None:
        """Cover with black, a spotlight or a dot, or with nothing.

        With `follow` both go with the mouse; else with `point`.
        """
        self.mode = mode
        self._timer.stop()
        if mode in ("spotlight", "pointer") and follow:
            self._timer.start()
            self._follow()
        self.cover(bool(mode))
        self.update()

    def point(self, at: QPointF) -> None:
        """Move light or dot to a place, as shares of width and height."""
        if at != self._at:
            self._at = at
            self.update()

    def _follow(self) -> None:
        here = self.over.mapFromGlobal(QCursor.pos())
        w, h = max(self.over.width(), 1), max(self.over.height(), 1)
        at = QPointF(here.x() / w, here.y() / h)
        if at != self._at:
            self.point(at)
            self.moved.emit(at)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint black, or dark around the light, or the dot."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        u = lettering.unit(self.window().height())
        at = QPointF(self._at.x() * self.width(), self._at.y() * self.height())
        if self.mode == "blank":
            painter.fillRect(self.rect(), QColor(BLACK))
        elif self.mode == "spotlight":
            dark, path = QColor(BLACK), QPainterPath()
            dark.setAlphaF(DARKNESS)
            path.addRect(self.rect())
            path.addEllipse(at, SPOT_UNITS * u, SPOT_UNITS * u)
            painter.fillPath(path, dark)
        elif self.mode == "pointer":
            painter.setPen(Qt.PenStyle.NoPen)
            for radius, alpha in ((HALO, 0.25), (1.5, 0.4), (1.0, 1.0)):
                colour = QColor(DOT)
                colour.setAlphaF(alpha)
                painter.setBrush(colour)
                painter.drawEllipse(at, radius * DOT_UNITS * u, radius * DOT_UNITS * u)
        painter.end()
