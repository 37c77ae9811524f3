"""The label of a hovered pair of tokens lies inside the picture."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from app.canvas.hover_label import MARGIN_PX, paint_hover_label
from app.theme import fonts
from app.theme.palette import DARK

pytestmark = pytest.mark.screen

LONG = "cos(spider, interest) = −0.0281"


@pytest.mark.parametrize("wide", [90, 240, 320, 900])
@pytest.mark.parametrize("share", [0.02, 0.5, 0.98])
def test_a_label_lies_inside_the_picture(qapp, wide, share):
    image = QImage(wide + 200, 120, QImage.Format.Format_RGB32)
    image.fill(QColor("black"))
    room = QRectF(100, 0, wide, 120)
    painter = QPainter(image)
    at = QPointF(room.left() + share * wide, 40)
    paint_hover_label(painter, at, LONG, fonts.font(10.5), DARK, room)
    painter.end()
    pixels = np.frombuffer(image.constBits(), np.uint32).reshape(120, -1) & 0xFFFFFF
    painted = np.flatnonzero(pixels.any(axis=0))
    assert len(painted) > 60
    assert painted[0] >= 100 + MARGIN_PX - 1
    assert painted[-1] <= 100 + wide - MARGIN_PX + 1
