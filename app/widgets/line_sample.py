"""A sample of a line for a legend."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPaintEvent

SOLID_LENGTH_PX, DASHED_LENGTH_PX = 13, 20
LINE_WIDTH_PX = 1.8


class LineSample(QWidget):
    """A short line in the colour and the dashes of a curve."""

    def __init__(self, dashes: Sequence[float] = ()) -> None:
        super().__init__()
        self._colour, self._dashes = "#000000", [*dashes]
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_colour(self, colour: str) -> None:
        """Set the colour."""
        self._colour = colour
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return room for the line."""
        return QSize(DASHED_LENGTH_PX if self._dashes else SOLID_LENGTH_PX, 8)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw the line."""
        pen = QPen(QColor(self._colour), LINE_WIDTH_PX)
        if self._dashes:
            pen.setDashPattern(self._dashes)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        middle = self.height() / 2
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(pen)
        painter.drawLine(QLineF(0, middle, self.width(), middle))
        painter.end()
