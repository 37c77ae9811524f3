"""Bars over an axis of frequencies: the energy of each mode of a graph."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QWidget

from app.widgets.font_sizes import small_font

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from app.theme.palette import Theme
    from sim.array_types import AnyArray, Floats, Ints


MAX_MODES = 200  # more are summed in bins
BIN_COUNT = 100
SAME_FREQUENCY = 1e-6  # of the largest frequency: closer ones count as one
LOG_DECADES = 6  # below the highest, on a logarithmic scale
MIN_HEIGHT_PX = 72
BAR_WIDTHS_PX = (2.0, 12.0)  # smallest and largest
HEADROOM = 1.06  # height of the axis over that of the highest bar
MAX_LEVELS = 5  # on the axis of energies
GAP_PX = 4.0
OVERLAP_SHARE = 0.1  # of the bars may touch their neighbour


@dataclass(frozen=True, slots=True)
class SpectralLines:
    """The distinct frequencies of modes, and the energy at each.

    Attributes
    ----------
    frequency, energy : float, shape (k,)
        Slowest first.
    count : int, shape (k,)
        Number of modes of each frequency.
    binned : bool
        Whether modes of different frequencies were summed.
    """

    frequency: Floats
    energy: AnyArray
    count: Ints
    binned: bool = False

    @staticmethod
    def of(modes: Floats) -> SpectralLines:
        """Sum modes of equal frequency; more than 200 modes are summed in 100 bins.

        Parameters
        ----------
        modes : float, shape (n, 2)
            Frequency and energy, slowest first.
        """
        w, e = modes[:, 0], modes[:, 1]
        top = float(w.max(initial=0.0))
        if len(w) > MAX_MODES and top > 0:
            place = np.minimum((w / top * BIN_COUNT).astype(int), BIN_COUNT - 1)
            at = (np.arange(BIN_COUNT) + 0.5) / BIN_COUNT * top
            sums = np.bincount(place, e, BIN_COUNT)
            counts = np.bincount(place, minlength=BIN_COUNT)
            return SpectralLines(at, sums, counts, binned=True)
        first = np.append(True, np.diff(w) > SAME_FREQUENCY * top)
        place = np.cumsum(first) - 1
        return SpectralLines(w[first], np.bincount(place, e), np.bincount(place))


class BarChart(QWidget):
    """The present energies as bars, and those of the first frame as outlines."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._log = theme, False
        self._now: SpectralLines | None = None
        self._first: SpectralLines | None = None
        self._top = 0.0
        self.setMinimumHeight(MIN_HEIGHT_PX)
        self.setAccessibleName("Energy of each mode")

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        self._theme = theme
        self.update()

    def scale(self, *, log: bool) -> None:
        """Show energies on a logarithmic scale, or a linear one."""
        self._log = log
        self.update()

    def clear(self) -> None:
        """Forget the first frame."""
        self._now = self._first = None
        self._top = 0.0

    def show_spectrum(self, lines: SpectralLines) -> None:
        """Draw the energies in `lines`; the scale only grows until `clear`."""
        if self._first is None or len(self._first.energy) != len(lines.energy):
            self._first, self._top = lines, 0.0
        self._now = lines
        self._top = max(self._top, float(lines.energy.max(initial=0.0)))
        self.setAccessibleDescription(self.description)
        self.update()

    @property
    def spectra(self) -> tuple[SpectralLines, SpectralLines] | None:
        """The present energies and the first ones."""
        if self._now is None or self._first is None:
            return None
        return self._now, self._first

    @property
    def description(self) -> str:
        """The chart in words."""
        if self._now is None:
            return ""
        k = int(np.argmax(self._now.energy))
        w, e = self._now.frequency[k], self._now.energy[k]
        return f"{len(self._now.energy)} bars, the highest {e:.3g} at frequency {w:.3g}"

    def share(self, energy: Floats) -> Floats:
        """Return heights in [0, 1] of energies on the present scale."""
        if self._top <= 0:
            return 0 * energy
        part = energy / (HEADROOM * self._top)
        if not self._log:
            return part
        return np.clip(1 + np.log10(np.maximum(part, 1e-300)) / LOG_DECADES, 0, 1)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw axes and bars."""
        p = QPainter(self)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        p.setFont(small_font(self))
        metrics = QFontMetricsF(p.font())
        left = metrics.horizontalAdvance("0.0000") + GAP_PX
        foot = metrics.height() + GAP_PX
        wide, tall = self.width() - left - 2 * GAP_PX, self.height() - foot - GAP_PX
        box = QRectF(left, GAP_PX, wide, tall)
        p.setPen(QPen(QColor(self._theme.line), 1))
        p.drawLine(box.bottomLeft(), box.bottomRight())
        if self._now is not None and self._first is not None and box.height() > 0:
            self._axes(p, box, self._now)
            self._draw(p, box, self._first, QColor(self._theme.muted), filled=False)
            self._draw(p, box, self._now, QColor(self._theme.accent), filled=True)
        p.end()

    def _axes(self, p: QPainter, box: QRectF, lines: SpectralLines) -> None:
        """Draw the lower axis, and numbers on both axes."""
        sides, muted = Qt.AlignmentFlag, QColor(self._theme.muted)
        for energy in self._levels():
            at = box.bottom() - box.height() * float(self.share(np.array(energy)))
            p.setPen(QPen(QColor(self._theme.line), 1))
            p.drawLine(QPointF(box.left(), at), QPointF(box.right(), at))
            p.setPen(muted)
            word = QRectF(0, at - 10, box.left() - GAP_PX, 20)
            p.drawText(word, sides.AlignRight | sides.AlignVCenter, f"{energy:g}")
        most, wide = float(lines.frequency.max(initial=0.0)), width(lines, box)
        low = QRectF(-20, box.bottom() + GAP_PX, 40, self.height())
        for share in (0.0, 0.5, 0.75, 1.0):
            at = box.left() + wide / 2 + share * (box.width() - wide)
            text = f"{share * most:.3g}" if share % 0.5 == 0 else "ω"
            word = low.translated(at, 0)
            end = share == 1
            word.moveRight(self.width() if end else word.right())
            side = sides.AlignRight if end else sides.AlignHCenter
            p.drawText(word, side, text)

    def _levels(self) -> list[float]:
        """Return the energies that are labelled on the axis."""
        if self._top <= 0:
            return [0.0]
        power = math.floor(math.log10(HEADROOM * self._top))
        if self._log:
            return [10.0 ** (power - k) for k in range(0, LOG_DECADES, 2)]
        top = HEADROOM * self._top
        step = next(s for s in (1, 2, 5) if top / (s * 10**power) <= MAX_LEVELS)
        unit = step * 10.0**power
        return [k * unit for k in range(int(top / unit) + 1)]

    def _draw(
        self,
        p: QPainter,
        box: QRectF,
        lines: SpectralLines,
        ink: QColor,
        *,
        filled: bool,
    ) -> None:
        most = max(float(lines.frequency.max(initial=0.0)), 1e-300)
        wide = width(lines, box)
        p.setPen(Qt.PenStyle.NoPen if filled else QPen(ink, 1))
        p.setBrush(ink if filled else Qt.BrushStyle.NoBrush)
        heights = (box.height() * self.share(lines.energy)).tolist()
        for w, tall in zip(lines.frequency.tolist(), heights, strict=True):
            at = box.left() + w / most * (box.width() - wide)
            p.drawRect(QRectF(at, box.bottom() - tall, wide, tall))


def width(lines: SpectralLines, box: QRectF) -> float:
    """Return the width of a bar at which most do not touch, in pixels."""
    w = lines.frequency / max(float(lines.frequency.max(initial=0.0)), 1e-300)
    room = float(np.quantile(np.diff(w), OVERLAP_SHARE)) if len(w) > 1 else 1.0
    return min(max(0.8 * room * box.width(), BAR_WIDTHS_PX[0]), BAR_WIDTHS_PX[1])
