"""Small markers at many positions: each kind is drawn once, and copied."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap, QPolygonF

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sim.array_types import Floats

    Key = tuple[str, int]

LINE_WIDTH_PX = 1.6
MARGIN_PX = 3  # a marker may reach so far beyond its size


def scatter(
    p: QPainter,
    places: Floats,
    kinds: Sequence[Key],
    looks: Mapping[Key, tuple[str, QColor]],
    size: float,
) -> None:
    """Draw a marker of its kind at every position.

    Parameters
    ----------
    places : float, shape (k, 2)
        Positions in pixels.
    kinds : k keys of `looks`
        The kind of each marker.
    looks : mapping to shape and colour
        See `draw_marker`.
    size : float
        Of the markers, in pixels.
    """
    half, ratio = math.ceil(size) + MARGIN_PX, p.device().devicePixelRatioF()
    pixmaps = {kind: _pixmap(look, size, half, ratio) for kind, look in looks.items()}
    for kind, (x, y) in zip(kinds, (places - half).tolist(), strict=True):
        p.drawPixmap(QPointF(x, y), pixmaps[kind])


def _pixmap(look: tuple[str, QColor], size: float, half: int, ratio: float) -> QPixmap:
    out = QPixmap(round(2 * half * ratio), round(2 * half * ratio))
    out.setDevicePixelRatio(ratio)
    out.fill(Qt.GlobalColor.transparent)
    painter = QPainter(out)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    draw_marker(painter, look[0], QPointF(half, half), size, look[1])
    painter.end()
    return out


def draw_marker(p: QPainter, shape: str, at: QPointF, size: float, ink: QColor) -> None:
    """Draw a ring, a diamond or a cross around `at`."""
    p.setBrush(Qt.BrushStyle.NoBrush)
    p.setPen(QPen(ink, LINE_WIDTH_PX))
    if shape == "ring":
        p.drawEllipse(at, size + 1, size + 1)
    elif shape == "cross":
        for sign in (1, -1):
            p.drawLine(at - QPointF(size, sign * size), at + QPointF(size, sign * size))
    else:
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(ink)
        s = 0.8 * size
        corners = [QPointF(0, -s), QPointF(s, 0), QPointF(0, s), QPointF(-s, 0)]
        p.drawPolygon(QPolygonF([at + c for c in corners]))
