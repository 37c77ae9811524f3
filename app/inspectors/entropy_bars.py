"""Bars of the entropy of attention, one for each head."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter
from PySide6.QtWidgets import QWidget

from app.widgets.font_sizes import small_font

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from app.theme.palette import Theme

ROW_HEIGHT_PX, BAR_HEIGHT_PX = 18, 6  # of a row of bars, and of a bar
MAX_ROWS = 4


class EntropyBars(QWidget):
    """A bar for every head: its entropy, as a share of the largest possible one."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._values = theme, ()
        self.most = 0.0
        """log n, the entropy of uniform attention."""
        self.setAccessibleName("Entropy of attention by head")

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        self._theme = theme
        self.update()

    def show_entropies(self, values: tuple[float, ...], tokens: int) -> None:
        """Draw the entropies of heads, in nats, over so many tokens."""
        if len(values) != len(self._values):
            self.updateGeometry()
        self._values: tuple[float, ...] = values
        self.most = math.log(tokens)
        texts = (f"head {k}: {v:.3f}" for k, v in enumerate(values, start=1))
        self.setAccessibleDescription("; ".join(texts))
        self.update()

    @property
    def shares(self) -> list[float]:
        """Length of every bar; 1 is log n."""
        return [v / self.most if self.most else 0.0 for v in self._values]

    @property
    def _grid(self) -> tuple[int, int]:
        """Number of rows and of columns."""
        columns = 1 << math.ceil(math.log2(max(1, -(-len(self._values) // MAX_ROWS))))
        return -(-len(self._values) // columns), columns

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return room for every row."""
        line = max(ROW_HEIGHT_PX, QFontMetricsF(small_font(self)).height() + 2)
        return QSize(160, round(max(self._grid[0], 1) * line))

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Return the same as `sizeHint`."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw the bars."""
        p = QPainter(self)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        p.setFont(small_font(self))
        rows, columns = self._grid
        wide, high = self.width() / columns, self.height() / max(rows, 1)
        for k, value in enumerate(self._values):
            box = QRectF(k // rows * wide, k % rows * high, wide - 8, high)
            self._bar(p, k, value, box)
        p.end()

    def _bar(self, p: QPainter, head: int, value: float, box: QRectF) -> None:
        metrics, sides = QFontMetricsF(p.font()), Qt.AlignmentFlag
        many = len(self._values) > 1
        left = metrics.horizontalAdvance("16") + 6 if many else 0.0
        right = metrics.horizontalAdvance("0.00") + 8
        p.setPen(QColor(self._theme.muted))
        if many:
            p.drawText(box, sides.AlignVCenter | sides.AlignLeft, str(head + 1))
        p.setPen(QColor(self._theme.text))
        p.drawText(box, sides.AlignVCenter | sides.AlignRight, f"{value:.2f}")
        track = box.adjusted(left, (box.height() - BAR_HEIGHT_PX) / 2, -right, 0)
        track.setHeight(BAR_HEIGHT_PX)
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(QColor(self._theme.line))
        p.drawRoundedRect(track, BAR_HEIGHT_PX / 2, BAR_HEIGHT_PX / 2)
        ink = self._theme.clusters[head] if many else self._theme.sky
        p.setBrush(QColor(ink))
        track.setWidth(max(track.width() * min(self.shares[head], 1.0), 0.0))
        p.drawRoundedRect(track, BAR_HEIGHT_PX / 2, BAR_HEIGHT_PX / 2)
