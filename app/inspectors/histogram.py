"""A histogram of cosines from −1 to 1, and bars of entropies."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from app.annotations.number_format import general, minus
from app.widgets.font_sizes import small_font
from sim.measure.clusters import SAME_CLUSTER_COSINE

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from app.theme.palette import Theme
    from sim.measure.cosines import Histogram

MIN_HEIGHT_PX = 96
MARKER_SIZE_PX = 5.0  # half of a marker of minimum, mean or maximum
SIDE_MARGIN_PX = 10  # for half a number left and right of the bars
ROW_HEIGHT_PX, BAR_HEIGHT_PX = 18, 6  # of a row of bars, and of a bar
MAX_ROWS = 4


class CosineHistogram(QWidget):
    """The number of pairs by cosine; minimum, mean and maximum are marked."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._log = theme, False
        self._shown: Histogram | None = None
        self.setMinimumHeight(MIN_HEIGHT_PX)
        self.setAccessibleName("Histogram of cosines")

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        self._theme = theme
        self.update()

    def set_scale(self, *, log: bool) -> None:
        """Show counts on a logarithmic scale, or a linear one."""
        self._log = log
        self.update()

    def show_histogram(self, histogram: Histogram) -> None:
        """Draw `histogram`."""
        self._shown = histogram
        self.setAccessibleDescription(self.description)
        self.update()

    @property
    def description(self) -> str:
        """The histogram in words."""
        h = self._shown
        if h is None or not h.counts.sum():
            return "One token has no pairs."
        share = 100 * h.same / h.counts.sum()
        return (
            f"minimum {h.least:.3g}, mean {h.mean:.3g}, maximum {h.largest:.3g}; "
            f"{share:.3g}% of pairs above {SAME_CLUSTER_COSINE:g}"
        )

    @property
    def heights(self) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        """Height of every bar, the tallest 1."""
        if self._shown is None:
            return np.zeros(0)
        counts = self._shown.counts.astype(float)
        tall = np.log1p(counts) if self._log else counts
        return tall / max(float(tall.max(initial=0.0)), 1e-300)

    def along(self, cosine: float) -> float:
        """Return the horizontal position of a cosine, in pixels."""
        return SIDE_MARGIN_PX + (cosine + 1) / 2 * (self.width() - 2 * SIDE_MARGIN_PX)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw axis, bars, markers and numbers."""
        p = QPainter(self)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        p.setFont(small_font(self))
        line = QFontMetricsF(p.font()).height()
        foot, top = self.height() - line - 2 * MARKER_SIZE_PX - 2, 2 * line + 6
        self._axis(p, foot, line)
        self._columns(p, foot, top)
        if self._shown is not None:
            self._words(p, self._shown, line)
            if self._shown.counts.any():
                self._marks(p, self._shown, foot)
        p.end()

    def _columns(self, p: QPainter, foot: float, top: float) -> None:
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(QColor(self._theme.sky))
        heights = self.heights
        borders = np.linspace(-1, 1, len(heights) + 1)
        edges = [self.along(at) for at in borders.tolist()]
        for k in np.flatnonzero(heights).tolist():
            tall = max(float(heights[k]) * (foot - top), 1.5)
            wide = max(edges[k + 1] - edges[k] - 0.6, 1.0)
            p.drawRect(QRectF(edges[k], foot - tall, wide, tall))

    def _axis(self, p: QPainter, foot: float, line: float) -> None:
        p.setPen(QPen(QColor(self._theme.line), 1))
        p.drawLine(QPointF(self.along(-1), foot), QPointF(self.along(1), foot))
        dash = QPen(QColor(self._theme.warn), 1, Qt.PenStyle.DashLine)
        p.setPen(dash)
        at = self.along(SAME_CLUSTER_COSINE)
        p.drawLine(QPointF(at, 2 * line), QPointF(at, foot))
        p.setPen(QColor(self._theme.muted))
        for v in (-1.0, -0.5, 0.0, 0.5, 1.0):
            box = QRectF(self.along(v) - 24, self.height() - line, 48, line)
            box.moveRight(min(box.right(), self.width() + 14))
            word = general(v)
            p.drawText(box, Qt.AlignmentFlag.AlignHCenter, word)

    def _marks(self, p: QPainter, h: Histogram, foot: float) -> None:
        """Draw ◂ at the minimum, ▴ at the mean and ▸ at the maximum."""
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(QColor(self._theme.text))
        t = MARKER_SIZE_PX
        shapes = {
            h.least: [(0, t), (t, 0), (t, 2 * t)],
            h.largest: [(0, t), (-t, 0), (-t, 2 * t)],
            h.mean: [(0, 0), (-t, 2 * t), (t, 2 * t)],
        }
        for value, corners in shapes.items():
            at = QPointF(self.along(value), foot + 1)
            p.drawPolygon(QPolygonF([at + QPointF(*c) for c in corners]))

    def _words(self, p: QPainter, h: Histogram, line: float) -> None:
        p.setPen(QColor(self._theme.text))
        first = QRectF(0, 0, self.width(), line)
        total = int(h.counts.sum())
        if not total:
            p.drawText(first, self.description)
            return
        words = (f"min {h.least:.3f}", f"mean {h.mean:.3f}", f"max {h.largest:.3f}")
        sides = Qt.AlignmentFlag
        places = (sides.AlignLeft, sides.AlignHCenter, sides.AlignRight)
        for word, side in zip(words, places, strict=True):
            p.drawText(first, side, minus(word))
        p.setPen(QColor(self._theme.warn))
        over = f"{100 * h.same / total:.3g}% > {SAME_CLUSTER_COSINE:g}".replace(
            "0.999", ".999"
        )
        p.drawText(first.translated(0, line), sides.AlignRight, over)
        p.setPen(QColor(self._theme.muted))
        scale = "log scale, " if self._log else ""
        most = f"{scale}tallest bar: {int(h.counts.max()):,} of {total:,}"
        p.drawText(first.translated(0, line), sides.AlignLeft, most)


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
