"""Labels beside the markers of a plot, as far as there is room."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import QGraphicsItem, QGraphicsSimpleTextItem

if TYPE_CHECKING:
    from app.document.scenario_diff import ChangeMarker
    from app.widgets.clock_axis import ClockAxis

LABEL_GAP_PX = 4.0  # between a marker and its label
MAX_LABELS = 8


class MarkerLabels:
    """Draws the newest labels first, and omits older ones that would overlap."""

    def __init__(self, item: Any) -> None:
        self._item = item
        self._texts: list[QGraphicsSimpleTextItem] = []
        self._font, self._colour = QFont(), QColor()
        self._shown: object = None

    def set_colour(self, colour: str) -> None:
        """Set the colour of the labels."""
        self._colour, self._shown = QColor(colour), None

    def set_font(self, font: QFont) -> None:
        """Set the font of the labels."""
        self._font, self._shown = font, None

    def show(
        self, markers: list[ChangeMarker], axis: ClockAxis, top: float, width: float
    ) -> None:
        """Label `markers` on an axis of times that is `width` pixels wide."""
        shown = (tuple(markers), axis, top, width)
        if shown == self._shown:
            return
        self._shown = shown
        for text in self._texts:
            self._item.removeItem(text)
        self._texts = []
        free = width  # pixels: text must end left of it
        for marker in reversed(markers):
            if marker.text and len(self._texts) < MAX_LABELS:
                place = axis.clock.coordinate(marker.t)
                start = self._write(marker.text, place, width / axis.length, top, free)
                free = min(free, start)

    def _write(
        self, said: str, place: float, scale: float, top: float, free: float
    ) -> float:
        """Write a label right or left of its marker; return where it starts."""
        text = QGraphicsSimpleTextItem(said)
        text.setFont(self._font)
        text.setBrush(self._colour)
        text.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIgnoresTransformations)
        length, at = text.boundingRect().width() + LABEL_GAP_PX, place * scale
        start = at + LABEL_GAP_PX
        if start + length > free:
            start = at - length
        if start < 0 or start + length > free:
            return free
        text.setPos(QPointF(start / scale, top))
        self._item.addItem(text, ignoreBounds=True)
        self._texts.append(text)
        return start
