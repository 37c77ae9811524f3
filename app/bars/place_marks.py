"""Marks of times that have names on the timeline, such as half layers."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from app.annotations.text_cache import screen_font

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.theme.palette import Theme

CUT = 3.0  # half the height of a cut through the groove, pixels
TICK = 7.0  # of a tick below it where a layer begins
FONT_PT = 7.5
LABEL_TOP, LABEL_HIGH = 4.0, 12.0  # below the groove
WORDED, NUMBERED = 52.0, 14.0  # pixels that "layer 3" and "3" need
MIN_GAP = 5.0  # pixels between cuts: closer ones are left out


def paint_places(
    painter: QPainter,
    places: tuple[tuple[float, str], ...],
    x_of: Callable[[float], float],
    y: float,
    theme: Theme,
) -> None:
    """Cut the groove where a half layer begins, and number the layers below it."""
    if len(places) < 2:  # noqa: PLR2004 - a pair
        return
    spans: list[tuple[str, float, float]] = []
    for (start, name), (end, _) in pairwise(places):
        layer = name.rpartition(" ")[0]
        left, right = x_of(start), x_of(end)
        if spans and spans[-1][0] == layer:
            spans[-1] = (layer, spans[-1][1], right)
        else:
            spans.append((layer, left, right))
        if right - left >= MIN_GAP and start > 0:
            painter.setPen(QPen(QColor(theme.panel), 1.6))
            painter.drawLine(QPointF(left, y - CUT), QPointF(left, y + CUT))
    painter.setFont(screen_font(FONT_PT, 1.0))
    for layer, left, right in spans:
        _paint_layer(painter, layer, left, right, y, theme)
    painter.setPen(Qt.PenStyle.NoPen)


def _paint_layer(
    painter: QPainter, layer: str, left: float, right: float, y: float, theme: Theme
) -> None:
    """Write a layer's number below its half layers, with a tick where it begins."""
    wide = right - left
    if not layer or wide < NUMBERED:
        return
    painter.setPen(QPen(QColor(theme.line), 1))
    painter.drawLine(QPointF(left, y + CUT + 1), QPointF(left, y + TICK + 4))
    painter.setPen(QColor(theme.muted))
    text = layer if wide >= WORDED else layer.rpartition(" ")[2]
    box = QRectF(left, y + LABEL_TOP, wide, LABEL_HIGH)
    painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), text)
