"""Memory for pictures: OpenGL writes it, Qt paints on it, encoders read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtGui import QImage, QPainter

if TYPE_CHECKING:
    from PySide6.QtCore import QPointF

    from sim.array_types import Pixels

RGB_CHANNELS = 3


class PictureBuffer:
    """One picture; made once for many frames, for new memory costs as much as drawing.

    Attributes
    ----------
    image : QImage
        To paint on.
    pixels : uint8, shape (height, width, 4)
        The same memory: blue, green, red and a byte without meaning.
    """

    def __init__(self, size: tuple[int, int], ratio: float) -> None:
        w, h = size
        self.image = QImage(w, h, QImage.Format.Format_RGB32)
        self.image.setDevicePixelRatio(ratio)
        self.image.fill(0)
        self.pixels: Pixels = np.frombuffer(self.image.bits(), np.uint8).reshape(
            h, w, 4
        )


class ImagePainter:
    """A painter on an image that is a part of the picture, as a context."""

    def __init__(self, image: QImage, corner: QPointF) -> None:
        self._image, self._corner = image, corner

    def __enter__(self) -> QPainter:
        self._painter = QPainter(self._image)
        self._painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._painter.translate(-self._corner)
        return self._painter

    def __exit__(self, *_: object) -> None:
        self._painter.end()


def pixels_from_image(image: QImage) -> Pixels:
    """Return an image as pixels: (h, w, 3)."""
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    data = np.frombuffer(image.constBits(), np.uint8)
    return rgb(data.reshape(image.height(), image.width(), 4))


def rgb(pixels: Pixels) -> Pixels:
    """Return a picture as red, green and blue: (h, w, 3 or 4) -> (h, w, 3)."""
    if pixels.shape[2] == RGB_CHANNELS:
        return pixels
    return np.ascontiguousarray(pixels[..., 2::-1])
