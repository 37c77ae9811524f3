"""The picture of a matrix: coloured edges, cuts between clusters, a scale."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPen
from PySide6.QtWidgets import QToolTip, QWidget

from app.inspectors import matrix_order
from app.theme.palette import colour_map
from app.widgets.font_sizes import small_font

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent, QPaintEvent

    from app.inspectors.matrix_order import Sheet
    from app.theme.palette import Theme
    from sim.array_types import AnyArray


STRIP, GAP = 6, 3  # pixels: colours of tokens beside the matrix
BAR, FOOT = 8, 26  # pixels: height of the scale, and room for it
LEAST = 140  # pixels
FEW_CUTS = 24  # clusters, above which no lines are drawn
CUT = 0.35  # opacity of the lines between clusters
NOTHING = (
    "This law has no attention matrix and no graph, so there is nothing to show here."
)


class HeatMap(QWidget):
    """Draws the sheet that it was given last."""

    row_chosen = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._sheet: Sheet | None = None
        self._names: tuple[str, ...] = ()
        self._cells, self._top = QImage(), 1.0
        self._edge = np.zeros((0, 3), np.uint8)
        self._chosen: tuple[int, ...] = ()
        self._empty = ""
        self._table = [
            0xFF000000 | r << 16 | g << 8 | b for r, g, b in colour_map().tolist()
        ]
        self.setMinimumSize(LEAST, LEAST)
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

    def show_sheet(
        self, sheet: Sheet | None, names: tuple[str, ...], colours: AnyArray
    ) -> None:
        """Draw `sheet`; without one, say that there is nothing to see.

        Parameters
        ----------
        sheet : Sheet or None
            The matrix, in order.
        names : tuple of str
            What the tokens are called, or nothing.
        colours : float, shape (n, 4)
            The colour of each token.
        """
        self._sheet, self._names = sheet, names
        self._empty = NOTHING if sheet is None else ""
        if sheet is not None:
            self._edge = (colours[sheet.tokens, :3] * 255).round().astype(np.uint8)
            self._top = matrix_order.top_of(sheet.values)
            self._paint_cells(sheet)
        self.setAccessibleDescription(self._empty)
        self.update()

    def _paint_cells(self, sheet: Sheet) -> None:
        pixels = round(self._box().width() * self.devicePixelRatioF())
        shades = matrix_order.shades(
            matrix_order.pooled(sheet.values, pixels), self._top
        )
        self._cells = _indexed(shades, self._table)

    def height_for(self, width: int) -> int:
        """Return the height at which the cells fill `width`."""
        return width + FOOT

    def _box(self) -> QRectF:
        """Return where the cells are."""
        side = max(min(self.width(), self.height() - FOOT), 1)
        left, edge = (self.width() - side) / 2, STRIP + GAP
        return QRectF(left + edge, edge, max(side - edge, 1), max(side - edge, 1))

    def pair_at(self, at: QPointF) -> tuple[int, int] | None:
        """Return the row and column at a place of the widget."""
        box = self._box()
        if self._sheet is None or not box.contains(at):
            return None
        n = len(self._sheet.tokens)
        row = int((at.y() - box.y()) / box.height() * n)
        column = int((at.x() - box.x()) / box.width() * n)
        return min(row, n - 1), min(column, n - 1)

    def text_at(self, at: QPointF) -> str:
        """Return what is said of a place of the widget; nothing outside the cells."""
        pair = self.pair_at(at)
        if self._sheet is None or pair is None:
            return ""
        value = float(self._sheet.values[pair])
        a, b = (self._name(int(self._sheet.tokens[k])) for k in pair)
        if self._sheet.graph:
            return f"{a} – {b}: {'joined' if value else 'not joined'}"
        return f"{a} → {b}: {value:.3g}"

    def _name(self, token: int) -> str:
        return self._names[token] if self._names else f"token {token + 1}"

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Say what is under the mouse."""
        text = self.text_at(event.position())
        QToolTip.showText(event.globalPosition().toPoint(), text, self)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        """Say nothing more."""
        super().leaveEvent(event)
        QToolTip.hideText()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Choose the row under the mouse."""
        pair = self.pair_at(event.position())
        if pair is not None and self._sheet is not None:
            self.row_chosen.emit(int(self._sheet.tokens[pair[0]]))

    def resizeEvent(self, event: Any) -> None:  # noqa: N802
        """Pool anew for the pixels that there are."""
        super().resizeEvent(event)
        if self._sheet is not None:
            self._paint_cells(self._sheet)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw all."""
        painter = QPainter(self)
        try:
            if self._sheet is None:
                self._say(painter, self._empty)
            else:
                self._paint(painter, self._sheet)
        finally:
            painter.end()

    def _paint(self, p: QPainter, sheet: Sheet) -> None:
        box, n = self._box(), len(sheet.tokens)
        p.drawImage(box, self._cells)
        across = QRectF(box.x(), box.y() - STRIP - GAP, box.width(), STRIP)
        down = QRectF(box.x() - STRIP - GAP, box.y(), STRIP, box.height())
        p.drawImage(across, _coloured(self._edge[None]))
        p.drawImage(down, _coloured(self._edge[:, None]))
        line = QColor(self._theme.panel)
        line.setAlphaF(CUT)
        p.setPen(QPen(line, 1))
        for cut in sheet.cuts.tolist() if len(sheet.cuts) < FEW_CUTS else []:
            s = box.width() * cut / n
            p.drawLine(box.topLeft() + QPointF(s, 0), box.bottomLeft() + QPointF(s, 0))
            p.drawLine(box.topLeft() + QPointF(0, s), box.topRight() + QPointF(0, s))
        self._paint_chosen(p, sheet, box)
        if not sheet.graph:
            self._paint_scale(p, sheet, box)

    def _paint_chosen(self, p: QPainter, sheet: Sheet, box: QRectF) -> None:
        p.setPen(QPen(QColor(self._theme.accent), 1.5))
        p.setBrush(Qt.BrushStyle.NoBrush)
        cell = box.height() / len(sheet.tokens)
        for row in np.flatnonzero(np.isin(sheet.tokens, self._chosen)).tolist():
            top, high = box.y() + row * cell, max(cell, 2.0)
            p.drawRect(
                QRectF(box.x() - STRIP - GAP, top, box.width() + STRIP + GAP, high)
            )

    def _paint_scale(self, p: QPainter, sheet: Sheet, box: QRectF) -> None:
        font = small_font(self)
        p.setFont(font)
        p.setPen(QColor(self._theme.muted))
        above = float(sheet.values.max(initial=0.0)) > self._top * (1 + 1e-9)
        high = f"{'≥ ' if above else ''}{self._top:.3g}"
        metrics = QFontMetricsF(font)
        left = metrics.horizontalAdvance("0") + 8
        right = metrics.horizontalAdvance(high) + 8
        y, middle = box.bottom() + 9, Qt.AlignmentFlag.AlignVCenter
        words = QRectF(box.x(), y - 5, box.width(), 18)
        p.drawText(words, Qt.AlignmentFlag.AlignLeft | middle, "0")
        p.drawText(words, Qt.AlignmentFlag.AlignRight | middle, high)
        ramp = matrix_order.shades(np.linspace(0, self._top, 256)[None], self._top)
        bar = QRectF(box.x() + left, y, box.width() - left - right, BAR)
        p.drawImage(bar, _indexed(ramp, self._table))

    def _say(self, p: QPainter, text: str) -> None:
        p.setPen(QColor(self._theme.muted))
        how = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        p.drawText(QRectF(self.rect()).adjusted(16, 0, -16, 0), int(how), text)


def _indexed(shades: AnyArray, table: list[int]) -> QImage:
    """Return a picture of its own memory: uint8 (h, w)."""
    h, w = shades.shape
    out = QImage(shades.data, w, h, w, QImage.Format.Format_Indexed8)
    out.setColorTable(table)
    return out.copy()


def _coloured(pixels: AnyArray) -> QImage:
    """Return a picture of its own memory: uint8 (h, w, 3)."""
    h, w = pixels.shape[:2]
    data = np.ascontiguousarray(pixels)
    return QImage(data.data, w, h, 3 * w, QImage.Format.Format_RGB888).copy()
