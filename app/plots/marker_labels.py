"""Words beside the marks of a plot, as far as there is room."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import QGraphicsItem, QGraphicsSimpleTextItem

if TYPE_CHECKING:
    from app.plots.scenario_diff import Mark

BESIDE = 4.0  # pixels between a mark and its word
MOST = 8  # words


class Words:
    """The newest words first; an older one that would collide is left out."""

    def __init__(self, item: Any) -> None:
        self._item = item
        self._texts: list[QGraphicsSimpleTextItem] = []
        self._font, self._ink = QFont(), QColor()
        self._seen: object = None

    def set_colour(self, colour: str) -> None:
        """Write in `colour`."""
        self._ink, self._seen = QColor(colour), None

    def letter(self, font: QFont) -> None:
        """Write in `font`."""
        self._font, self._seen = font, None

    def show(self, marks: list[Mark], end: float, top: float, wide: float) -> None:
        """Write, on an axis that ends at time `end` and is `wide` pixels wide."""
        seen = (tuple(marks), end, top, wide)
        if seen == self._seen:
            return
        self._seen = seen
        for text in self._texts:
            self._item.removeItem(text)
        self._texts = []
        free = math.inf  # pixels: what is right of it is taken
        for mark in reversed(marks):
            if mark.text and len(self._texts) < MOST:
                free = min(free, self._write(mark, wide / end, top, wide, free))

    def _write(
        self, mark: Mark, scale: float, top: float, wide: float, free: float
    ) -> float:
        """Write one word, right of its mark or left of it; return where it starts."""
        text = QGraphicsSimpleTextItem(mark.text)
        text.setFont(self._font)
        text.setBrush(self._ink)
        text.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIgnoresTransformations)
        length, at = text.boundingRect().width() + BESIDE, mark.t * scale
        start = at + BESIDE
        if start + length > min(wide, free):
            start = at - length
        if start < 0 or start + length > free:
            return free
        text.setPos(QPointF(start / scale, top))
        self._item.addItem(text, ignoreBounds=True)
        self._texts.append(text)
        return start
