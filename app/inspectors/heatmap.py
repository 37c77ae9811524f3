"""A matrix as a heatmap: tokens' colours, borders of clusters, a colour scale."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter
from PySide6.QtWidgets import QWidget

from app.inspectors.heatmap_painting import (
    MARGIN_PX,
    HeatmapLines,
    colour_table,
    cosine_text,
    indexed,
    paint_scale,
    scale_colours,
    scale_ends,
)
from app.scene.matrix_order import block_means
from app.scene.scene_info import token_text
from app.widgets.font_sizes import small_font

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent, QPaintEvent

    from app.scene.matrix_order import MatrixImage
    from app.theme.palette import Theme
    from sim.array_types import AnyArray


FOOTER_PX = 26  # room for the colour scale
MIN_SIDE_PX = 92  # so that two curves and a matrix fit into 432 pixels
MAX_CUTS = 24  # with more clusters, no lines are drawn between them
EMPTY_TEXT = (
    "This law has no attention matrix and no graph, so there is nothing to show here."
)


class Heatmap(QWidget):
    """Draws the matrix that it was given last."""

    row_chosen = Signal(int)
    pair_hovered = Signal(tuple)
    """The two tokens of the cell under the mouse, or none."""
    value_read = Signal(str)
    """What its cell says; empty without one."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._image: MatrixImage | None = None
        self._names: tuple[str, ...] = ()
        self._cells, self._top = QImage(), 1.0
        self._edge = np.zeros((0, 3), np.uint8)
        self._chosen: tuple[int, ...] = ()
        self._pinned: tuple[int, ...] = ()
        self._lit: tuple[int, ...] = ()
        self._mouse_at: QPointF | None = None
        self._ids = np.zeros(0, np.int64)
        self._empty = ""
        self.setMinimumSize(MIN_SIDE_PX, MIN_SIDE_PX)
        self.setMouseTracking(True)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        self._theme = theme
        if self._image is not None:
            self._paint_cells(self._image)
        self.update()

    def choose(self, tokens: tuple[int, ...]) -> None:
        """Mark the rows and columns of `tokens`, and fade the others."""
        if tokens != self._chosen:
            self._chosen = tokens
            self.update()

    def pin(self, tokens: tuple[int, ...]) -> None:
        """Mark the rows of `tokens` until they are unpinned."""
        if tokens != self._pinned:
            self._pinned = tokens
            self.update()

    def light(self, tokens: tuple[int, ...]) -> None:
        """Frame row and column of a token, or of a pair."""
        if tokens != self._lit:
            self._lit = tokens
            self.update()

    @property
    def lit_lines(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The rows and the columns that are lit up, as places in the matrix.

        Of one token both; of a pair the row of the first, the column of the second.
        """
        if self._image is None or not self._lit:
            return (), ()
        ids = self._ids[self._image.tokens]
        rows, columns = (
            tuple(np.flatnonzero(ids == token).tolist())
            for token in (self._lit[0], self._lit[-1])
        )
        return rows, columns

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
        image : MatrixImage or None
            The matrix, in order.
        names : tuple of str
            Names, or nothing.
        colours : float, shape (n, 4)
            The colour of each token.
        ids : int, shape (n,), optional
            By which tokens are chosen; by default their rows.
        """
        self._image, self._names = image, names
        self._ids = np.arange(len(colours)) if ids is None else ids
        self._empty = EMPTY_TEXT if image is None else ""
        if image is not None:
            self._edge = (colours[image.tokens, :3] * 255).round().astype(np.uint8)
            self._top = image.limit
            self._paint_cells(image)
        if self._mouse_at is not None:
            self._report_hover()  # the cell under the mouse has another value
        self.setAccessibleDescription(self._empty)
        self.update()

    def _paint_cells(self, image: MatrixImage) -> None:
        pixels = round(self._box().width() * self.devicePixelRatioF())
        means = block_means(image.values, pixels)
        indices = image.indices(means, self._top)
        self._cells = indexed(indices, colour_table(image.colours(self._theme)))

    @property
    def _footer(self) -> float:
        """The room for the colour scale, with the words at its ends."""
        return max(FOOTER_PX, QFontMetricsF(small_font(self)).height() + 4)

    def _box(self) -> QRectF:
        """Return the rectangle of the cells."""
        side = max(min(self.width(), self.height() - self._footer), 1)
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
        """Return what the cell at a position says; empty outside the cells."""
        pair = self.pair_at(at)
        if self._image is None or pair is None:
            return ""
        image = self._image
        value = float(image.values[pair])
        a, b = (self._name(int(image.tokens[k])) for k in pair)
        if image.graph:
            return f"{a} – {b}: {'joined' if value else 'not joined'}"
        if image.cosines:
            return cosine_text(a, b, value)
        return f"{a} → {b}: {value:.3g}"

    def _name(self, row: int) -> str:
        return token_text(int(self._ids[row]), row, self._names)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Report what is under the mouse."""
        self._mouse_at = event.position()
        self._report_hover()

    def _report_hover(self) -> None:
        at = self._mouse_at
        pair = None if at is None else self.pair_at(at)
        self.value_read.emit("" if at is None else self.text_at(at))
        tokens: tuple[int, ...] = ()
        if pair is not None and self._image is not None:
            tokens = tuple(self._ids[self._image.tokens[list(pair)]].tolist())
        if tokens != self._lit:
            self.pair_hovered.emit(tokens)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        """Report that the mouse is on no cell."""
        super().leaveEvent(event)
        self._mouse_at = None
        self._report_hover()

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
        lines = HeatmapLines(box, n)
        lines.colours(p, self._edge)
        if len(image.lines) < MAX_CUTS:
            lines.cuts(p, image.lines, self._theme.panel)
        self._paint_tokens(p, image, box)
        if not image.graph:
            ends = scale_ends(image, self._top)
            table = colour_table(image.colours(self._theme))
            p.setFont(small_font(self))
            p.setPen(QColor(self._theme.muted))
            paint_scale(p, box, ends, scale_colours(image, self._top, table))

    def _paint_tokens(self, p: QPainter, image: MatrixImage, box: QRectF) -> None:
        """Frame the rows and columns of tokens that are pinned, chosen or lit up."""
        ids, theme = self._ids[image.tokens], self._theme
        chosen = np.flatnonzero(np.isin(ids, self._chosen)).tolist()
        pinned = np.flatnonzero(np.isin(ids, self._pinned)).tolist()
        lines = HeatmapLines(box, len(ids))
        if chosen and not image.graph:
            lines.fade_others(p, chosen, theme.panel)
        lines.frame(p, pinned, [], theme.muted, 1.0)
        lines.frame(p, chosen, chosen, theme.accent, 1.0)
        lines.frame(p, *self.lit_lines, theme.text, 1.0)

    def _paint_text(self, p: QPainter, text: str) -> None:
        p.setPen(QColor(self._theme.muted))
        how = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        p.drawText(QRectF(self.rect()).adjusted(16, 0, -16, 0), int(how), text)
