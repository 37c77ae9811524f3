"""A histogram of cosines from −1 to 1."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from app.annotations.number_format import general, minus
from app.widgets.font_sizes import small_font
from sim.measure.clusters import SAME_CLUSTER_COSINE

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from app.theme.palette import Theme
    from sim.measure.cosines import Histogram

MIN_HEIGHT_PX = 60
MARKER_SIZE_PX = 5.0  # half of a marker of minimum, mean or maximum
SIDE_MARGIN_PX = 10  # for half a number left and right of the bars


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
    def histogram(self) -> Histogram | None:
        """What is drawn."""
        return self._shown

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
