"""Parts of a heatmap's picture: its cells, its colour scale, rows and columns."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainterPath, QPen

from app.annotations.number_format import fixed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPainter

    from app.scene.matrix_order import MatrixImage
    from sim.array_types import AnyArray

MARGIN_PX = 9  # room for the colours of tokens beside the matrix
STRIP_PX = 6  # of those colours
CUT_OPACITY = 0.35
SCALE_PX = 8  # height of the colour scale
MIN_SCALE_PX = 40  # width of it, which a small matrix does not have
MIN_LINE_PX = 2.0  # of a row or column that is framed
COSINE_DECIMALS = 4
FADE_OPACITY = 0.55  # over what is in no row or column of a chosen token


@dataclass(frozen=True, slots=True)
class HeatmapLines:
    """Rows and columns of `count` tokens in the rectangle of the cells."""

    box: QRectF
    count: int

    def row(self, k: int) -> QRectF:
        """Return the row `k`, at least 2 pixels high."""
        box, cell = self.box, self.box.height() / self.count
        top = box.y() + k * cell
        return QRectF(box.x(), top, box.width(), max(cell, MIN_LINE_PX))

    def column(self, k: int) -> QRectF:
        """Return the column `k`, at least 2 pixels wide."""
        box, cell = self.box, self.box.width() / self.count
        left = box.x() + k * cell
        return QRectF(left, box.y(), max(cell, MIN_LINE_PX), box.height())

    def colours(self, p: QPainter, edge: AnyArray) -> None:
        """Paint the colours of the tokens, uint8 (n, 3), above and on the left."""
        box = self.box
        across = QRectF(box.x(), box.y() - MARGIN_PX, box.width(), STRIP_PX)
        down = QRectF(box.x() - MARGIN_PX, box.y(), STRIP_PX, box.height())
        p.drawImage(across, coloured(edge[None]))
        p.drawImage(down, coloured(edge[:, None]))

    def cuts(self, p: QPainter, lines: AnyArray, ink: str) -> None:
        """Paint lines before the rows and columns `lines`."""
        colour = QColor(ink)
        colour.setAlphaF(CUT_OPACITY)
        p.setPen(QPen(colour, 1))
        for k in lines.tolist():
            row, column = self.row(k), self.column(k)
            p.drawLine(row.topLeft(), row.topRight())
            p.drawLine(column.topLeft(), column.bottomLeft())

    def fade_others(self, p: QPainter, tokens: Sequence[int], ground: str) -> None:
        """Fade all but the rows and columns of `tokens`."""
        left, lines = QPainterPath(), QPainterPath()
        left.addRect(self.box)
        lines.setFillRule(Qt.FillRule.WindingFill)
        for k in tokens:
            lines.addRect(self.row(k))
            lines.addRect(self.column(k))
        colour = QColor(ground)
        colour.setAlphaF(FADE_OPACITY)
        p.fillPath(left.subtracted(lines), colour)

    def frame(
        self,
        p: QPainter,
        rows: Sequence[int],
        columns: Sequence[int],
        ink: str,
        width: float,
    ) -> None:
        """Frame rows and columns, with the colours of their tokens."""
        p.setBrush(Qt.BrushStyle.NoBrush)
        p.setPen(QPen(QColor(ink), width))
        for k in rows:
            p.drawRect(self.row(k).adjusted(-MARGIN_PX, -1, 0, 1))
        for k in columns:
            p.drawRect(self.column(k).adjusted(-1, -MARGIN_PX, 1, 0))


def cosine_text(a: str, b: str, value: float) -> str:
    """Return what is said of the cosine of two tokens; NaN is of one of length 0."""
    if math.isnan(value):
        return f"cos({a}, {b}) is undefined: a token has no direction"
    return f"cos({a}, {b}) = {fixed(value, COSINE_DECIMALS)}"


def scale_ends(image: MatrixImage, top: float) -> tuple[str, str]:
    """Return the texts at the ends of the colour scale."""
    if image.cosines:
        return "cos −1", "1"
    most = float(np.abs(image.values).max(initial=0.0))
    above = "≥ " if most > top * (1 + 1e-9) else ""
    return f"−{top:.3g}" if image.signed else "0", f"{above}{top:.3g}"


def scale_colours(image: MatrixImage, top: float, table: list[int]) -> QImage:
    """Return the colours of the scale from its low to its high end."""
    steps = np.linspace(-top if image.signed else 0.0, top, 256)[None]
    return indexed(image.indices(steps, top), table)


def paint_scale(
    p: QPainter, box: QRectF, ends: tuple[str, str], colours: QImage
) -> None:
    """Paint the colour scale below the cells, in the painter's font and colour.

    It is wider than a matrix that leaves it no room between its ends.
    """
    metrics, middle = QFontMetricsF(p.font()), Qt.AlignmentFlag.AlignVCenter
    left, right = (metrics.horizontalAdvance(text) + 8 for text in ends)
    more = max(left + right + MIN_SCALE_PX - box.width(), 0.0) / 2
    box = box.adjusted(-more, 0, more, 0)
    high = max(metrics.height(), 18)
    y = box.bottom() + max(9, (high - SCALE_PX) / 2)
    words = QRectF(box.x(), y + SCALE_PX / 2 - high / 2, box.width(), high)
    p.drawText(words, Qt.AlignmentFlag.AlignLeft | middle, ends[0])
    p.drawText(words, Qt.AlignmentFlag.AlignRight | middle, ends[1])
    p.drawImage(
        QRectF(box.x() + left, y, box.width() - left - right, SCALE_PX), colours
    )


def colour_table(colours: AnyArray) -> list[int]:
    """Return colours, uint8 (256, 3), as those of QImage."""
    return [0xFF000000 | r << 16 | g << 8 | b for r, g, b in colours.tolist()]


def indexed(colour_indices: AnyArray, table: list[int]) -> QImage:
    """Return an image with memory of its own from colour indices: uint8 (h, w)."""
    h, w = colour_indices.shape
    out = QImage(colour_indices.data, w, h, w, QImage.Format.Format_Indexed8)
    out.setColorTable(table)
    return out.copy()


def coloured(pixels: AnyArray) -> QImage:
    """Return an image with memory of its own from sRGB: uint8 (h, w, 3)."""
    h, w = pixels.shape[:2]
    data = np.ascontiguousarray(pixels)
    return QImage(data.data, w, h, 3 * w, QImage.Format.Format_RGB888).copy()
