"""Samples of the lines of lanes, beside what is said of theory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.plots.lane_curves import curve_pen, theory_pen

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from app.theme.palette import Theme

LENGTH_PX, GAP_PX = 16, 4


class LaneSamples(QWidget):
    """A short line for each of some lanes: of its curve, or of its theory."""

    def __init__(self) -> None:
        super().__init__()
        self._theme: Theme | None = None
        self._places: tuple[int, ...] = ()
        self._dashed = False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        self._theme = theme
        self.update()

    def show_lanes(self, places: tuple[int, ...], *, dashed: bool) -> None:
        """Show lanes, counted from 0: the dashes of theory, or curves as measured."""
        if (places, dashed) != (self._places, self._dashed):
            self._places, self._dashed = places, dashed
            self.updateGeometry()
            self.update()
        self.setVisible(bool(places))

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return room for the lines."""
        count = len(self._places)
        return QSize(count * (LENGTH_PX + GAP_PX) - GAP_PX if count else 0, 8)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw the lines side by side."""
        if self._theme is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen, middle = theory_pen if self._dashed else curve_pen, self.height() / 2
        for k, lane in enumerate(self._places):
            left = k * (LENGTH_PX + GAP_PX)
            painter.setPen(pen(self._theme, lane))
            painter.drawLine(QLineF(left, middle, left + LENGTH_PX, middle))
        painter.end()
