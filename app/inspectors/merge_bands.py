"""The drawing of clusters over time: F̂ with its plateaus, bands, and the tree."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QToolTip, QWidget

from app.annotations.hat import split
from app.inspectors.heatmap_painting import coloured
from app.inspectors.merge_history import GONE, plateau_text
from app.inspectors.time_axis import TimeAxis
from app.theme.palette import rgb, token_colours
from app.widgets import hats
from app.widgets.font_sizes import small_font

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QImage, QMouseEvent, QPaintEvent

    from app.inspectors.merge_history import LabelledPlateau, MergeHistory
    from app.theme.palette import Theme

CURVE_SHARE = 0.36  # of the height, for the curve of F̂
FOOTER_PX, GAP_PX = 18.0, 6.0  # for the times, and between curve and bands
HEADROOM = 1.15  # of the axis of F̂
MERGE_REACH_PX = 6.0  # within which a click goes to a merge
TREE_OPACITY = 0.75
MIN_LABEL_GAP_PX = 6.0
LABEL_OPACITY = 0.8  # of the ground of a label
MIN_BRACKET_PX = 4.0  # of a merge: shorter brackets hide the bands
TICK_PX = 3.0  # of the tree, towards each part


class MergeBands(QWidget):
    """Draws a `MergeHistory`; click to go to a time, or to the merge beside it.

    Attributes
    ----------
    log : bool
        Whether time is on a logarithmic axis.
    """

    time_chosen = Signal(float)
    merge_chosen = Signal(int)
    """The number of a merge that lasts."""
    token_hovered = Signal(int)
    """The id of the token under the mouse; -1 for none."""

    def __init__(self, theme: Theme, describe: Callable[[float, int], str]) -> None:
        super().__init__()
        self._theme, self._describe = theme, describe
        self._history: MergeHistory | None = None
        self._now, self._text = 0.0, ""
        self._chosen: tuple[int, ...] = ()
        self.log = False
        self.setMinimumSize(160, 96)
        self.setMouseTracking(True)
        self.setAccessibleName("Clusters over time")

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        self._theme = theme
        self.update()

    def show_history(self, history: MergeHistory | None, now: float, text: str) -> None:
        """Draw a history with the time `now`; without one, the text."""
        self._history, self._now, self._text = history, now, text
        self.update()

    def choose(self, tokens: tuple[int, ...]) -> None:
        """Mark the rows of `tokens`."""
        self._chosen = tokens
        self.update()

    @property
    def axis(self) -> TimeAxis:
        """Where times are."""
        t = np.zeros(0) if self._history is None else self._history.t
        return TimeAxis.of(t, self.width(), log=self.log)

    @property
    def curve_box(self) -> QRectF:
        """Where F̂ is drawn."""
        high = CURVE_SHARE * (self.height() - FOOTER_PX)
        return QRectF(0, 0, self.width(), high)

    @property
    def band_box(self) -> QRectF:
        """Where the bands are drawn."""
        top = self.curve_box.bottom() + GAP_PX
        return QRectF(0, top, self.width(), self.height() - FOOTER_PX - top)

    def merge_at(self, x: float) -> int | None:
        """Return the number of the merge at a position; None if none is near."""
        history = self._history
        if history is None or not len(history.times):
            return None
        away = np.abs(self.axis.x_of(history.times) - x)
        nearest = int(away.argmin())
        return nearest if away[nearest] <= MERGE_REACH_PX else None

    def token_at(self, at: QPointF) -> int | None:
        """Return the id of the token whose band is at a position."""
        box, history = self.band_box, self._history
        if history is None or not box.contains(at):
            return None
        row = int((at.y() - box.y()) / box.height() * len(history.tokens))
        return int(history.tokens[min(row, len(history.tokens) - 1)])

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Go to the merge at the mouse, or to its time."""
        if self._history is not None:
            near = self.merge_at(event.position().x())
            t = float(self.axis.time_at(event.position().x()))
            if near is None:
                self.time_chosen.emit(t)
            else:
                self.merge_chosen.emit(near)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Say what is under the mouse."""
        token = self.token_at(event.position())
        self.token_hovered.emit(-1 if token is None else token)
        if self._history is not None:
            x = event.position().x()
            near = self.merge_at(x)
            t = float(self.axis.time_at(x))
            text = self._describe(t, -1 if near is None else near)
            QToolTip.showText(event.globalPosition().toPoint(), text, self)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        """Hide the tooltip."""
        super().leaveEvent(event)
        QToolTip.hideText()
        self.token_hovered.emit(-1)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw it all, or the text in place of it."""
        p = QPainter(self)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        p.setFont(small_font(self))
        if self._history is None:
            p.setPen(QColor(self._theme.muted))
            how = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            p.drawText(
                QRectF(self.rect()).adjusted(16, 0, -16, 0), int(how), self._text
            )
        else:
            self._paint(p, self._history)
        p.end()

    def _paint(self, p: QPainter, history: MergeHistory) -> None:
        p.drawImage(self.band_box, self._bands(history))
        self._paint_tree(p, history)
        self._paint_chosen(p, history)
        self._paint_curve(p, history)
        self._paint_times(p)
        p.setPen(QPen(QColor(self._theme.text), 1, Qt.PenStyle.DotLine))
        x = float(self.axis.x_of(self._now))
        p.drawLine(QPointF(x, 0), QPointF(x, self.band_box.bottom()))

    def _bands(self, history: MergeHistory) -> QImage:
        """Return the colour of every token, in rows, at every pixel of the width."""
        wide = max(round(self.width() * self.devicePixelRatioF()), 1)
        t = self.axis.time_at((np.arange(wide) + 0.5) * self.width() / wide)
        sample = np.searchsorted(history.t, t * (1 + 1e-12), side="right") - 1
        numbers = history.colours[history.partition[np.maximum(sample, 0)]].T
        flat = token_colours(self._theme, numbers.reshape(-1))[:, :3]
        flat[numbers.reshape(-1) == GONE] = rgb(self._theme.panel)
        pixels = (flat * 255).round().astype(np.uint8).reshape(*numbers.shape, 3)
        return coloured(pixels)

    def _paint_tree(self, p: QPainter, history: MergeHistory) -> None:
        """Draw a line from part to part at every merge that lasts."""
        box, count = self.band_box, len(history.tokens)
        ink = QColor(self._theme.text)
        ink.setAlphaF(TREE_OPACITY)
        p.setPen(QPen(ink, 1.2))
        for merge, x in zip(history.merges, self.axis.x_of(history.times), strict=True):
            middles = [float(part.mean() + 0.5) for part in merge.parts]
            heights = [box.y() + box.height() * m / count for m in middles]
            if max(heights) - min(heights) < MIN_BRACKET_PX:
                continue
            p.drawLine(QPointF(x, min(heights)), QPointF(x, max(heights)))
            for y in heights:
                p.drawLine(QPointF(x - TICK_PX, y), QPointF(x, y))

    def _paint_chosen(self, p: QPainter, history: MergeHistory) -> None:
        box, count = self.band_box, len(history.tokens)
        p.setPen(QPen(QColor(self._theme.accent), 1.5))
        for row in np.flatnonzero(np.isin(history.tokens, self._chosen)).tolist():
            y = box.y() + box.height() * (row + 0.5) / count
            p.drawLine(QPointF(box.left(), y), QPointF(box.right(), y))

    def _paint_curve(self, p: QPainter, history: MergeHistory) -> None:
        known = np.isfinite(history.f_hat)
        if not known.any():
            return
        box, top = self.curve_box, HEADROOM * float(history.f_hat[known].max())
        x, y = self.axis.x_of(history.t[known]), history.f_hat[known] / top
        points = [
            QPointF(a, box.bottom() - b * box.height())
            for a, b in zip(x.tolist(), y.tolist(), strict=True)
        ]
        p.setPen(QPen(QColor(self._theme.muted), 1.2))
        p.drawPolyline(QPolygonF(points))
        right = -MIN_LABEL_GAP_PX
        for plateau in history.plateaus:
            right = self._paint_plateau(p, plateau, top, right)

    def _paint_plateau(
        self, p: QPainter, plateau: LabelledPlateau, top: float, right: float
    ) -> float:
        """Draw one plateau with its label, if it is free; return where labels end."""
        box = self.curve_box
        left, end = self.axis.x_of(np.array([plateau.start, plateau.end])).tolist()
        y = box.bottom() - plateau.level / top * box.height()
        p.setPen(QPen(QColor(self._theme.accent), 2.5))
        p.drawLine(QPointF(left, y), QPointF(max(end, left + 2), y))
        text, hatted = split(plateau_text(plateau))
        metrics = QFontMetricsF(p.font())
        wide = metrics.horizontalAdvance(text)
        at = min(max((left + end - wide) / 2, 0.0), self.width() - wide)
        if at < right + MIN_LABEL_GAP_PX:
            return right
        above = y - metrics.height() - 2
        place = above if above >= 0 else y + 3
        room = QRectF(at, place, wide + 2, metrics.height())
        ground = QColor(self._theme.panel)
        ground.setAlphaF(LABEL_OPACITY)
        p.fillRect(room, ground)
        p.setPen(QColor(self._theme.text))
        p.drawText(room, Qt.TextFlag.TextDontClip, text)
        hats.paint(p, room, text, hatted, p.font())
        return at + wide

    def _paint_times(self, p: QPainter) -> None:
        axis, metrics = self.axis, QFontMetricsF(p.font())
        p.setPen(QColor(self._theme.muted))
        for t, text in axis.ticks():
            wide = metrics.horizontalAdvance(text)
            x = min(max(float(axis.x_of(t)) - wide / 2, 0.0), self.width() - wide)
            box = QRectF(x, self.height() - FOOTER_PX + 2, wide + 2, FOOTER_PX)
            p.drawText(box, text)
