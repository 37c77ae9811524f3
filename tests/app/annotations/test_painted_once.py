"""What rarely changes is painted once, with the same pixels."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap

from app.annotations.painted_once import PaintedOnce

SIZE, RATIO = (90, 60), 1.5


@pytest.fixture
def drawing(qapp):
    """Return what draws a letter and a box, and a list of what it drew on."""
    calls = []

    def draw(painter):
        calls.append(painter.device())
        painter.setPen(QColor("#3366cc"))
        painter.drawText(QPointF(20.3, 25.6), "Åg")
        painter.fillRect(QRectF(8.2, 30.7, 12.1, 3.3), Qt.GlobalColor.darkRed)
        return [QRectF(20.3, 10, 22, 20), QRectF(8.2, 30.7, 12.1, 3.3)]

    return draw, calls


def pixels(paint):
    image = QImage(*SIZE, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(RATIO)
    image.fill(0)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    boxes = paint(painter)
    painter.end()
    return np.array(image.constBits()).reshape(SIZE[1], SIZE[0], 4), boxes


def test_the_image_has_the_pixels_of_the_drawing(drawing):
    draw, calls = drawing
    once = PaintedOnce()
    wanted, boxes = pixels(draw)
    for _ in range(3):
        found, at = pixels(lambda painter: once.paint(painter, "a", draw))
        assert np.array_equal(found, wanted)
        assert at == boxes
    assert wanted.any()
    assert len(calls) == 2


def test_another_key_is_painted_anew(drawing):
    draw, calls = drawing
    once = PaintedOnce()
    for key in ("a", "b", "b", "a"):
        pixels(lambda painter, key=key: once.paint(painter, key, draw))
    assert len(calls) == 3


def test_on_a_screen_it_is_painted_each_time(drawing):
    draw, calls = drawing
    once, screen = PaintedOnce(), QPixmap(*SIZE)
    painter = QPainter(screen)
    once.paint(painter, "a", draw)
    once.paint(painter, "a", draw)
    painter.end()
    assert len(calls) == 2
