"""A heatmap with the names of tokens beside its rows and above its columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF

from app.inspectors.heatmap import Heatmap
from app.inspectors.heatmap_painting import MARGIN_PX
from app.widgets.font_sizes import small_font

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from app.scene.matrix_order import MatrixImage

MAX_NAME_SHARE = 0.3  # of the smaller side, for the longest name
GAP_PX = 4.0  # between a name and the colours of tokens
MIN_PITCH = 0.95  # of a line's height: closer names are left out


class NamedHeatmap(Heatmap):
    """Names every row and column that has room, and those that are lit up."""

    def _box(self) -> QRectF:
        room = self._name_room()
        edge = MARGIN_PX + room
        side = max(min(self.width() - edge, self.height() - edge - self._footer), 1.0)
        left = edge + max(self.width() - edge - side, 0.0) / 2
        return QRectF(left, edge, side, side)

    def _name_room(self) -> float:
        """Return the room for names, in pixels: of the longest, within a limit."""
        metrics = QFontMetricsF(small_font(self))
        image = self._image
        names = [] if image is None else [self._name(int(k)) for k in image.tokens]
        longest = max((metrics.horizontalAdvance(n) for n in names), default=0.0)
        return min(longest + GAP_PX, MAX_NAME_SHARE * min(self.width(), self.height()))

    def _paint(self, p: QPainter, image: MatrixImage) -> None:
        super()._paint(p, image)
        p.setFont(small_font(self))
        box, n = self._box(), len(image.tokens)
        pitch, line = box.height() / max(n, 1), QFontMetricsF(p.font()).height()
        every = 1
        while pitch * every < MIN_PITCH * line:
            every += 1
        rows, columns = self.lit_lines
        for lit, down in ((rows, True), (columns, False)):
            shown = [
                k for k in range(0, n, every) if all(_far(k, j, every) for j in lit)
            ]
            for k in (*shown, *lit):
                ink = self._theme.text if k in lit else self._theme.muted
                p.setPen(QColor(ink))
                self._write(p, self._name(int(image.tokens[k])), k, pitch, down)

    def _write(self, p: QPainter, name: str, k: int, pitch: float, down: bool) -> None:
        """Write the name of row `k`, or with `down` false that of a column."""
        box, metrics = self._box(), QFontMetricsF(p.font())
        room = self._name_room() - GAP_PX
        text = metrics.elidedText(name, Qt.TextElideMode.ElideRight, room)
        middle, line = (k + 0.5) * pitch, metrics.height()
        p.save()
        if down:
            p.translate(QPointF(box.left() - MARGIN_PX - GAP_PX, box.top() + middle))
            at = QRectF(-room - 1, -line / 2, room + 1, line)
            side = Qt.AlignmentFlag.AlignRight
        else:
            p.translate(QPointF(box.left() + middle, box.top() - MARGIN_PX - GAP_PX))
            p.rotate(-90)
            at = QRectF(0, -line / 2, room + 1, line)
            side = Qt.AlignmentFlag.AlignLeft
        p.drawText(at, side | Qt.AlignmentFlag.AlignVCenter, text)
        p.restore()


def _far(k: int, lit: int, every: int) -> bool:
    """Return whether the name of line `k` does not touch that of the line `lit`."""
    return abs(k - lit) >= every
