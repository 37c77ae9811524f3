"""A matrix as a heatmap: tokens' colours, borders of clusters, a colour scale."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPen
from PySide6.QtWidgets import QToolTip, QWidget

from app.scene import matrix_order
from app.scene.scene_info import token_text
from app.theme.palette import colour_map
from app.widgets.font_sizes import small_font

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent, QPaintEvent

    from app.scene.matrix_order import MatrixImage
    from app.theme.palette import Theme
    from sim.array_types import AnyArray


STRIP_PX, MARGIN_PX = 6, 9  # colours of tokens beside the matrix, and room for them
SCALE_PX, FOOTER_PX = 8, 26  # height of the colour scale, and room for it
MIN_SIDE_PX = 140
MAX_CUTS = 24  # with more clusters, no lines are drawn between them
CUT_OPACITY = 0.35
EMPTY_TEXT = (
    "This law has no attention matrix and no graph, so there is nothing to show here."
)


class Heatmap(QWidget):
    """Draws the matrix that it was given last."""

    row_chosen = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._image: MatrixImage | None = None
        self._names: tuple[str, ...] = ()
        self._cells, self._top = QImage(), 1.0
        self._edge = np.zeros((0, 3), np.uint8)
        self._chosen: tuple[int, ...] = ()
        self._ids = np.zeros(0, np.int64)
        self._empty = ""
        self._table = [
            0xFF000000 | r << 16 | g << 8 | b for r, g, b in colour_map().tolist()
        ]
        self.setMinimumSize(MIN_SIDE_PX, MIN_SIDE_PX)
        self.setMouseTracking(True)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        self._theme = theme
        self.update()

    def choose(self, tokens: tuple[int, ...]) -> None:
        """Mark the rows of `tokens`."""
        if tokens != self._chosen:
            self._chosen = tokens
            self.update()

    def show_image(
        self,
        image: MatrixImage | None,
        names: tuple[str, ...],
        colours: AnyArray,
        ids: AnyArray | None = None,
    ) -> None:
        """Draw a matrix; without one, say that there is nothing to show.

        Parameters
        ----------
        image : Sheet or None
            The matrix, in order.
        names : tuple of str
            Names of the tokens, or nothing.
        colours : float, shape (n, 4)
            The colour of each token.
        ids : int, shape (n,), optional
            The number that each keeps, by which tokens are chosen; by default its row.
        """
        self._image, self._names = image, names
        self._ids = np.arange(len(colours)) if ids is None else ids
        self._empty = EMPTY_TEXT if image is None else ""
        if image is not None:
            self._edge = (colours[image.tokens, :3] * 255).round().astype(np.uint8)
            self._top = matrix_order.colour_limit(image.values)
            self._paint_cells(image)
        self.setAccessibleDescription(self._empty)
        self.update()

    def _paint_cells(self, image: MatrixImage) -> None:
        pixels = round(self._box().width() * self.devicePixelRatioF())
        colour_indices = matrix_order.colour_indices(
            matrix_order.block_means(image.values, pixels), self._top
        )
        self._cells = _indexed(colour_indices, self._table)

    def height_for(self, width: int) -> int:
        """Return the height at which the cells fill `width`."""
        return width + FOOTER_PX

    def _box(self) -> QRectF:
        """Return the rectangle of the cells."""
        side = max(min(self.width(), self.height() - FOOTER_PX), 1)
        left, edge = (self.width() - side) / 2, MARGIN_PX
        return QRectF(left + edge, edge, max(side - edge, 1), max(side - edge, 1))

    def pair_at(self, at: QPointF) -> tuple[int, int] | None:
        """Return the row and column at a position of the widget."""
        box = self._box()
        if self._image is None or not box.contains(at):
            return None
        n = len(self._image.tokens)
        row = int((at.y() - box.y()) / box.height() * n)
        column = int((at.x() - box.x()) / box.width() * n)
        return min(row, n - 1), min(column, n - 1)

    def text_at(self, at: QPointF) -> str:
        """Return the tooltip at a position of the widget; empty outside the cells."""
        pair = self.pair_at(at)
        if self._image is None or pair is None:
            return ""
        value = float(self._image.values[pair])
        a, b = (self._name(int(self._image.tokens[k])) for k in pair)
        if self._image.graph:
            return f"{a} – {b}: {'joined' if value else 'not joined'}"
        return f"{a} → {b}: {value:.3g}"

    def _name(self, row: int) -> str:
        return token_text(int(self._ids[row]), row, self._names)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Show what is under the mouse."""
        text = self.text_at(event.position())
        QToolTip.showText(event.globalPosition().toPoint(), text, self)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        """Hide the tooltip."""
        super().leaveEvent(event)
        QToolTip.hideText()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Choose the row under the mouse."""
        pair = self.pair_at(event.position())
        if pair is not None and self._image is not None:
            self.row_chosen.emit(int(self._ids[self._image.tokens[pair[0]]]))

    def resizeEvent(self, event: Any) -> None:  # noqa: N802
        """Average the cells for the new size."""
        super().resizeEvent(event)
        if self._image is not None:
            self._paint_cells(self._image)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw the matrix, or the text in place of it."""
        painter = QPainter(self)
        try:
            if self._image is None:
                self._paint_text(painter, self._empty)
            else:
                self._paint(painter, self._image)
        finally:
            painter.end()

    def _paint(self, p: QPainter, image: MatrixImage) -> None:
        box, n = self._box(), len(image.tokens)
        p.drawImage(box, self._cells)
        across = QRectF(box.x(), box.y() - MARGIN_PX, box.width(), STRIP_PX)
        down = QRectF(box.x() - MARGIN_PX, box.y(), STRIP_PX, box.height())
        p.drawImage(across, _coloured(self._edge[None]))
        p.drawImage(down, _coloured(self._edge[:, None]))
        line = QColor(self._theme.panel)
        line.setAlphaF(CUT_OPACITY)
        p.setPen(QPen(line, 1))
        lines = image.lines
        for cut in lines.tolist() if len(lines) < MAX_CUTS else []:
            s = box.width() * cut / n
            p.drawLine(box.topLeft() + QPointF(s, 0), box.bottomLeft() + QPointF(s, 0))
            p.drawLine(box.topLeft() + QPointF(0, s), box.topRight() + QPointF(0, s))
        self._paint_chosen(p, image, box)
        if not image.graph:
            self._paint_scale(p, image, box)

    def _paint_chosen(self, p: QPainter, image: MatrixImage, box: QRectF) -> None:
        p.setPen(QPen(QColor(self._theme.accent), 1.5))
        p.setBrush(Qt.BrushStyle.NoBrush)
        cell = box.height() / len(image.tokens)
        marked = np.isin(self._ids[image.tokens], self._chosen)
        for row in np.flatnonzero(marked).tolist():
            top, high = box.y() + row * cell, max(cell, 2.0)
            left, width = box.x() - MARGIN_PX, box.width() + MARGIN_PX
            p.drawRect(QRectF(left, top, width, high))

    def _paint_scale(self, p: QPainter, image: MatrixImage, box: QRectF) -> None:
        font = small_font(self)
        p.setFont(font)
        p.setPen(QColor(self._theme.muted))
        above = float(image.values.max(initial=0.0)) > self._top * (1 + 1e-9)
        high = f"{'≥ ' if above else ''}{self._top:.3g}"
        metrics = QFontMetricsF(font)
        left = metrics.horizontalAdvance("0") + 8
        right = metrics.horizontalAdvance(high) + 8
        y, middle = box.bottom() + 9, Qt.AlignmentFlag.AlignVCenter
        words = QRectF(box.x(), y - 5, box.width(), 18)
        p.drawText(words, Qt.AlignmentFlag.AlignLeft | middle, "0")
        p.drawText(words, Qt.AlignmentFlag.AlignRight | middle, high)
        ramp = matrix_order.colour_indices(
            np.linspace(0, self._top, 256)[None], self._top
        )
        bar = QRectF(box.x() + left, y, box.width() - left - right, SCALE_PX)
        p.drawImage(bar, _indexed(ramp, self._table))

    def _paint_text(self, p: QPainter, text: str) -> None:
        p.setPen(QColor(self._theme.muted))
        how = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        p.drawText(QRectF(self.rect()).adjusted(16, 0, -16, 0), int(how), text)


def _indexed(colour_indices: AnyArray, table: list[int]) -> QImage:
    """Return an image with memory of its own from colour indices: uint8 (h, w)."""
    h, w = colour_indices.shape
    out = QImage(colour_indices.data, w, h, w, QImage.Format.Format_Indexed8)
    out.setColorTable(table)
    return out.copy()


def _coloured(pixels: AnyArray) -> QImage:
    """Return an image with memory of its own from sRGB: uint8 (h, w, 3)."""
    h, w = pixels.shape[:2]
    data = np.ascontiguousarray(pixels)
    return QImage(data.data, w, h, 3 * w, QImage.Format.Format_RGB888).copy()
