"""A rendered image with text over it, put together in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter

if TYPE_CHECKING:
    from app.canvas.contract import TextPainter
    from app.scene.camera import Camera
    from sim.array_types import Pixels

TEXT_FORMAT = QImage.Format.Format_ARGB32_Premultiplied


class Composite:
    """Text over an image, which may have a lower resolution.

    Attributes
    ----------
    background : QImage
        The rendered image.
    picture : QImage
        Image and text, in physical pixels.
    """

    def __init__(self, text_painter: TextPainter) -> None:
        self._text_painter = text_painter
        self.background, self.picture = QImage(), QImage()
        self._text, self._pixels = QImage(), np.zeros((1, 1, 4), np.uint8)

    def set_background(self, pixels: Pixels) -> None:
        """Take a rendered image: (height, width, 4), blue, green, red and alpha."""
        self._pixels = pixels  # kept: the image is a view of it
        h, w, _ = pixels.shape
        self.background = QImage(pixels.data, w, h, 4 * w, QImage.Format.Format_RGB32)

    def update(self, camera: Camera) -> None:
        """Paint the text seen by `camera`, and put both together at its size."""
        self._paint_text(camera)
        if self.picture.size().toTuple() != camera.size:
            self.picture = QImage(*camera.size, QImage.Format.Format_RGB32)
        whole = QRectF(0, 0, *camera.size)
        self._text.setDevicePixelRatio(1.0)
        painter = QPainter(self.picture)
        try:
            smooth = QPainter.RenderHint.SmoothPixmapTransform
            scaled = self.background.size() != self.picture.size()
            painter.setRenderHint(smooth, scaled)
            painter.drawImage(whole, self.background)
            painter.drawImage(whole, self._text)
        finally:
            painter.end()

    def _paint_text(self, camera: Camera) -> None:
        """Paint the text on a transparent layer."""
        if self._text.size().toTuple() != camera.size:
            self._text = QImage(*camera.size, TEXT_FORMAT)
        self._text.setDevicePixelRatio(camera.ratio)
        self._text.fill(Qt.GlobalColor.transparent)
        painter = QPainter(self._text)
        try:
            self._text_painter(painter, camera)
        finally:
            painter.end()  # an open painter would crash the next paint
