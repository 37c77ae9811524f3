"""A stroke of the mouse over the picture: where it lays tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

SPACING_PX = 11.0  # between tokens of a stroke
MAX_TOKENS = 400  # of one stroke
DOT_PX = 3.5


class Stroke:
    """Positions along a stroke, in pixels of the widget, at even distances.

    Attributes
    ----------
    positions : list of QPointF
        Where tokens are laid.
    """

    def __init__(self) -> None:
        self.positions: list[QPointF] = []

    def begin(self, at: QPointF) -> None:
        """Lay the first token."""
        self.positions = [QPointF(at)]

    def go_on(self, at: QPointF) -> None:
        """Go on to a position, and lay tokens on the way."""
        while self.positions and len(self.positions) < MAX_TOKENS:
            last = self.positions[-1]
            way = at - last
            length = (way.x() ** 2 + way.y() ** 2) ** 0.5
            if length < SPACING_PX:
                return
            self.positions.append(last + way * (SPACING_PX / length))

    def end(self) -> list[QPointF]:
        """Return the positions, and forget them."""
        done, self.positions = self.positions, []
        return done

    def paint(self, painter: QPainter, colour: str) -> None:
        """Paint a dot at each position."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colour))
        for at in self.positions:
            painter.drawEllipse(at, DOT_PX, DOT_PX)
