"""What rarely changes in a picture: painted once, and from then on as an image."""

from __future__ import annotations

import math
from functools import reduce
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize
from PySide6.QtGui import QImage, QPainter

if TYPE_CHECKING:
    from collections.abc import Callable

    Boxes = list[QRectF]
    Draw = Callable[[QPainter], Boxes]

MARGIN_PX = 3  # around the boxes, for soft edges and letters that lean


class PaintedOnce:
    """Paints one thing, which is the same while its key is.

    It is painted on a transparent image, of which only the part with something in it is
    kept.
    """

    def __init__(self) -> None:
        self._key: object = None
        self._image, self._at = QImage(), QPointF()
        self._boxes: Boxes = []

    def paint(self, painter: QPainter, key: object, draw: Draw) -> Boxes:
        """Paint what `draw` does, which returns its boxes; return these.

        The painter must have no transformation.  On anything but an image, such as a
        page, it is painted each time.
        """
        device = painter.device()
        if not isinstance(device, QImage):
            return draw(painter)
        ratio = device.devicePixelRatioF()
        key = key, ratio, device.size().toTuple()
        if key != self._key:
            self._key = key
            self._boxes = self._drawn(painter, draw, device.size(), ratio)
        painter.drawImage(self._at, self._image)
        return self._boxes

    def _drawn(self, painter: QPainter, draw: Draw, size: QSize, ratio: float) -> Boxes:
        layer = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
        layer.setDevicePixelRatio(ratio)
        layer.fill(0)
        inner = QPainter(layer)
        try:
            inner.setRenderHints(painter.renderHints())
            inner.setFont(painter.font())
            boxes = draw(inner)
        finally:
            inner.end()  # an open painter would crash the next paint
        part = _pixels(boxes, ratio).intersected(QRect(QPoint(0, 0), size))
        self._image = layer.copy(part)
        self._image.setDevicePixelRatio(ratio)
        self._at = QPointF(part.topLeft()) / ratio
        return boxes


def _pixels(boxes: Boxes, ratio: float) -> QRect:
    """Return the rectangle of physical pixels in which all boxes are."""
    box = reduce(QRectF.united, boxes, QRectF())
    left, top = (math.floor(v * ratio) - MARGIN_PX for v in (box.left(), box.top()))
    right, bottom = (
        math.ceil(v * ratio) + MARGIN_PX for v in (box.right(), box.bottom())
    )
    return QRect(left, top, right - left, bottom - top)
