"""Small multiples: the attention of every head, layers down and heads across."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QToolTip, QWidget

from app.inspectors.heatmap_painting import coloured
from app.scene import matrix_order
from app.theme.palette import colour_map, rgb
from app.widgets.font_sizes import small_font

if TYPE_CHECKING:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QImage, QMouseEvent, QPaintEvent, QResizeEvent

    from app.theme.palette import Theme
    from sim.array_types import AnyArray, Pixels

GAP_PX = 2  # between cells
MIN_CELL_PX = 8
MAX_ASPECT = 1.5  # of a cell
FRAME_PX = 2.0


class HeadGrid(QWidget):
    """Draws attention, (L, h, n, n); click a cell to choose its head.

    A click on the number of a layer chooses the mean of its heads.
    """

    head_chosen = Signal(int, int)
    """Layer and head, counted from 1; head 0 is the mean of the layer."""
    pair_hovered = Signal(tuple)
    """Rows of the two tokens of the cell under the mouse, or none, and what it is."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._attention: AnyArray = np.zeros((1, 1, 1, 1))
        self._names: tuple[str, ...] = ("",)
        self._chosen, self._now = (1, 0), 1
        self._image: QImage | None = None
        self.setMouseTracking(True)
        self.setMinimumSize(120, 80)
        self.setAccessibleName("Attention of every head")

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        self._theme, self._image = theme, None
        self.update()

    def show_attention(self, attention: AnyArray, names: tuple[str, ...]) -> None:
        """Draw the attention of all heads among tokens of these names."""
        if attention is not self._attention:
            self._attention, self._names, self._image = attention, names, None
            self.updateGeometry()
            self.update()

    def choose(self, layer: int, head: int, now: int) -> None:
        """Frame a head, and mark the layer `now`; head 0 frames all of its layer."""
        if ((layer, head), now) != (self._chosen, self._now):
            self._chosen, self._now = (layer, head), now
            self.update()

    @property
    def _edge(self) -> QPointF:
        """The room for numbers on the left and above."""
        metrics = QFontMetricsF(small_font(self))
        return QPointF(metrics.horizontalAdvance("00") + 6, metrics.height() + 2)

    @property
    def step(self) -> tuple[float, float]:
        """Width and height of a cell with the gap after it, in pixels.

        Cells fill the widget, unless they would be far from square.
        """
        layers, heads = self._attention.shape[:2]
        wide = (self.width() - self._edge.x()) / heads
        high = (self.height() - self._edge.y()) / layers
        wide, high = min(wide, MAX_ASPECT * high), min(high, MAX_ASPECT * wide)
        return max(wide, MIN_CELL_PX), max(high, MIN_CELL_PX)

    def cell(self, layer: int, head: int) -> QRectF:
        """Return the rectangle of a head, both counted from 0."""
        wide, high = self.step
        at = self._edge + QPointF(head * wide, layer * high)
        return QRectF(at.x(), at.y(), wide - GAP_PX, high - GAP_PX)

    def head_at(self, at: QPointF) -> tuple[int, int] | None:
        """Return layer and head at a position, from 0; head −1 beside a layer."""
        off, (wide, high) = at - self._edge, self.step
        layer, head = int(off.y() // high), int(off.x() // wide)
        layers, heads = self._attention.shape[:2]
        if not (0 <= layer < layers and head < heads):
            return None
        return layer, max(head, -1)

    def pair_at(self, at: QPointF) -> tuple[int, int] | None:
        """Return the row and the column of the head under a position."""
        place = self.head_at(at)
        if place is None or place[1] < 0:
            return None
        box, n = self.cell(*place), self._attention.shape[-1]
        row = int((at.y() - box.y()) / box.height() * n)
        column = int((at.x() - box.x()) / box.width() * n)
        return min(row, n - 1), min(column, n - 1)

    def text_at(self, at: QPointF) -> str:
        """Return what is under a position."""
        place, pair = self.head_at(at), self.pair_at(at)
        if place is None:
            return ""
        if pair is None:
            return f"Layer {place[0] + 1}: the mean of its heads"
        value = float(self._attention[(*place, *pair)])
        a, b = (self._names[k] for k in pair)
        return f"Layer {place[0] + 1}, head {place[1] + 1}: {a} → {b}: {value:.3g}"

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Light up the pair under the mouse, and say what it is."""
        text, pair = self.text_at(event.position()), self.pair_at(event.position())
        QToolTip.showText(event.globalPosition().toPoint(), text, self)
        self.pair_hovered.emit(pair or ())

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        """Light up nothing."""
        super().leaveEvent(event)
        self.pair_hovered.emit(())

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Choose the head under the mouse."""
        place = self.head_at(event.position())
        if place is not None and event.button() == Qt.MouseButton.LeftButton:
            self.head_chosen.emit(place[0] + 1, place[1] + 1)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Draw the cells for the new size."""
        super().resizeEvent(event)
        self._image = None

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw cells, numbers, and what is chosen."""
        p = QPainter(self)
        p.setFont(small_font(self))
        ratio, edge = self.devicePixelRatioF(), self._edge
        if self._image is None:
            steps = [max(round(x * ratio), 4) for x in self.step[::-1]]
            gap = round(GAP_PX * ratio)
            pixels = grid_pixels(
                self._attention, (steps[0], steps[1]), gap, self._theme
            )
            self._image = coloured(pixels)
        layers, heads = self._attention.shape[:2]
        wide, high = self.step
        whole = QRectF(edge.x(), edge.y(), heads * wide, layers * high)
        p.drawImage(whole, self._image)
        self._numbers(p)
        layer, head = self._chosen
        first = self.cell(layer - 1, max(head, 1) - 1)
        last = self.cell(layer - 1, head - 1 if head else heads - 1)
        p.setPen(QPen(QColor(self._theme.accent), FRAME_PX))
        p.drawRect(first.united(last).adjusted(-1, -1, 1, 1))
        p.end()

    def _numbers(self, p: QPainter) -> None:
        """Write the numbers of layers and heads; the layer of the time stands out."""
        layers, heads = self._attention.shape[:2]
        metrics, edge = QFontMetricsF(p.font()), self._edge
        middle = Qt.AlignmentFlag.AlignCenter
        every = ceil((metrics.horizontalAdvance("00") + 2) / self.step[0])
        for k in range(0, heads, every):
            p.setPen(QColor(self._theme.muted))
            box = self.cell(0, k)
            wide = 2 * edge.x()
            room = QRectF(box.center().x() - wide / 2, 0, wide, edge.y() - 1)
            p.drawText(room, middle, str(k + 1))
        every = ceil((metrics.height() - GAP_PX) / self.step[1])
        for k in range(0, layers, every):
            now = k + 1 == self._now
            p.setPen(QColor(self._theme.accent if now else self._theme.muted))
            box = self.cell(k, 0)
            high = edge.y()
            room = QRectF(0, box.center().y() - high / 2, edge.x() - 3, high)
            p.drawText(room, middle, str(k + 1))


def grid_pixels(
    attention: AnyArray, steps: tuple[int, int], gap: int, theme: Theme
) -> Pixels:
    """Return the attention of all heads as one picture: uint8 (L·down, h·across, 3).

    `steps` are the pixels from head to head, down and across, with a gap between them;
    all heads share one scale of colours.
    """
    layers, heads, n = attention.shape[:3]
    top = matrix_order.colour_limit(attention.reshape(-1, n))
    ground = (np.array(rgb(theme.panel)) * 255).round().astype(np.uint8)
    down, across = steps
    out = np.empty((layers * down, heads * across, 3), np.uint8)
    out[:] = ground
    high, wide, table = max(down - gap, 1), max(across - gap, 1), colour_map()
    for layer in range(layers):
        for head in range(heads):
            small = matrix_order.block_means(attention[layer, head], min(high, wide))
            rows, columns = (np.arange(m) * len(small) // m for m in (high, wide))
            colours = table[matrix_order.colour_indices(small, top)]
            y, x = layer * down, head * across
            out[y : y + high, x : x + wide] = colours[rows][:, columns]
    return out
